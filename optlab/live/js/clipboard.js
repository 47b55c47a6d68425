// @ts-check
// Putting a text into the clipboard.

import { append } from "./elements.js";

// The clipboard asks for a secure page and the user's leave; the older way needs neither.
/** @type {(text: string) => Promise<boolean>} */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

/** @type {(text: string) => boolean} */
function copyTheOldWay(text) {
  const focused = document.activeElement;
  const area = append(document.body, "textarea");
  area.value = text;
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
