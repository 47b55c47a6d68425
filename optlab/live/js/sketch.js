// @ts-check
// Sketching: a learner draws a line of a figure before its run is shown, and sees later how the run grows over it.
/** @import { Axes, LineStyle, Model, Panel, Pixel, View } from "./types" */

import { cleared } from "./canvas.js";
import { short } from "./coordinates.js";
import { append, button } from "./elements.js";
import { enlarged } from "./layout.js";
import { follow } from "./models.js";

/** A sketch: one number for each point of its line, null where nothing is drawn. @typedef {(number | null)[]} Drawn */
/** A pen that is moved by keys, and where its last stretch began: fractions of the axes. @typedef {{ at: [number, number], from: [number, number] }} Pen */
/** @typedef {{ view: View, model: Model, canvas: HTMLCanvasElement, words: HTMLElement, drawn: Drawn, pen: Pen | null, last: [number, number] | null }} Sketch */

const PENCIL = "#5f4b8b";
/** @type {Record<string, [number, number]>} */
const PEN_KEYS = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, -0.04], ArrowDown: [0, 0.04] };

/** @type {(view: View, model: Model) => () => void} */
export function addSketch(view, model) {
  if (!model.get("sketch")?.label) return () => {};
  const canvas = append(view.box, "canvas", "optlab-sketch");
  const words = append(view.box.parentElement ?? view.box, "div", "optlab-sketch-words");
  /** @type {Sketch} */
  const sketch = { view, model, canvas, words, drawn: model.get("drawn"), pen: null, last: null };
  view.sketch = () => paintSketch(sketch);
  listenToPen(sketch);
  const stop = follow(model, ["sketch", "drawn"], () => {
    sketch.drawn = model.get("drawn");
    tellSketch(sketch);
    paintSketch(sketch);
  });
  tellSketch(sketch);
  return stop;
}

/** @type {(sketch: Sketch) => void} */
function listenToPen(sketch) {
  const { canvas, model } = sketch;
  const place = (/** @type {PointerEvent} */ event) => /** @type {[number, number]} */ ([event.offsetX, event.offsetY]);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke(sketch, (sketch.last = place(event)), sketch.last);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!sketch.last) return;
    const now = place(event);
    stroke(sketch, sketch.last, now);
    sketch.last = now;
  });
  const lift = () => {
    if (sketch.last) sendSketch(sketch);
    sketch.last = null;
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("keydown", (event) => {
    if (!model.get("sketch").open) return;
    if (event.key === "Delete" || event.key === "Backspace") wipe(sketch);
    else if (!(event.key in PEN_KEYS)) return;
    else movePen(sketch, PEN_KEYS[event.key]);
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would act on it
  });
}

// What is said below the picture, while it is open and after.
/** @type {(sketch: Sketch) => void} */
function tellSketch(sketch) {
  const { model, canvas, words } = sketch;
  const { open, label } = model.get("sketch");
  canvas.classList.toggle("optlab-open", open);
  canvas.tabIndex = open ? 0 : -1;
  canvas.setAttribute("role", open ? "application" : "presentation");
  canvas.setAttribute("aria-label", `Your sketch of ${label}: arrow keys move the pen, Delete clears it`);
  words.replaceChildren();
  const said = append(words, "span");
  said.setAttribute("role", "status");
  said.textContent = open
    ? `Draw here what you expect of “${label}” (with the pointer, or Tab and the arrow keys), or leave it out. `
    : model.get("drawn").some((/** @type {number | null} */ y) => y !== null) ? "Dotted: your sketch." : "";
  if (open) button(words, null, "Draw again", () => wipe(sketch)).textContent = "clear";
}

/** @type {(sketch: Sketch) => void} */
function wipe(sketch) {
  sketch.pen = null;
  sketch.drawn = [];
  sendSketch(sketch);
  paintSketch(sketch);
}

/** @type {(sketch: Sketch) => void} */
function sendSketch({ model, drawn }) {
  model.set("drawn", [...drawn]);
  model.save_changes();
}

// ---------------------------------------------------------------- drawing

/** @type {(sketch: Sketch) => { style: LineStyle, axes: Axes, panel: Panel, xs: number[] } | null} */
function targetOf({ view, model }) {
  const { panel } = view;
  const style = /** @type {LineStyle | undefined} */ (panel?.artists.find(({ id }) => id === model.get("sketch").artist));
  if (!panel || !style?.x) return null;
  const axes = panel.axes[style.axes];
  return { style, axes, panel, xs: Array.from(style.x, axes.x) };
}

/** @type {(sketch: Sketch, from: [number, number], to: [number, number]) => void} */
function stroke(sketch, from, to) {
  const found = targetOf(sketch);
  if (!found || !sketch.model.get("sketch").open) return;
  const { axes, xs } = found;
  const inside = (/** @type {[number, number]} */ [x, y]) => /** @type {[number, number]} */ ([
    Math.max(axes.left, Math.min(axes.left + axes.width, x)), Math.max(axes.top, Math.min(axes.top + axes.height, y))]);
  sketch.drawn = drawnOver(sketch.drawn, xs, inside(from), inside(to), axes.fromY);
  paintSketch(sketch);
}

// The sketch with a stroke from one pixel to another: the points of the line below it take its height; where there is
// none, the one nearest to its end.
/** @type {(drawn: Drawn, xs: number[], from: [number, number], to: [number, number], toY: (pixel: number) => number) => Drawn} */
export function drawnOver(drawn, xs, from, to, toY) {
  const [[x0, y0], [x1, y1]] = from[0] <= to[0] ? [from, to] : [to, from];
  const next = xs.map((_, k) => drawn[k] ?? null);
  const below = xs.flatMap((x, k) => (x >= x0 && x <= x1 ? [k] : []));
  for (const k of below) next[k] = toY(x1 > x0 ? y0 + ((xs[k] - x0) / (x1 - x0)) * (y1 - y0) : to[1]);
  if (!below.length) next[nearestOf(xs, to[0])] = toY(to[1]);
  return next;
}

/** @type {(xs: number[], x: number) => number} */
const nearestOf = (xs, x) => xs.reduce((best, other, k) => (Math.abs(other - x) < Math.abs(xs[best] - x) ? k : best), 0);

// A key moves the pen: sideways it sets out on a new stretch, up and down it moves the end of the one it is on.
/** @type {(pen: Pen, move: [number, number]) => Pen} */
export function penMoved({ at: [x, y], from }, [dx, dy]) {
  const within = (/** @type {number} */ part) => Math.max(0, Math.min(1, part));
  return { at: [within(x + dx), within(y + dy)], from: dx ? [x, y] : from };
}

/** @type {(sketch: Sketch, move: [number, number]) => void} */
function movePen(sketch, move) {
  const found = targetOf(sketch);
  if (!found) return;
  const { axes } = found;
  /** @type {Pen} */
  const start = { at: [0, 0.5], from: [0, 0.5] };
  const pen = sketch.pen ? penMoved(sketch.pen, move) : start; // the first key puts it down
  const pixel = (/** @type {[number, number]} */ [x, y]) => /** @type {[number, number]} */ ([axes.left + x * axes.width, axes.top + y * axes.height]);
  sketch.pen = pen;
  stroke(sketch, pixel(pen.from), pixel(pen.at));
  const [x, y] = pixel(pen.at);
  const said = sketch.words.querySelector("span");
  if (said) said.textContent = `${axes.xlabel} ${short(axes.fromX(x), 3)}: ${short(axes.fromY(y), 3)}. `;
  sendSketchSoon(sketch);
}

const KEY_PAUSE = 400; // ms: so long a key has rested

/** @type {(sketch: Sketch & { timer?: ReturnType<typeof setTimeout> }) => void} */
function sendSketchSoon(sketch) {
  clearTimeout(sketch.timer);
  sketch.timer = setTimeout(() => {
    sketch.model.set("drawn", [...sketch.drawn]);
    sketch.model.save_changes();
  }, KEY_PAUSE);
}

/** @type {(sketch: Sketch) => void} */
function paintSketch(sketch) {
  const found = targetOf(sketch);
  const { canvas, view, drawn, pen, model } = sketch;
  if (!found || !view.front.width) return;
  Object.assign(canvas, { width: view.front.width, height: view.front.height });
  const context = cleared(canvas, found.panel);
  const points = pointsOnPage(drawn, found.xs, found.axes);
  const times = enlarged(found.panel);
  const font = `bold ${11 * times}px "DejaVu Sans", Verdana, sans-serif`;
  Object.assign(context, { strokeStyle: PENCIL, fillStyle: PENCIL, lineWidth: 3 * times, lineCap: "round", font });
  context.setLineDash([0.1, 6 * times]);
  context.beginPath();
  let last = null;
  for (const point of points) {
    if (point) last ? context.lineTo(...point) : context.moveTo(...point);
    if (point && !last) context.lineTo(point[0] + 0.1, point[1]); // a point of its own is a dot
    last = point;
  }
  context.stroke();
  const end = points.findLast((point) => point !== null);
  if (end) nameSketch(context, [Math.max(found.axes.left + 80 * times, end[0]), Math.max(found.axes.top + 12 * times, end[1] - 10 * times)]);
  if (pen && model.get("sketch").open) drawPen(context, found.axes, pen);
}

// Letters on a rim of white: a curve may cross them.
/** @type {(context: CanvasRenderingContext2D, place: [number, number]) => void} */
function nameSketch(context, place) {
  context.setLineDash([]);
  context.textAlign = "right";
  context.strokeStyle = "#fff";
  context.strokeText("your sketch", ...place);
  context.strokeStyle = PENCIL;
  context.fillText("your sketch", ...place);
}

/** @type {(drawn: Drawn, xs: number[], axes: Axes) => Pixel[]} */
const pointsOnPage = (drawn, xs, axes) => drawn.map((y, k) => (y === null || !Number.isFinite(xs[k]) ? null : [xs[k], axes.y(y)]));

/** @type {(context: CanvasRenderingContext2D, axes: Axes, pen: Pen) => void} */
function drawPen(context, { left, top, width, height }, { at: [x, y] }) {
  context.setLineDash([]);
  context.beginPath();
  context.arc(left + x * width, top + y * height, 5, 0, 2 * Math.PI);
  context.stroke();
}
