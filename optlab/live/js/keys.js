// @ts-check
// Keys that a widget keeps to itself.

const OUR_KEYS = [" ", "Enter", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

// While a button has the focus these keys are its own: JupyterLab would move to another cell, or edit this one.
/** @type {(event: KeyboardEvent) => void} */
export function keepToOurselves(event) {
  const modified = event.shiftKey || event.ctrlKey || event.altKey || event.metaKey;
  if (OUR_KEYS.includes(event.key) && !modified) event.stopPropagation();
}
