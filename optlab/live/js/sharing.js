// @ts-check
// Taking a setting away: as a line of text for another lab.
/** @import { LabTools } from "./types" */

import { copy } from "./clipboard.js";
import { append, button, label } from "./elements.js";
import { ICONS } from "./icons.js";
import { follow, followSliders } from "./models.js";
import { slotOf, stateText } from "./setting.js";

/** @type {(lab: LabTools) => () => void} */
export function addSharing(lab) {
  const { model, row } = lab;
  const share = button(row, ICONS.link, "", () => void copy(stateOf(lab)).then((done) => say(lab, done ? "copied" : "not copied")));
  const tell = () => label(share, `Copy this setting, for Lab(..., state=...): "${stateOf(lab)}"`);
  tell();
  const undo = [follow(model, ["pins", "step"], tell), followSliders(lab.sliders, tell)];
  lab.said = append(row, "span", "optlab-said");
  lab.said.setAttribute("role", "status");
  return () => undo.forEach((stop) => stop());
}

/** @type {(lab: LabTools) => string} */
function stateOf({ model, sliders, strides, params }) {
  const step = model.get("step") < model.get("last") ? model.get("step") : null;
  return stateText({ params, strides }, { slot: slotOf(sliders, strides), pins: model.get("pins"), step });
}

/** @type {(lab: LabTools, words: string) => void} */
function say({ said }, words) {
  if (!said) return;
  said.textContent = words;
  setTimeout(() => (said.textContent = ""), 2000);
}
