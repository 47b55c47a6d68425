// @ts-check
// Buttons below a figure: fit the axes to what is shown, make them logarithmic or linear, and back. The kernel
// draws the background anew; the frames are numbers, so they stay.
/** @import { AxesPlace, Frame, Model, Panel, PointStyle, View } from "./types" */

import { isComparable, isTrace, pinned } from "./compare.js";
import { coordinates } from "./coordinates.js";
import { append } from "./elements.js";
import { follow } from "./models.js";

const PATIENCE = 3000; // ms to wait for the kernel
const EDGE = 0.05; // of the axes, left free around what is shown
const EXPLODED = 1e4; // a run that ends so many times as far out as it began, or beyond all numbers
const FAR = 10; // so many times as far out as it began it is shown, on a linear axis
const FAR_ON_LOG = 1000;

/** @typedef {{ xlim: number[], ylim: number[], xlog: boolean, ylog: boolean }} Seen */

/** @type {(view: View, model: Model) => () => void} */
export function addSeen(view, model) {
  const bar = append(view.box, "div", "optlab-seen");
  bar.hidden = true;
  const said = append(bar, "output");
  const [fit, y, x, back] = ["fit", "", "", "reset"].map((text) => {
    const button = append(bar, "button", "optlab-seen-button");
    button.textContent = text;
    return button;
  });
  const act = { fit, y, x, back };
  const show = () => showButtons(view, model, act);
  fit.title = "Fit the axes to what is shown";
  back.title = "The axes as they were";
  fit.addEventListener("click", () => askForAxes(view, model, said, (now, range) => ({ ...now, xlim: range("x", now.xlog), ylim: range("y", now.ylog) })));
  y.addEventListener("click", () => askForAxes(view, model, said, (now, range) => ({ ...now, ylog: !now.ylog, ylim: range("y", !now.ylog) })));
  x.addEventListener("click", () => askForAxes(view, model, said, (now, range) => ({ ...now, xlog: !now.xlog, xlim: range("x", !now.xlog) })));
  back.addEventListener("click", () => askForAxes(view, model, said, () => null));
  view.box.addEventListener("pointerenter", show);
  bar.addEventListener("focusin", show);
  const stop = follow(model, ["backgrounds"], () => {
    clearTimeout(view.waitingForAxes);
    said.textContent = "";
    setTimeout(show, 300); // once the new pictures are there
  });
  show();
  return () => {
    clearTimeout(view.waitingForAxes);
    stop();
  };
}

/** @type {(view: View, model: Model, act: Record<"fit" | "y" | "x" | "back", HTMLButtonElement>) => void} */
function showButtons(view, model, { fit, y, x, back }) {
  const frame = view.store.shown?.frame;
  const now = placeOfAxes(view, model);
  fit.parentElement?.toggleAttribute("hidden", !frame || !view.panel || !now);
  if (!frame || !view.panel || !now) return;
  const { panel } = view;
  const frames = drawn(view.store, frame);
  fit.hidden = !rangeOf(panel, frames, "y", now.ylog) || !now.free?.[1];
  for (const [button, name, free, log] of /** @type {[HTMLButtonElement, "x" | "y", boolean, boolean][]} */ ([
    [y, "y", now.free?.[1], now.ylog], [x, "x", now.free?.[0], now.xlog],
  ])) {
    button.hidden = !free || !(log || allowsLog(panel, frames, name));
    button.textContent = `${name}: ${log ? "linear" : "log"}`;
    button.title = `Make the ${name} axis ${log ? "linear" : "logarithmic"}`;
  }
  back.hidden = !Object.keys(model.get("seen") ?? {}).length;
}

// The axes of the background that is shown; only a figure with one axes has the buttons, and none with an image.
/** @type {(view: View, model: Model) => AxesPlace | null} */
function placeOfAxes({ store }, model) {
  const axes = store.shown && store.scenes[store.shown.frame.scene]?.axes;
  const images = (model.get("artists") ?? []).some((/** @type {any} */ style) => style.kind === "image");
  return axes && axes.length === 1 && !images && model.get("seen") ? axes[0] : null;
}

// What the kernel is asked for is taken back where it does not answer: it is busy, or there is none.
/** @type {(view: View, model: Model, said: HTMLElement, change: (now: Seen, range: (name: "x" | "y", log: boolean) => number[]) => Seen | null) => void} */
function askForAxes(view, model, said, change) {
  const [frame, panel, place] = [view.store.shown?.frame, view.panel, placeOfAxes(view, model)];
  if (!frame || !panel || !place) return;
  const now = { xlim: place.xlim, ylim: place.ylim, xlog: place.xlog, ylog: place.ylog };
  const frames = drawn(view.store, frame);
  const wanted = change(now, (name, log) => rangeOf(panel, frames, name, log) ?? (name === "x" ? place.xlim : place.ylim));
  const before = model.get("seen");
  model.set("seen", wanted ? { 0: wanted } : {});
  model.save_changes();
  said.textContent = "…";
  clearTimeout(view.waitingForAxes);
  view.waitingForAxes = setTimeout(() => {
    said.textContent = "the kernel does not answer";
    model.set("seen", before);
    model.save_changes();
  }, PATIENCE);
}

// ---------------------------------------------------------------- what the axes are fitted to

// The run on the screen first, then the pinned ones that are drawn behind it.
/** @type {(store: View["store"], frame: Frame) => Frame[]} */
const drawn = (store, frame) =>
  [frame, ...pinned(store).flatMap(({ frame: pin }) => (pin && isComparable(store, frame, pin) ? [pin] : []))];

// What theory says and what only decorates may leave the axes, as it may without a note at their edge.
/** @type {(panel: Panel) => PointStyle[]} */
const curves = ({ artists }) => /** @type {PointStyle[]} */ (artists.filter((style) =>
  ((style.kind === "line" && style.in_data.every(Boolean)) || style.kind === "scatter") &&
  (["main", "other", "here", "end"].includes(style.role) || (style.role === "plain" && style.named))));

/** @type {(panel: Panel, frames: Frame[]) => [style: PointStyle, frame: Frame][]} */
const curvesOf = (panel, [shown, ...pins]) => [
  ...curves(panel).map((style) => /** @type {[PointStyle, Frame]} */ ([style, shown])),
  ...pins.flatMap((pin) => curves(panel).filter(isTrace).map((style) => /** @type {[PointStyle, Frame]} */ ([style, pin]))),
];

// All numbers of one axis, but for those of a run that has exploded: fitted to 1e30 the axes would show one flat line
// and a cliff. Of such a run as much is kept as lies within a factor of where it began; on a log axis there is room for
// a larger one. Then its curve leaves through the edge, where a note says how far it went.
/** @type {(panel: Panel, frames: Frame[], name: "x" | "y", log: boolean) => number[]} */
function shownAlong(panel, frames, name, log) {
  return curvesOf(panel, frames).flatMap(([style, { values }]) => {
    const { xs, ys } = coordinates(style, values);
    const known = Array.from(ys, (y, i) => [xs[i], y]).filter((pair) => pair.every(Number.isFinite));
    const size = sizeOf(style);
    const start = known.map(size).find((far) => far > 0) ?? 0;
    const most = hasExploded(style, xs, ys, start) ? start * (log ? FAR_ON_LOG : FAR) : Infinity;
    return known.filter((pair) => size(pair) <= most).map(([x, y]) => (name === "x" ? x : y));
  });
}

// How far out a point is: of a curve over a fixed x its height, of a path the farther of both.
/** @type {(style: PointStyle) => (pair: number[]) => number} */
const sizeOf = (style) => ([x, y]) => ("x" in style && style.x ? Math.abs(y) : Math.max(Math.abs(x), Math.abs(y)));

/** @type {(style: PointStyle, xs: Float32Array, ys: Float32Array, start: number) => boolean} */
function hasExploded(style, xs, ys, start) {
  if (style.kind !== "line" || style.grows == null) return false;
  const size = sizeOf(style);
  return Array.from(ys, (y, i) => size([xs[i], y])).some((far) => far === Infinity || far > EXPLODED * start);
}

/** @type {(panel: Panel, frames: Frame[], name: "x" | "y") => boolean} */
export function allowsLog(panel, frames, name) {
  const numbers = shownAlong(panel, frames, name, true);
  return numbers.every((v) => v >= 0) && numbers.filter((v) => v > 0).length > numbers.length / 2;
}

// The limits that hold all that is shown, with some room; null where nothing is.
/** @type {(panel: Panel, frames: Frame[], name: "x" | "y", log: boolean) => number[] | null} */
export function rangeOf(panel, frames, name, log) {
  const numbers = shownAlong(panel, frames, name, log).filter((v) => !log || v > 0);
  if (!numbers.length) return null;
  const [scale, back] = log ? [Math.log10, (/** @type {number} */ v) => 10 ** v] : [Number, Number];
  let [low, high] = [Infinity, -Infinity];
  for (const v of numbers) [low, high] = [Math.min(low, scale(v)), Math.max(high, scale(v))];
  const room = (high - low || Math.abs(high) || 1) * EDGE;
  return [back(low - room), back(high + room)];
}
