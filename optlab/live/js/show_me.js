// @ts-check
// The button of a fact: it unfolds a copy of the lab's figures and plays the runs on it. No kernel is needed.
/** @import { Model } from "./types" */

import { button } from "./elements.js";

const FOLDED = "optlab-folded"; // set by the kernel: nothing is seen before its style is there

/** @type {(model: Model, el: HTMLElement) => void} */
export function addFact(model, el) {
  const words = model.get("fact");
  if (!words) return;
  const show = button(el, null, "Play it here, on a copy: the lab's sliders stay where they are", () => {
    const opens = show.getAttribute("aria-expanded") === "false";
    show.setAttribute("aria-expanded", String(opens));
    show.closest(".optlab-replay")?.classList.toggle(FOLDED, !opens);
    if (opens) model.set("plays", 1);
  });
  show.classList.add("optlab-fact");
  show.textContent = `show me: ${words}`;
  show.setAttribute("aria-expanded", "false");
}
