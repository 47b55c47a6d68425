// @ts-check
// The goals of a lab, a line each, and which of them the run on the screen reaches.
/** @import { LabTools } from "./types" */

import { append } from "./elements.js";
import { follow } from "./models.js";

/** @type {(lab: LabTools) => () => void} */
export function addGoals({ model, box }) {
  /** @type {string[]} */
  const texts = model.get("goals");
  const list = append(box, "ul", "optlab-goals");
  list.hidden = !texts.length;
  const items = texts.map(() => append(list, "li"));
  const show = () => items.forEach((item, k) => {
    const reached = Boolean(model.get("reached")[k]);
    item.classList.toggle("optlab-reached", reached);
    item.textContent = `${reached ? "✔" : "○"} Goal: ${texts[k]}`;
    item.setAttribute("aria-label", `Goal ${reached ? "reached" : "not reached"}: ${texts[k]}`);
  });
  show();
  return follow(model, ["reached"], show);
}
