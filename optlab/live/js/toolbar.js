// @ts-check
// The front end of Toolbar: from left to right the player of the film, pinning, undo and reset, and taking the setting
// away; below, what is pinned, the goals, and the program when it is asked for. It also furnishes the lab's sliders. Each
// part is in a file of its own. All but the program is done in the browser, whether the kernel is busy or gone.
/** @import { Memory, Model } from "./types" */

import { append } from "./elements.js";
import { addGoals } from "./goals.js";
import { keepToOurselves } from "./keys.js";
import { allModels } from "./models.js";
import { addPinning } from "./pinning.js";
import { addPlayer } from "./player.js";
import { createSay } from "./popup.js";
import { addProgram } from "./program.js";
import { addSaving } from "./saving.js";
import { addSharing } from "./sharing.js";
import { addSliderSides } from "./slider_sides.js";
import { addStage } from "./stage.js";
import { markOutput } from "./unclipped.js";
import { addUndoing, createMemory } from "./undoing.js";

export default () => {
  /** @type {Promise<Memory | null>} */
  let memory;
  return {
    initialize: (/** @type {{ model: Model }} */ { model }) => {
      memory = createMemory(model);
      return () => void memory.then((found) => found?.stop());
    },
    render: async (/** @type {{ model: Model, el: HTMLElement }} */ { model, el }) => {
      const found = await memory;
      return found ? show(found, model, el) : () => {};
    },
  };
};

/** @type {(memory: Memory, model: Model, el: HTMLElement) => Promise<() => void>} */
async function show(memory, model, el) {
  const sliders = await allModels(model, model.get("sliders"));
  if (!sliders) return () => {};
  const box = append(el, "div", "optlab-toolbar");
  const row = append(box, "div", "optlab-tools");
  const lab = { model, params: model.get("params"), strides: model.get("strides"), sliders, box, row, memory, say: createSay(box) };
  box.addEventListener("keydown", keepToOurselves);
  const parts = [addSliderSides, addPlayer, addPinning, addUndoing, addGoals, addSharing, addSaving, addProgram, addStage, markOutput];
  const undo = parts.map((add) => add(lab));
  return () => undo.forEach((stop) => stop());
}
