// @ts-check
// The mouse on a figure moves sliders: a press goes to the nearest stops, a drag follows. No kernel is asked. What is where
// comes from optlab/live/plots/steering.py.
/** @import { Model, Panel, Steer, View } from "./types" */

import { follow } from "./models.js";
import { moveSliders } from "./moving.js";

const MARGIN = 12; // pixels: so far beside the axes a press still counts, for what is dragged may stand on their edge
const NEAR = 14; // pixels: so near to where the sliders stand the cursor offers to grab

/** @type {(view: View, model: Model) => () => void} */
export function followHand(view, model) {
  const { front, box } = view;
  /** @type {Steer | null} */
  let held = null;
  const go = (/** @type {PointerEvent} */ event) => {
    const { panel, store } = view;
    if (held && panel) moveTo(store.sliders, held, nearestStops(panel, held, store.sliders, at(event)));
  };
  const release = () => {
    held = null;
    box.classList.remove("optlab-held");
  };
  const touch = () => void (front.style.touchAction = touchAction(model.get("steering")));
  touch();
  front.addEventListener("pointerdown", (event) => {
    held = event.button === 0 && view.panel ? steerAt(view.panel, model.get("steering"), view.store.sliders, at(event)) : null;
    if (!held) return;
    front.setPointerCapture(event.pointerId);
    box.classList.add("optlab-held");
    event.preventDefault(); // no text is selected on the way
    go(event);
  });
  front.addEventListener("pointermove", (event) => {
    if (held) return go(event);
    const steer = view.panel && steerAt(view.panel, model.get("steering"), view.store.sliders, at(event));
    box.classList.toggle("optlab-steers", Boolean(steer));
    box.classList.toggle("optlab-near", Boolean(steer && view.panel && gapTo(view.panel, steer, view.store.sliders, at(event)) < NEAR));
  });
  front.addEventListener("pointerup", release);
  front.addEventListener("pointercancel", release);
  return follow(model, ["steering"], touch);
}

// A finger moves the sliders where it would scroll the page; across a curve it still scrolls up and down.
/** @type {(steering: Steer[]) => string} */
function touchAction(steering) {
  if (!steering.length) return "";
  return steering.some(({ ys }) => ys.some((y) => y !== null)) ? "none" : "pan-y";
}

/** @type {(event: PointerEvent) => [number, number]} */
const at = ({ offsetX, offsetY }) => [offsetX, offsetY];

// What a press at a point would take hold of; of several the one that stands nearest.
/** @type {(panel: Panel, steering: Steer[], sliders: Model[], pointer: [number, number]) => Steer | null} */
export function steerAt(panel, steering, sliders, pointer) {
  const here = sliders.length ? steering.filter(({ axes }) => isOn(panel, axes, pointer)) : [];
  const gaps = here.map((steer) => ({ steer, gap: gapTo(panel, steer, sliders, pointer) }));
  return gaps.sort((a, b) => a.gap - b.gap)[0]?.steer ?? null;
}

/** @type {(panel: Panel, axes: number, pointer: [number, number]) => boolean} */
function isOn(panel, axes, [px, py]) {
  const { left, top, width, height } = panel.axes[axes];
  return px >= left - MARGIN && px <= left + width + MARGIN && py >= top - MARGIN && py <= top + height + MARGIN;
}

// How far a point is from where the sliders stand.
/** @type {(panel: Panel, steer: Steer, sliders: Model[], pointer: [number, number]) => number} */
export function gapTo(panel, steer, sliders, pointer) {
  const stops = [...steer.given, ...steer.sliders].map((k) => sliders[k].get("index"));
  const row = stops.reduce((sum, stop, k) => sum * steer.sizes[k] + stop, 0);
  return gap(panel, steer, row, pointer);
}

// A coordinate that makes no difference has no gap.
/** @type {(panel: Panel, steer: Steer, row: number, pointer: [number, number]) => number} */
function gap(panel, { axes, xs, ys }, row, [px, py]) {
  const [x, y] = [xs[row], ys[row]];
  const { x: across, y: up } = panel.axes[axes];
  return Math.hypot(x === null ? 0 : across(x) - px, y === null ? 0 : up(y) - py);
}

// The stops that are drawn nearest to a point, one for each slider that is moved.
/** @type {(panel: Panel, steer: Steer, sliders: Model[], pointer: [number, number]) => number[]} */
export function nearestStops(panel, steer, sliders, pointer) {
  const sizes = steer.sizes.slice(steer.given.length);
  const count = sizes.reduce((product, size) => product * size, 1);
  const first = count * steer.given.reduce((sum, k, i) => sum * steer.sizes[i] + sliders[k].get("index"), 0);
  let best = { row: -1, gap: Infinity };
  for (let row = 0; row < count; row += 1) {
    const there = gap(panel, steer, first + row, pointer);
    if (there < best.gap) best = { row, gap: there };
  }
  return best.row < 0 ? [] : unraveled(best.row, sizes);
}

/** @type {(row: number, sizes: number[]) => number[]} */
function unraveled(row, sizes) {
  const stops = [];
  for (const size of [...sizes].reverse()) {
    stops.unshift(row % size);
    row = Math.floor(row / size);
  }
  return stops;
}

/** @type {(sliders: Model[], steer: Steer, stops: number[]) => void} */
export function moveTo(sliders, steer, stops) {
  moveSliders(sliders, sliders.map((_, k) => stops[steer.sliders.indexOf(k)] ?? null));
}
