// @ts-check
// Dots over the run on the screen: what a program of the same setting has printed.
/** @import { Dots, Panel, View } from "./types" */

import { contextOf } from "./canvas.js";

const DOT_EDGE = "#b5007d"; // no curve has this colour
const DOT_RADIUS = 3.2; // CSS pixels

// Above all else, on the canvas of the pins' numbers, which has been cleared for this frame.
/** @type {(view: View, panel: Panel) => void} */
export function paintDots({ badges, box, store }, panel) {
  const context = contextOf(badges);
  const points = store.shown?.slot === store.dots?.slot ? inside(panel, store.dots) : [];
  context.lineWidth = 1.6;
  context.strokeStyle = DOT_EDGE;
  context.fillStyle = "#fff";
  for (const [x, y] of points) {
    context.beginPath();
    context.arc(x, y, DOT_RADIUS, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  box.dataset.dots = String(points.length);
}

// Where they are in pixels: those that the axes have room for.
/** @type {(panel: Panel, dots: Dots | null) => [number, number][]} */
export function inside({ axes: [axes] }, dots) {
  if (!axes) return [];
  const { left, top, width, height } = axes;
  const places = (dots?.points ?? []).map(([x, y]) => /** @type {[number, number]} */ ([axes.x(x), axes.y(y)]));
  return places.filter(([x, y]) => x >= left - 1 && x <= left + width + 1 && y >= top - 1 && y <= top + height + 1);
}
