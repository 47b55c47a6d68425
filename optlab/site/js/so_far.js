// @ts-check
// How far a reader is, where a page has a place for it.

import { forget, kept } from "./kept.js";

export function tellHowFar() {
  const tell = () => document.querySelectorAll(".optlab-so-far").forEach((box) => write(/** @type {HTMLElement} */ (box)));
  document.addEventListener("optlab-kept", tell);
  tell();
}

/** @type {(box: HTMLElement) => void} */
function write(box) {
  const { prediction = {}, goal = {} } = kept();
  const answers = Object.values(prediction);
  const right = answers.filter((one) => one.right).length;
  if (!answers.length && !Object.keys(goal).length) return box.replaceChildren(box.dataset.empty ?? "");
  const words = document.createElement("p");
  words.textContent = `In this browser: predictions made: ${answers.length}, right: ${right}; goals reached: ${Object.keys(goal).length}.`;
  box.replaceChildren(words);
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "start afresh";
  again.addEventListener("click", () => {
    forget();
    write(box);
  });
  box.append(again);
}
