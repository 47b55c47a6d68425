// @ts-check
// The keys of a stage: what each does, and where it is left to what has the focus.

import { append, button } from "./elements.js";
import { showAt } from "./popup.js";

/** @typedef {"next" | "before" | "play" | "guess" | "map" | "help" | "close"} Act */

/** @type {[string[], Act, string][]} */
const KEYS = [
  [["PageDown", "n"], "next", "PageDown or n: the next lab"],
  [["PageUp", "p"], "before", "PageUp or p: the lab before"],
  [[" "], "play", "Space: play the film, or stop it"],
  [["g"], "guess", "g: the guesses that this lab decides, and back to the lab"],
  [["m"], "map", "m: the map of all settings"],
  [["?"], "help", "?: this list"],
  [["f"], "close", "Escape or f: back to the page"],
];
const OWN_SPACE = "button, select, textarea, input:not([type=range]), a, summary"; // Space presses them

// What a key does on a stage: page keys wherever the focus is, for a presenter's remote sends them; letters where nobody
// types; Space where it presses nothing. Null: it is none of the stage's.
/** @type {(event: KeyboardEvent, typing: boolean, pressing?: boolean) => Act | null} */
export function stageAct(event, typing, pressing = false) {
  const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
  if (ctrlKey || altKey || metaKey || (shiftKey && key !== "?")) return null;
  if ((typing && key.length === 1) || (pressing && key === " ")) return null;
  return KEYS.find(([keys]) => keys.includes(key))?.[1] ?? null;
}

/** @type {(target: EventTarget | null) => boolean} */
export const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("select, textarea, input:not([type=range], [type=radio])"));

/** @type {(target: EventTarget | null) => boolean} */
export const isPressing = (target) => target instanceof HTMLElement && target.matches(OWN_SPACE);

// A button that shows all keys; the function does so, too. Escape closes the list before the stage: it is an "auto" popover.
/** @type {(bar: HTMLElement) => { show: HTMLButtonElement, toggle: () => void }} */
export function addKeyList(bar) {
  const list = append(bar, "div", "optlab-menu optlab-keys");
  list.popover = "auto";
  for (const [, , words] of KEYS) append(list, "div").textContent = words;
  const show = button(bar, null, "The keys (?)", () => {});
  show.popoverTargetElement = list;
  show.textContent = "?";
  show.setAttribute("aria-expanded", "false");
  list.addEventListener("toggle", (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    show.setAttribute("aria-expanded", String(open));
    if (open) showAt(list, show);
  });
  return { show, toggle: () => void list.togglePopover() };
}
