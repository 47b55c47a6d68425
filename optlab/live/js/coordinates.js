// @ts-check
// From a frame's numbers to the coordinates of a mark, as far as a film has come.
/** @import { Film, LineStyle, PointStyle, Style } from "./types" */

/** @type {Film} */
export const WHOLE = { step: Infinity, unit: "" };

/** @type {(style: Style) => style is LineStyle} */
export const isLine = (style) => style.kind === "line";

/** @type {(style: Style) => number} */
const blockSize = ({ size, appears, at }) => (size - (appears ? 1 : 0)) / (at ? at.length : 1);

/** @type {(style: PointStyle) => number} */
export const pointsOf = (style) => ("x" in style && style.x ? blockSize(style) : blockSize(style) / 2);

// Which block of its numbers a mark shows: that of the last stop at or before the film's step; -1: none yet.
/** @type {(style: Style, film: Film) => number} */
export const blockAt = ({ at }, { step }) => (at ? at.findLastIndex((stop) => stop <= step) : 0);

// The numbers that a mark shows; empty where it has no place yet.
/** @type {(style: Style, values: Float32Array, film: Film) => Float32Array} */
export function block(style, values, film) {
  const size = blockSize(style);
  const from = style.start + blockAt(style, film) * size;
  return from < style.start ? values.subarray(0, 0) : values.subarray(from, from + size);
}

// The numbers of the blocks that are still to come.
/** @type {(style: Style, values: Float32Array, film: Film) => Float32Array} */
export function laterBlocks(style, values, film) {
  const size = blockSize(style);
  const count = style.at ? style.at.length : 1;
  return values.subarray(style.start + (blockAt(style, film) + 1) * size, style.start + count * size);
}

// The step from which on a mark is drawn; NaN: not before the run is over.
/** @type {(style: Style, values: Float32Array) => number} */
export const appearsAt = ({ start, size, appears }, values) => (appears ? values[start + size - 1] : -Infinity);

// How many points of a mark are drawn: all, or those up to the film's step.
/** @type {(style: PointStyle, film: Film) => number} */
export function grownTo(style, { step }) {
  const all = pointsOf(style);
  return style.grows == null ? all : Math.max(0, Math.min(all, Math.floor((step - style.grows) / style.every) + 1));
}

/** @type {(style: PointStyle, values: Float32Array, film?: Film) => { xs: Float32Array, ys: Float32Array }} */
export function coordinates(style, values, film = WHOLE) {
  const numbers = block(style, values, film);
  const count = grownTo(style, film);
  const x = "x" in style ? style.x : null;
  const [xs, ys] = x ? [x, numbers] : [numbers, numbers.subarray(numbers.length / 2)];
  const drawn = Math.min(count, ys.length);
  return { xs: xs.subarray(0, drawn), ys: ys.subarray(0, drawn) };
}

/** @type {(value: number, digits?: number) => string} */
export const short = (value, digits = 4) => String(Number(value.toPrecision(digits))).replace(/(^|e)-/g, "$1−");
