// @ts-check
// The stage: one lab over the whole window. It is a second view of the same lab, so that JupyterLab's cells stay where
// they are, labs that are not on the page are reached as well, and nothing of it needs the kernel.
/** @import { LabPlace, LabTools, Manager, WidgetView } from "./types" */

import { openStage, STAGE_CHANGED } from "./covered.js";
import { append, button, label } from "./elements.js";
import { ICONS } from "./icons.js";
import { labsHere } from "./stage_labs.js";
import { keepArranged } from "./stage_layout.js";

const KEYS = new Map([["PageDown", 1], ["PageUp", -1], ["n", 1], ["p", -1]]);

/**
 * @typedef {{
 *   manager: Manager, dialog: HTMLDialogElement, room: HTMLElement, words: HTMLElement, before: HTMLElement, after: HTMLElement, map: HTMLElement,
 *   labs: LabPlace[], first: number, at: number, view: WidgetView | null, turn: number, stop: () => void,
 * }} Stage
 */

/** @type {(lab: LabTools) => () => void} */
export function addStage({ model, row, box }) {
  const id = model.get("lab");
  const manager = /** @type {Manager} */ (model.widget_manager);
  box.dataset.lab = id;
  if (!id || typeof manager?.create_view !== "function") return () => {};
  const opener = button(row, ICONS.stage, "", () => toggle(manager, id));
  opener.classList.add("optlab-opener");
  const show = () => {
    const on = openStage()?.dataset.lab === id;
    opener.setAttribute("aria-pressed", String(on));
    label(opener, on ? "Back to the page (Escape, or f)" : "This lab over the whole window (f)");
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (isLetter(event, "f") && isIn(event.target, box.closest(".optlab-lab"))) toggle(manager, id);
  };
  show();
  document.addEventListener(STAGE_CHANGED, show);
  document.addEventListener("keydown", press);
  return () => {
    document.removeEventListener(STAGE_CHANGED, show);
    document.removeEventListener("keydown", press);
  };
}

/** @type {(manager: Manager, id: string) => void} */
function toggle(manager, id) {
  const open = openStage();
  if (open) open.close();
  else void enter(manager, id).catch((error) => console.warn("optlab: no stage:", error));
}

/** @type {(manager: Manager, id: string) => Promise<void>} */
async function enter(manager, id) {
  const found = await labsHere(manager);
  const labs = found.some((lab) => lab.id === id) ? found : [{ id, cell: -1, title: "" }];
  if (openStage()) return; // pressed twice
  const stage = createStage(manager, labs, labs.findIndex((lab) => lab.id === id));
  stage.dialog.addEventListener("close", () => leave(stage), { once: true });
  stage.dialog.addEventListener("keydown", (event) => turnPages(stage, event), { capture: true });
  stage.dialog.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab has keys of its own
  stage.dialog.showModal();
  await turnTo(stage, stage.first);
}

/** @type {(manager: Manager, labs: LabPlace[], first: number) => Stage} */
function createStage(manager, labs, first) {
  const dialog = append(document.body, "dialog", "optlab-stage");
  const bar = append(dialog, "div", "optlab-stage-bar");
  const before = button(bar, ICONS.before, "The lab before (PageUp, or p)", () => void turnBy(stage, -1));
  const words = append(bar, "span", "optlab-stage-words");
  const after = button(bar, ICONS.after, "The next lab (PageDown, or n)", () => void turnBy(stage, 1));
  const map = button(bar, null, "The map of all settings, below the figures (m)", () => toggleMap(stage));
  button(bar, ICONS.close, "Back to the page (Escape, or f)", () => dialog.close());
  const room = append(dialog, "div", "optlab-stage-room");
  words.setAttribute("role", "status");
  map.textContent = "map";
  map.hidden = true;
  /** @type {Stage} */
  const stage = { manager, dialog, room, words, before, after, map, labs, first, at: first, view: null, turn: 0, stop: () => {} };
  return stage;
}

/** @type {(stage: Stage, event: KeyboardEvent) => void} */
function turnPages(stage, event) {
  const way = pageTurn(event, isTyping(event.target));
  const [away, map] = ["f", "m"].map((letter) => isLetter(event, letter));
  if (!away && !map && !way) return;
  event.preventDefault();
  event.stopPropagation(); // a slider takes PageDown for a large step
  if (away) stage.dialog.close();
  else if (map) toggleMap(stage);
  else void turnBy(stage, way);
}

// A map takes half of the figures' room, so it is there only when asked for.
/** @type {(stage: Stage) => void} */
function toggleMap({ dialog, map }) {
  if (map.hidden) return;
  const on = map.getAttribute("aria-pressed") !== "true";
  map.setAttribute("aria-pressed", String(on));
  dialog.classList.toggle("optlab-with-map", on);
}

// How many labs on a key leads: page keys, which a presenter's remote sends, and letters where nobody types.
/** @type {(event: KeyboardEvent, typing: boolean) => number} */
export function pageTurn(event, typing) {
  if (isModified(event) || (typing && event.key.length === 1)) return 0;
  return KEYS.get(event.key) ?? 0;
}

/** @type {(stage: Stage, by: number) => Promise<void>} */
async function turnBy(stage, by) {
  const next = stage.at + by;
  if (stage.labs[next]) await turnTo(stage, next);
}

/** @type {(stage: Stage, at: number) => Promise<void>} */
async function turnTo(stage, at) {
  const { dialog, room, labs, manager } = stage;
  const turn = ++stage.turn;
  stage.at = at;
  nameIt(stage);
  const view = await manager.create_view(await manager.get_model(labs[at].id));
  if (turn !== stage.turn || !dialog.open) return void view.remove(); // overtaken
  stage.stop();
  stage.view?.remove();
  stage.view = view;
  stage.stop = keepArranged(room, () => {
    stage.map.hidden = !room.querySelector(".optlab-map");
    (firstSlider(room) ?? stage.after).focus({ preventScroll: true });
  });
  attach(view, room);
  dialog.dataset.lab = labs[at].id;
  document.dispatchEvent(new Event(STAGE_CHANGED));
}

// The widgets' own way onto a page; it says "attached" to all that is inside.
/** @type {(view: WidgetView, host: HTMLElement) => void} */
function attach({ luminoWidget, pWidget }, host) {
  const widget = luminoWidget ?? pWidget;
  widget.constructor.attach(widget, host);
}

/** @type {(stage: Stage) => void} */
function nameIt({ dialog, words, before, after, labs, at }) {
  const title = labs[at].title && ` · ${labs[at].title}`;
  words.textContent = `Lab ${at + 1} of ${labs.length}${title}`;
  dialog.setAttribute("aria-label", `${words.textContent}, over the whole window`);
  before.setAttribute("aria-disabled", String(at === 0));
  after.setAttribute("aria-disabled", String(at === labs.length - 1));
}

// Back to the page, to the lab that was shown last.
/** @type {(stage: Stage) => void} */
function leave(stage) {
  const { dialog, labs, at, first } = stage;
  stage.turn += 1;
  stage.stop();
  stage.view?.remove();
  dialog.remove();
  document.dispatchEvent(new Event(STAGE_CHANGED));
  const bar = document.querySelector(`.optlab-toolbar[data-lab="${labs[at].id}"]`);
  const place = bar?.closest(".optlab-lab") ?? document.querySelector(`.jp-Notebook [data-windowed-list-index="${labs[at].cell}"]`);
  if (at !== first) place?.scrollIntoView({ block: "start" });
  /** @type {HTMLElement | null | undefined} */ (bar?.querySelector(".optlab-opener"))?.focus({ preventScroll: true });
}

// Where letters turn pages: a menu takes them to look for its entries.
/** @type {(room: HTMLElement) => HTMLElement | null} */
const firstSlider = (room) => room.querySelector(".optlab-sliders .noUi-handle");

/** @type {(event: KeyboardEvent) => boolean} */
const isModified = (event) => Boolean(event.shiftKey || event.ctrlKey || event.altKey || event.metaKey);

/** @type {(event: KeyboardEvent, letter: string) => boolean} */
const isLetter = (event, letter) => event.key === letter && !isModified(event) && !isTyping(event.target);

/** @type {(target: EventTarget | null) => boolean} */
const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("select, textarea, input:not([type=range])"));

/** @type {(target: EventTarget | null, part: Element | null) => boolean} */
const isIn = (target, part) => target instanceof Node && Boolean(part?.contains(target));
