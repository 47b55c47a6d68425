// @ts-check
// Hovering: the values of the lines under the pointer, as far as a film has drawn them.
/** @import { Film, Frame, LineStyle, Panel, View } from "./types" */

import { coordinates, isLine, short } from "./coordinates.js";
import { filmOf } from "./film.js";

/** @type {(view: View, pointer: [number, number] | null) => void} */
export function point(view, pointer) {
  view.pointer = pointer;
  showTip(view);
}

/** @type {(view: View) => void} */
export function showTip({ tip, pointer, panel, store }) {
  const text = pointer && panel && store.shown ? valuesAt(panel, store.shown.frame, pointer, filmOf(store)) : "";
  tip.hidden = !text;
  if (!text || !pointer || !panel) return;
  const [x, y] = pointer;
  const right = x > panel.width / 2;
  tip.textContent = text;
  tip.style.left = right ? "auto" : `${x + 14}px`;
  tip.style.right = right ? `${panel.width - x + 14}px` : "auto";
  tip.style.top = `${Math.min(y + 8, panel.height - tip.offsetHeight)}px`;
}

// What the lines of the axes under the pointer say at the x nearest to it, as text; "" where there is nothing.
/** @type {(panel: Panel, frame: Frame, pointer: [number, number], film: Film) => string} */
export function valuesAt(panel, frame, [px, py], film) {
  const k = panel.axes.findLastIndex((a) => px >= a.left && px <= a.left + a.width && py >= a.top && py <= a.top + a.height);
  const lines = panel.artists.filter(isLine).filter((style) => style.axes === k && style.named);
  const found = lines.map((style) => ({ ...nearest(panel, style, frame.values, px, film), label: style.label }));
  const near = found.filter(({ gap }) => gap < Infinity).sort((a, b) => a.gap - b.gap);
  if (!near.length) return "";
  const head = `${panel.axes[k].xlabel}: ${short(near[0].x)}`;
  return [head, ...near.map(({ label, y }) => `${label}: ${short(y)}`)].join("\n");
}

/** @type {(panel: Panel, style: LineStyle, values: Float32Array, px: number, film: Film) => { gap: number, x: number, y: number }} */
function nearest(panel, style, values, px, film) {
  const { xs, ys } = coordinates(style, values, film);
  const best = { gap: Infinity, x: NaN, y: NaN };
  const { x: toPixel } = panel.axes[style.axes];
  xs.forEach((x, i) => {
    const gap = Math.abs(toPixel(x) - px);
    if (gap < best.gap && Number.isFinite(ys[i])) Object.assign(best, { gap, x, y: ys[i] });
  });
  return best;
}
