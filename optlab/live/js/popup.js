// @ts-check
// What lies above the page for a moment: in the browser's top layer, where no box can cut it off.

import { append } from "./elements.js";

const STAYS = 2.5; // seconds that a word stays
const POPUP_GAP = 4; // pixels to its anchor, and to the window's edges

/** @typedef {(anchor: HTMLElement, words: string) => void} Say */

// A function that says a word beside an element, to the eye and to the ear.
/** @type {(box: HTMLElement) => Say} */
export function createSay(box) {
  const spoken = append(box, "span", "optlab-spoken");
  const shown = append(box, "div", "optlab-said");
  spoken.setAttribute("role", "status");
  shown.setAttribute("aria-hidden", "true");
  shown.popover = "manual";
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  return (anchor, words) => {
    spoken.textContent = words;
    shown.textContent = words;
    showAt(shown, anchor);
    clearTimeout(timer);
    timer = setTimeout(() => {
      spoken.textContent = "";
      hide(shown);
    }, STAYS * 1000);
  };
}

// Above its anchor, or below it where there is no room; never beyond the window's edges.
/** @type {(popup: HTMLElement, anchor: HTMLElement) => void} */
export function showAt(popup, anchor) {
  if (!popup.matches(":popover-open")) popup.showPopover();
  const { left, top, bottom, width } = anchor.getBoundingClientRect();
  const x = Math.min(left + width / 2 - popup.offsetWidth / 2, window.innerWidth - popup.offsetWidth - POPUP_GAP);
  const above = top - popup.offsetHeight - POPUP_GAP;
  popup.style.left = `${Math.max(POPUP_GAP, x)}px`;
  popup.style.top = `${above >= POPUP_GAP ? above : bottom + POPUP_GAP}px`;
}

/** @type {(popup: HTMLElement) => void} */
export function hide(popup) {
  if (popup.matches(":popover-open")) popup.hidePopover();
}
