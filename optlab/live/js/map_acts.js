// @ts-check
// What the pointer and the keys do on a map: say what is under them, and move the sliders there.
/** @import { MapPart, MapView } from "./types" */

import { stopAtX, stopAtY } from "./map_layout.js";
import { cellOf, movedTo } from "./map_table.js";
import { movable, slidersInWords, valueInWords } from "./map_words.js";
import { moveToSlot } from "./moving.js";
import { slotOf, stopOf } from "./setting.js";

/** @typedef {{ slot: number, text: string } | null} Target */

/** @type {(view: MapView) => () => void} */
export function followPointer(view) {
  const undo = [
    listen(view, view.plane, onPlane),
    listen(view, view.isolation, onIsolation),
  ];
  return () => undo.forEach((stop) => stop());
}

/** @type {(view: MapView, part: MapPart, find: (view: MapView, x: number, y: number) => Target) => () => void} */
function listen(view, part, find) {
  const { canvas, tip } = part;
  const move = (/** @type {PointerEvent} */ event) => showTarget(part, find(view, event.offsetX, event.offsetY), event);
  const leave = () => void (tip.hidden = true);
  const click = (/** @type {MouseEvent} */ event) => goThere(view, find(view, event.offsetX, event.offsetY));
  const key = (/** @type {KeyboardEvent} */ event) => press(view, event);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("click", click);
  canvas.addEventListener("keydown", key);
  return () => {
    canvas.removeEventListener("pointermove", move);
    canvas.removeEventListener("pointerleave", leave);
    canvas.removeEventListener("click", click);
    canvas.removeEventListener("keydown", key);
  };
}

// The setting under a point of the plane.
/** @type {(view: MapView, x: number, y: number) => Target} */
function onPlane({ store, lab, scene }, x, y) {
  if (!scene) return null;
  const { across, up, slot, rows, areas: { plane } } = scene;
  const [column, row] = [stopAtX(plane, rows[0].length, x), stopAtY(plane, rows.length, y)];
  if (column < 0 || row < 0) return null;
  const there = movedTo(lab, movedTo(lab, slot, across, column), up, row);
  const value = valueInWords(cellOf(store.table, there), lab.label);
  return { slot: there, text: `${slidersInWords(lab, there, [across, up])}\n${value}` };
}

// The best setting at the stop under a point.
/** @type {(view: MapView, x: number) => Target} */
function onIsolation({ lab, scene }, x) {
  if (!scene) return null;
  const { across, best, here, areas: { isolation } } = scene;
  const stop = stopAtX(isolation, best.length, x);
  if (stop < 0) return null;
  const found = best[stop];
  const now = `other sliders as they are: ${valueInWords(here[stop], lab.label)}`;
  if (found.slot < 0) return null;
  const rest = slidersInWords(lab, found.slot, movable(lab, [across]));
  return { slot: found.slot, text: `${slidersInWords(lab, found.slot, [across])}\nbest: ${valueInWords(found, lab.label)}\nat ${rest}\n${now}` };
}

/** @type {(part: MapPart, target: Target, event: PointerEvent) => void} */
function showTarget({ tip, frame }, target, { offsetX: x, offsetY: y }) {
  tip.hidden = !target;
  if (!target) return;
  tip.textContent = target.text;
  const beside = x > frame.clientWidth / 2 ? x - 14 - tip.offsetWidth : x + 14;
  tip.style.left = `${Math.max(0, Math.min(beside, frame.clientWidth - tip.offsetWidth))}px`; // on a phone it is nearly as wide
  tip.style.top = `${Math.max(0, Math.min(y + 8, frame.clientHeight - tip.offsetHeight))}px`;
}

/** @type {(view: Pick<MapView, "lab">, target: Target) => void} */
function goThere({ lab }, target) {
  if (target) moveToSlot(lab, target.slot);
}

/** @type {Record<string, [side: number, by: number]>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1] };

/** @type {(view: MapView, event: KeyboardEvent) => void} */
function press({ lab, scene }, event) {
  const move = MOVES[event.key];
  if (!move || !scene || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault(); // the page would scroll
  const slider = [scene.across, scene.up][move[0]];
  const slot = slotOf(lab.sliders, lab.strides); // the picture may be a key press behind
  const stop = stopOf(lab, slot, slider) + move[1];
  if (stop < 0 || stop >= lab.params[slider].texts.length) return;
  goThere({ lab }, { slot: movedTo(lab, slot, slider, stop), text: "" });
}
