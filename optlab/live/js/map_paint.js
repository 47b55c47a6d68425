// @ts-check
// A map and an isolation plot on canvases. Everything is read from the arguments; the unit is a CSS pixel.
/** @import { Area, Best, Cell, Ink, MapRange } from "./types" */

import { xOfStop, yOfStop, yOfValue } from "./map_layout.js";
import { fractionOf, namedStops, ticksOf } from "./map_table.js";
import { tickText } from "./map_words.js";

const FONT = '11px "DejaVu Sans", Verdana, sans-serif';
const FAINT = 0.22;
const LOST = "#9a9a9a"; // a run that diverged

/** @typedef {CanvasRenderingContext2D} Pen */

// The plane: a coloured cell for every setting that is known.
/** @type {(pen: Pen, area: Area, rows: Cell[][], range: MapRange, ink: Ink) => void} */
export function paintPlane(pen, area, rows, range, ink) {
  const [w, h] = [area.width / rows[0].length, area.height / rows.length];
  rows.forEach((cells, up) => cells.forEach(({ known, value }, across) => {
    if (!known) return;
    const [x, y] = [area.left + across * w, area.top + area.height - (up + 1) * h];
    pen.fillStyle = Number.isFinite(value) ? colorOf(ink, fractionOf(range, value)) : LOST;
    pen.fillRect(x, y, w + 0.5, h + 0.5); // no seams
    if (!Number.isFinite(value)) cross(pen, x + w / 2, y + h / 2, Math.min(w, h) / 6);
  }));
  pen.globalAlpha = FAINT;
  pen.strokeStyle = ink.text;
  pen.lineWidth = 1;
  pen.strokeRect(area.left, area.top, area.width, area.height);
  pen.globalAlpha = 1;
}

/** @type {(ink: Ink, fraction: number) => string} */
export function colorOf({ colors }, fraction) {
  const k = 4 * Math.min(255, Math.floor(256 * fraction));
  return `rgb(${colors[k]} ${colors[k + 1]} ${colors[k + 2]})`;
}

/** @type {(pen: Pen, x: number, y: number, size: number) => void} */
function cross(pen, x, y, size) {
  pen.strokeStyle = "#fff";
  pen.lineWidth = 1.2;
  pen.beginPath();
  pen.moveTo(x - size, y - size);
  pen.lineTo(x + size, y + size);
  pen.moveTo(x - size, y + size);
  pen.lineTo(x + size, y - size);
  pen.stroke();
}

// Where the sliders are: a ring that is seen on every colour.
/** @type {(pen: Pen, x: number, y: number) => void} */
export function paintDot(pen, x, y) {
  pen.beginPath();
  pen.arc(x, y, 6, 0, 2 * Math.PI);
  pen.lineWidth = 4.5;
  pen.strokeStyle = "#000";
  pen.stroke();
  pen.lineWidth = 2;
  pen.strokeStyle = "#fff";
  pen.stroke();
}

// The best of what is shown.
/** @type {(pen: Pen, x: number, y: number) => void} */
export function paintStar(pen, x, y) {
  pen.beginPath();
  for (let k = 0; k < 10; k += 1) {
    const [radius, angle] = [k % 2 ? 3.2 : 8, (k * Math.PI) / 5 - Math.PI / 2];
    pen.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  pen.closePath();
  pen.fillStyle = "#ffd700";
  pen.fill();
  pen.strokeStyle = "#000";
  pen.lineWidth = 1;
  pen.stroke();
}

/** @type {(pen: Pen, area: Area, range: MapRange, ink: Ink) => void} */
export function paintColorBar(pen, { left, top, width, height }, range, ink) {
  const x = left + width + 12;
  for (let k = 0; k < height; k += 1) {
    pen.fillStyle = colorOf(ink, 1 - k / height);
    pen.fillRect(x, top + k, 12, 1.5);
  }
  writing(pen, ink, "left", "middle");
  for (const tick of ticksOf(range, 6)) pen.fillText(tickText(tick), x + 16, top + height * (1 - fractionOf(range, tick)));
}

// The names of stops below the axis, and what they are of.
/** @type {(pen: Pen, area: Area, texts: string[], title: string, ink: Ink) => void} */
export function paintAcross(pen, area, texts, title, ink) {
  writing(pen, ink, "center", "top");
  const widest = 8 + Math.max(...texts.map((text) => pen.measureText(text).width));
  const foot = area.top + area.height;
  for (const stop of namedStops(texts.length, area.width, widest)) {
    const x = xOfStop(area, texts.length, stop);
    pen.fillRect(x - 0.5, foot, 1, 4);
    pen.fillText(texts[stop], x, foot + 7);
  }
  pen.fillText(title, area.left + area.width / 2, foot + 26);
}

/** @type {(pen: Pen, area: Area, texts: string[], title: string, ink: Ink) => void} */
export function paintUp(pen, area, texts, title, ink) {
  const named = namedStops(texts.length, area.height, 15);
  paintLeft(pen, area, named.map((stop) => ({ y: yOfStop(area, texts.length, stop), text: texts[stop] })), title, ink);
}

// An axis of values, and thin lines across.
/** @type {(pen: Pen, area: Area, range: MapRange, title: string, ink: Ink) => void} */
export function paintValues(pen, area, range, title, ink) {
  const ticks = ticksOf(range, 7).map((tick) => ({ y: yOfValue(area, range, tick), text: tickText(tick) }));
  pen.globalAlpha = FAINT;
  pen.fillStyle = ink.text;
  for (const { y } of ticks) pen.fillRect(area.left, y - 0.5, area.width, 1);
  pen.fillRect(area.left, area.top, 1, area.height);
  pen.globalAlpha = 1;
  paintLeft(pen, area, ticks, title, ink);
}

/** @type {(pen: Pen, area: Area, ticks: { y: number, text: string }[], title: string, ink: Ink) => void} */
function paintLeft(pen, area, ticks, title, ink) {
  writing(pen, ink, "right", "middle");
  for (const { y, text } of ticks) {
    pen.fillRect(area.left - 4, y - 0.5, 4, 1);
    pen.fillText(text, area.left - 7, y);
  }
  pen.save();
  pen.translate(12, area.top + area.height / 2);
  pen.rotate(-Math.PI / 2);
  pen.textAlign = "center";
  pen.fillText(title, 0, 0);
  pen.restore();
}

/** @type {(pen: Pen, ink: Ink, align: CanvasTextAlign, baseline: CanvasTextBaseline) => void} */
function writing(pen, ink, align, baseline) {
  Object.assign(pen, { font: FONT, fillStyle: ink.text, textAlign: align, textBaseline: baseline });
}

// Values against the stops of a slider: a line through those that are known, with a mark on each.
/** @type {(pen: Pen, area: Area, values: (Cell | Best)[], range: MapRange, look: { color: string, dash: number[] }) => void} */
export function paintCurve(pen, area, values, range, { color, dash }) {
  const points = values.map(({ value }, stop) => ({ value, x: xOfStop(area, values.length, stop), y: yOfValue(area, range, value) }))
    .filter(({ value }) => Number.isFinite(value));
  pen.save();
  Object.assign(pen, { strokeStyle: color, fillStyle: color, lineWidth: 2 });
  pen.setLineDash(dash);
  pen.beginPath();
  points.forEach(({ x, y }) => pen.lineTo(x, y));
  pen.stroke();
  pen.setLineDash([]);
  for (const { x, y } of points) {
    pen.beginPath();
    pen.arc(x, y, 3, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.restore();
}
