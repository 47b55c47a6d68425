// @ts-check
// Moving sliders, pins and film from the browser: at once, whether the kernel is busy or gone.
/** @import { Grid, LabState, Model } from "./types" */

import { slotOf, stopOf } from "./setting.js";

/** @typedef {Grid & { model: Model, sliders: Model[] }} Movable */

/** @type {(lab: Movable) => LabState} */
export const stateNow = ({ model, sliders, strides }) =>
  ({ slot: slotOf(sliders, strides), pins: model.get("pins"), step: model.get("step") });

// What is left out stays as it is.
/** @type {(lab: Movable, to: Partial<LabState>) => void} */
export function moveLab(lab, { slot, pins, step }) {
  const { model, sliders } = lab;
  if (slot !== undefined) sliders.forEach((slider, k) => moveSlider(slider, stopOf(lab, slot, k)));
  if (pins) model.set("pins", pins);
  if (step !== undefined) model.set("step", step);
  model.save_changes();
}

/** @type {(slider: Model, index: number) => void} */
export function moveSlider(slider, index) {
  if (slider.get("index") === index) return;
  slider.set("index", index);
  slider.save_changes();
}
