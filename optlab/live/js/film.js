// @ts-check
// A film of a run: what of a frame is there while the film shows a step.
/** @import { Film, Frame, LineStyle, Panel, Store, Style } from "./types" */

import { appearsAt, blockAt, coordinates, isLine, laterBlocks, short, WHOLE } from "./coordinates.js";

/** @type {(store: Store) => Film} */
export function filmOf({ toolbar }) {
  const [step, last] = toolbar ? [toolbar.get("step"), toolbar.get("last")] : [0, 0];
  return toolbar && step < last ? { step, unit: toolbar.get("unit") } : WHOLE;
}

// Whether anything is to come: after a run has diverged there is nothing.
/** @type {(panel: Panel, frame: Frame, film: Film) => boolean} */
export const isRunning = (panel, { values }, film) =>
  panel.artists.some((style) => {
    if (isLine(style) && style.grows != null && restOf(style, values, film).some(Number.isFinite)) return true;
    const step = appearsAt(style, values);
    return laterBlocks(style, values, film).some(Number.isFinite) || (step > film.step && step < Infinity);
  });

// The y of a growing line that the film has not reached.
/** @type {(style: LineStyle, values: Float32Array, film: Film) => Float32Array} */
function restOf(style, values, film) {
  const whole = coordinates({ ...style, grows: null }, values, film).ys;
  return whole.subarray(coordinates(style, values, film).ys.length);
}

// Whether a mark of a running film has yet to be drawn.
/** @type {(style: Style, frame: Frame, film: Film) => boolean} */
export const isToCome = (style, { values }, film) => !(appearsAt(style, values) <= film.step);

// A title sums up the whole run: while the film is running, the numbers of the moment replace it.
/** @type {(panel: Panel, frame: Frame, film: Film) => Frame} */
export function momentary(panel, frame, film) {
  const texts = frame.texts.slice();
  const taken = new Set();
  for (const style of panel.artists.filter(({ role }) => role === "title")) {
    texts[style.text] = taken.has(style.axes) ? "" : titleAt(panel, style, frame, film);
    taken.add(style.axes);
  }
  return { ...frame, texts };
}

const MOMENT = "\u001e"; // stands before each of the texts that follow a film, after the text of the whole run

/** @type {(text: string | undefined) => string} */
export const wholeText = (text) => (text ?? "").split(MOMENT, 1)[0];

// What a title says while a film is running: its own words for the moment, or the numbers of the growing lines.
/** @type {(panel: Panel, style: Style, frame: Frame, film: Film) => string} */
function titleAt(panel, style, frame, film) {
  const own = style.at && (frame.texts[style.text] ?? "").split(MOMENT)[1 + blockAt(style, film)];
  return own ? `${film.unit} ${film.step}: ${own}` : moment(panel, style.axes, frame, film, 2);
}

// The step, and where the lines of an axes are at it; the main ones first, no more than there is room for.
/** @type {(panel: Panel, axes: number, frame: Frame, film: Film, most?: number) => string} */
export function moment(panel, axes, { values }, film, most = Infinity) {
  const named = panel.artists.filter(isLine).filter((style) => style.axes === axes && style.grows != null && style.named);
  const numbers = named.sort((a, b) => rank(a) - rank(b)).slice(0, most).map((style) => {
    const { xs, ys } = coordinates(style, values, film);
    const [x, y] = [xs[ys.length - 1], ys.at(-1)];
    if (y === undefined || !Number.isFinite(y)) return "";
    return `${style.label} ${style.x ? short(y, 3) : `(${short(x, 3)}, ${short(y, 3)})`}`; // of a path both
  });
  return [`${film.unit} ${film.step}`, numbers.filter(Boolean).join(" · ")].filter(Boolean).join(": ");
}

/** @type {(style: Style) => number} */
const rank = ({ role }) => (role === "main" ? 0 : role === "other" ? 1 : 2);

// A frame for a screen reader.
/** @type {(panel: Panel, frame: Frame, film: Film) => string} */
export function inWords(panel, frame, film) {
  if (!isRunning(panel, frame, film)) return frame.label;
  const titled = (/** @type {number} */ k) => panel.artists.find((style) => style.axes === k && style.role === "title" && style.at);
  return panel.axes.map((_, k) => {
    const title = titled(k);
    return title ? titleAt(panel, title, frame, film) : moment(panel, k, frame, film);
  }).join("; ");
}
