// @ts-check
// Formulas: Sphinx leaves them as TeX between \( \) or \[ \].

import "katex/dist/katex.min.css";
import katex from "katex";

const SMALLEST = 0.6; // of the letters around it
const CLOSING = /^[,.;:!?)]/; // what no line begins with
const WORD_JOINER = "\u2060";
const DELIMITED = /^\s*\\([([])([\s\S]*)\\[)\]]\s*$/;

export function showFormulas() {
  for (const box of document.querySelectorAll(".math")) {
    const [, kind, text] = DELIMITED.exec(box.textContent ?? "") ?? [];
    if (text !== undefined) katex.render(text, /** @type {HTMLElement} */ (box), { displayMode: kind === "[", throwOnError: false });
    const { nextSibling: after } = box;
    if (after instanceof Text && CLOSING.test(after.data)) after.data = WORD_JOINER + after.data;
  }
  for (const box of document.querySelectorAll(".katex-display")) shrink(/** @type {HTMLElement} */ (box));
}

// A formula that is wider than a phone gets smaller letters; what would be too small then can be scrolled.
/** @type {(box: HTMLElement) => void} */
function shrink(box) {
  const fits = box.clientWidth / box.scrollWidth;
  if (fits < 1) box.style.fontSize = `${Math.max(SMALLEST, Math.floor(fits * 100) / 100)}em`;
}
