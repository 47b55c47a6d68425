// @ts-check
// How the living artists of a LiveFigure are drawn, one function for each kind of artist.
// Nothing here knows of widgets or sliders.
/** @import { Axes, Film, Frame, ImageStyle, LineStyle, Marker, Panel, Pixel, PointStyle, ScatterStyle, Style, TextStyle } from "./types" */

import { bytes } from "./bytes.js";
import { block } from "./coordinates.js";
import { drawEdges } from "./edge_drawing.js";
import { drawEndings } from "./endings.js";
import { isRunning, isToCome, momentary, wholeText } from "./film.js";
import { isInside, pixels } from "./layout.js";

/** @type {Record<string, (context: CanvasRenderingContext2D, panel: Panel, style: any, frame: Frame, film: Film) => void>} */
const DRAWERS = { line: drawLine, scatter: drawScatter, image: drawImage, text: drawText };

// Draw one frame, as far as a film has come. It reads its arguments and nothing else.
/** @type {(context: CanvasRenderingContext2D, panel: Panel, frame: Frame, film: Film) => void} */
export function draw(context, panel, frame, film) {
  const running = isRunning(panel, frame, film);
  const now = running ? momentary(panel, frame, film) : frame;
  for (const style of panel.artists) {
    if (frame.coming && style.role === "title") continue;
    if (style.role !== "empty" && (!running || !isToCome(style, frame, film))) drawStyle(context, panel, style, now, film);
  }
  drawEndings(context, panel, frame, film);
  drawEdges(context, panel, frame, film);
}

/** @type {(context: CanvasRenderingContext2D, panel: Panel, style: Style, frame: Frame, film: Film) => void} */
export function drawStyle(context, panel, style, frame, film) {
  const axes = style.clip && style.axes >= 0 ? panel.axes[style.axes] : null;
  context.save();
  if (axes && style.kind !== "scatter") clipTo(context, axes);
  DRAWERS[style.kind](context, panel, style, frame, film);
  context.restore();
  if (style.kind === "line" && style.marker) drawMarkers(context, panel, style.marker, shownPoints(panel, style, frame, film));
}

// The points whose markers are drawn, whole: on the edge of the axes, too, but not beyond it.
/** @type {(panel: Panel, style: PointStyle, frame: Frame, film: Film) => Pixel[]} */
function shownPoints(panel, style, { values }, film) {
  const points = pixels(panel, style, values, film);
  if (style.axes < 0) return points;
  return points.map((point) => (point && isInside(panel.axes[style.axes], point) ? point : null));
}

// Clip to the axes, and keep off the spines, which matplotlib would draw over the artists.
/** @type {(context: CanvasRenderingContext2D, axes: Axes) => void} */
function clipTo(context, { left, top, width, height, spines: [west, east, north, south] }) {
  context.beginPath();
  context.rect(left + west, top + north, width - west - east, height - north - south);
  context.clip();
}

/** @type {(context: CanvasRenderingContext2D, panel: Panel, style: LineStyle, frame: Frame, film: Film) => void} */
function drawLine(context, panel, style, { values }, film) {
  const points = pixels(panel, style, values, film);
  context.beginPath();
  trace(context, points, style.steps);
  context.strokeStyle = style.color;
  context.lineWidth = style.width * panel.dot;
  context.lineCap = style.cap;
  context.lineJoin = "round";
  context.setLineDash(style.dashes.map((length) => length * panel.dot));
  context.lineDashOffset = style.dash_offset * panel.dot;
  if (style.width) context.stroke();
}

/** @type {(context: CanvasRenderingContext2D, points: Pixel[], steps: LineStyle["steps"]) => void} */
function trace(context, points, steps) {
  let last = null;
  for (const point of points) {
    if (point && !last) context.moveTo(...point);
    if (point && last) STEPS[steps](context, last, point);
    last = point;
  }
}

/** @type {Record<LineStyle["steps"], (context: CanvasRenderingContext2D, last: [number, number], point: [number, number]) => void>} */
const STEPS = {
  default: (context, _, [x, y]) => context.lineTo(x, y),
  pre: (context, [x0], [x, y]) => { context.lineTo(x0, y); context.lineTo(x, y); },
  post: (context, [, y0], [x, y]) => { context.lineTo(x, y0); context.lineTo(x, y); },
  mid: (context, [x0, y0], [x, y]) => {
    context.lineTo((x0 + x) / 2, y0);
    context.lineTo((x0 + x) / 2, y);
    context.lineTo(x, y);
  },
};

/** @type {(context: CanvasRenderingContext2D, panel: Panel, marker: Marker, points: Pixel[]) => void} */
function drawMarkers(context, panel, { path, size, face, edge, width }, points) {
  const outline = outlineOf(path);
  for (const point of points) if (point) stamp(context, panel, outline, point, { size, face, edge, width });
}

/** @type {(context: CanvasRenderingContext2D, panel: Panel, style: ScatterStyle, frame: Frame, film: Film) => void} */
function drawScatter(context, panel, style, frame, film) {
  const outline = outlineOf(style.path);
  shownPoints(panel, style, frame, film).forEach((point, i) => {
    if (!point) return;
    const [face, edge] = [nth(style.faces, i) || "transparent", nth(style.edges, i) || "transparent"];
    stamp(context, panel, outline, point, { size: nth(style.sizes, i), face, edge, width: nth(style.widths, i) });
  });
}

// matplotlib repeats colours and sizes that are too few.
/** @type {<T>(list: T[], i: number) => T} */
const nth = (list, i) => list[i % list.length];

/** @typedef {Path2D & { text: string }} Outline */

/** @type {(path: string) => Outline} */
const outlineOf = (path) => Object.assign(new Path2D(path), { text: path });

/** @type {(context: CanvasRenderingContext2D, panel: Panel, outline: Outline, point: [number, number], look: Omit<Marker, "path">) => void} */
function stamp(context, panel, outline, [x, y], { size, face, edge, width }) {
  const matrix = [size * panel.dot, 0, 0, -size * panel.dot, x, y]; // SVG's y points down
  const placed = Object.assign(new Path2D(), { svg: { path: outline.text, matrix } }); // for an SvgContext
  placed.addPath(outline, new DOMMatrix(matrix));
  context.fillStyle = face;
  context.strokeStyle = edge;
  context.lineWidth = width * panel.dot;
  context.fill(placed);
  if (width) context.stroke(placed);
}

/** @type {(context: CanvasRenderingContext2D, panel: Panel, style: ImageStyle, frame: Frame, film: Film) => void} */
function drawImage(context, panel, style, { values }, film) {
  const field = block(style, values, film);
  if (!field.length) return;
  const [left, right, bottom, top] = panel.places[style.id] ?? [0, 0, 0, 0];
  const { x, y } = panel.axes[style.axes];
  const picture = colored(style, field);
  const [head, foot] = style.upper ? [top, bottom] : [bottom, top]; // where the first and the last row are
  context.imageSmoothingEnabled = style.smooth;
  context.translate(x(left), y(head));
  context.scale((x(right) - x(left)) / picture.width, (y(foot) - y(head)) / picture.height);
  context.drawImage(picture, 0, 0);
}

/** @type {(style: ImageStyle, field: Float32Array) => OffscreenCanvas} */
function colored({ rows, clim: [low, high], colors }, field) {
  const columns = field.length / rows;
  const picture = new OffscreenCanvas(columns, rows);
  const rgba = new Uint32Array(field.length);
  const table = new Uint32Array(bytes(colors));
  field.forEach((value, i) => {
    const entry = Math.floor(((value - low) / (high - low)) * 256);
    rgba[i] = Number.isNaN(value) ? 0 : table[Math.max(0, Math.min(255, entry))];
  });
  const image = new ImageData(new Uint8ClampedArray(rgba.buffer), columns, rows);
  /** @type {OffscreenCanvasRenderingContext2D} */ (picture.getContext("2d")).putImageData(image, 0, 0);
  return picture;
}

/** @type {(context: CanvasRenderingContext2D, panel: Panel, style: TextStyle, frame: Frame) => void} */
function drawText(context, panel, style, { texts }) {
  const [across, up] = panel.places[style.id] ?? [0, 0];
  const lines = wholeText(texts[style.text]).split("\n");
  const font = (/** @type {number} */ pixels) => `${style.font_style} ${style.weight} ${pixels}px "DejaVu Sans", Verdana, sans-serif`;
  context.font = font(style.font_size * panel.dot);
  const widest = Math.max(...lines.map((line) => context.measureText(line).width));
  const size = style.font_size * panel.dot * shareThatFits(style, widest, across * panel.width, panel.width);
  context.font = font(size);
  context.fillStyle = style.color;
  context.textAlign = style.ha;
  context.translate(across * panel.width, (1 - up) * panel.height);
  context.rotate((-style.rotation * Math.PI) / 180);
  lines.forEach((line, i) => context.fillText(line, 0, size * (firstBaseline(style.va, lines.length) + 1.2 * i)));
}

// A line that would run out of its figure has smaller letters, though none that cannot be read.
/** @type {(style: Pick<TextStyle, "ha" | "rotation">, widest: number, x: number, width: number) => number} */
export function shareThatFits({ ha, rotation }, widest, x, width) {
  const room = { left: width - x, right: x, center: 2 * Math.min(x, width - x) }[/** @type {string} */ (ha)];
  return rotation || !room || room < 1 || widest <= room ? 1 : Math.max(0.7, room / widest);
}

// How far below its anchor a text's first baseline lies, in units of the font size (letters reach 0.76 up, 0.24 down).
/** @type {(va: string, lines: number) => number} */
export function firstBaseline(va, lines) {
  const rest = 1.2 * (lines - 1);
  if (va === "top") return 0.76;
  if (va === "bottom") return -0.24 - rest;
  return va === "baseline" ? 0 : 0.26 - rest / 2;
}
