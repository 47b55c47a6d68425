// @ts-check
// Formulas: Sphinx leaves them as TeX between \( \) or \[ \].

import "katex/dist/katex.min.css";
import katex from "katex";

const DELIMITED = /^\s*\\([([])([\s\S]*)\\[)\]]\s*$/;

export function showFormulas() {
  for (const box of document.querySelectorAll(".math")) {
    const [, kind, text] = DELIMITED.exec(box.textContent ?? "") ?? [];
    if (text !== undefined) katex.render(text, /** @type {HTMLElement} */ (box), { displayMode: kind === "[", throwOnError: false });
  }
}
