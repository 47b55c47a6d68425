// @ts-check
// Taking a setting away: as a line of Python that makes this lab again.
/** @import { Call, LabTools } from "./types" */

import { copy } from "./clipboard.js";
import { button, label } from "./elements.js";
import { ICONS } from "./icons.js";
import { follow, followSliders } from "./models.js";
import { slotOf, stateText } from "./setting.js";

/** @type {(lab: LabTools) => () => void} */
export function addSharing(lab) {
  const { model, row, sliders } = lab;
  const line = () => callText(model.get("call"), stateOf(lab));
  const share = button(row, ICONS.link, "", () => void copy(line()).then((done) => lab.say(share, done ? "copied" : "not copied")));
  const tell = () => label(share, `Copy this lab as it stands: ${line()}`);
  tell();
  const undo = [follow(model, ["pins", "step", "call"], tell), followSliders(sliders, tell)];
  return () => undo.forEach((stop) => stop());
}

// One line of Python; where nobody knows what made the lab, the argument that brings any lab here.
/** @type {(call: Partial<Call>, state: string) => string} */
export function callText({ before = "", maker = "", given = "" }, state) {
  const argument = `state=${JSON.stringify(state)}`; // a string that Python reads too
  return maker ? `${before}${maker}(${[given, state && argument].filter(Boolean).join(", ")})` : argument;
}

/** @type {(lab: LabTools) => string} */
function stateOf({ model, sliders, strides, params }) {
  const step = model.get("step") < model.get("last") ? model.get("step") : null;
  return stateText({ params, strides }, { slot: slotOf(sliders, strides), pins: model.get("pins"), step });
}
