// @ts-check
// The front end of Toolbar: from left to right the player of the film, pinning, and taking the setting away; below, what
// is pinned, the goals, and the program when it is asked for. Each part is in a file of its own.
/** @import { Model } from "./types" */

import { append } from "./elements.js";
import { addGoals } from "./goals.js";
import { keepToOurselves } from "./keys.js";
import { allModels } from "./models.js";
import { addPinning } from "./pinning.js";
import { addPlayer } from "./player.js";
import { addProgram } from "./program.js";
import { addSharing } from "./sharing.js";
import { addStage } from "./stage.js";

/** @type {(widget: { model: Model, el: HTMLElement }) => Promise<() => void>} */
async function render({ model, el }) {
  const sliders = await allModels(model, model.get("sliders"));
  if (!sliders) return () => {};
  const box = append(el, "div", "optlab-toolbar");
  const row = append(box, "div", "optlab-tools");
  const lab = { model, params: model.get("params"), strides: model.get("strides"), sliders, box, row };
  box.addEventListener("keydown", keepToOurselves);
  const undo = [addPlayer, addPinning, addGoals, addSharing, addProgram, addStage].map((add) => add(lab));
  return () => undo.forEach((stop) => stop());
}

export default { render };
