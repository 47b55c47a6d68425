// @ts-check
// Whether a stage lies over the page. Every widget is a module of its own, so they tell each other through the document.

export const STAGE_CHANGED = "optlab-stage"; // the event: opened, closed, or another lab
export const TO_LAB = "optlab-to-lab"; // the event that asks the stage for a lab, by its model

/** @type {() => HTMLDialogElement | null} */
export const openStage = () => document.querySelector("dialog.optlab-stage");

// Tell whether a part of the page is covered, whenever that may have changed; return what stops that.
/** @type {(part: HTMLElement, tell: (covered: boolean) => void) => () => void} */
export function followStage(part, tell) {
  const look = () => tell(openStage()?.contains(part) === false);
  document.addEventListener(STAGE_CHANGED, look);
  return () => document.removeEventListener(STAGE_CHANGED, look);
}
