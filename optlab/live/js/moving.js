// @ts-check
// Moving sliders, pins and film from the browser: at once, whether the kernel is busy or gone.
/** @import { Grid, LabState, Model } from "./types" */

import { waitsToTell } from "./models.js";
import { slotOf, stopOf } from "./setting.js";

/** @typedef {Grid & { model: Model, sliders: Model[] }} Movable */

/** @type {(lab: Movable) => LabState} */
export const stateNow = ({ model, sliders, strides }) =>
  ({ slot: slotOf(sliders, strides), pins: model.get("pins"), step: model.get("step") });

// What is left out stays as it is.
/** @type {(lab: Movable, to: Partial<LabState>) => void} */
export function moveLab(lab, { slot, pins, step }) {
  const { model } = lab;
  if (slot !== undefined) moveToSlot(lab, slot);
  if (pins) model.set("pins", pins);
  if (step !== undefined) model.set("step", step);
  model.save_changes();
}

/** @type {(lab: Grid & { sliders: Model[] }, slot: number) => void} */
export const moveToSlot = (lab, slot) => moveSliders(lab.sliders, lab.sliders.map((_, k) => stopOf(lab, slot, k)));

// Sliders move one by one, and the kernel would begin a run at every setting on the way: it is told first where they all
// go, and then no more, as every message is answered by three. On the page, who follows them hears once. `stops` has one
// index for each of the lab's sliders; null: stays where it is.
/** @type {(sliders: Model[], stops: (number | null)[]) => void} */
export function moveSliders(sliders, stops) {
  const to = sliders.map((slider, k) => stops[k] ?? slider.get("index"));
  const moving = sliders.filter((slider, k) => slider.get("index") !== to[k]);
  const told = moving.length > 1 && sliders[0].comm_live && Boolean(sliders[0].send);
  if (told) sliders[0].send?.({ stops: to });
  for (const slider of moving) slider.optlabMoves = true;
  try {
    sliders.forEach((slider, k) => {
      slider.optlabMoves = false;
      if (told && !waitsToTell(slider)) unsaved(slider, () => moveSlider(slider, to[k]));
      else moveSlider(slider, to[k]);
    });
  } finally {
    for (const slider of moving) slider.optlabMoves = false;
  }
}

// ipywidgets' own view of a slider saves it whenever it moves, whoever moves it.
/** @type {(slider: Model, move: () => void) => void} */
function unsaved(slider, move) {
  const save = slider.save_changes;
  slider.save_changes = () => {};
  try {
    move();
  } finally {
    slider.save_changes = save;
  }
}

/** @type {(slider: Model, index: number) => void} */
export function moveSlider(slider, index) {
  if (slider.get("index") === index) return;
  slider.set("index", index);
  slider.save_changes();
}
