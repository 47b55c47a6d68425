// @ts-check
// Names at the ends of lines: beside the last point that is seen, none over another (as endings.py).
/** @import { Film, Frame, Panel, Style } from "./types" */

import { isLine } from "./coordinates.js";
import { isWatched } from "./edges.js";
import { isInside, pixels } from "./layout.js";
import { FONT, LETTER, readable, withHalo, write } from "./letters.js";

/** @typedef {{ text: string, color: string, x: number, y: number, width: number }} Ending */

/** @type {(context: CanvasRenderingContext2D, panel: Panel, frame: Frame, film: Film) => void} */
export function drawEndings(context, panel, frame, film) {
  const size = 8.5 * panel.dot;
  withHalo(context, size, () => {
    context.font = `${size}px ${FONT}`;
    for (const { text, color, x, y } of endings(panel, frame, film, size)) {
      context.fillStyle = color;
      write(context, text, x, y + 0.26 * size, "left");
    }
  });
}

// Where they stand: each beside its line's end, as far as a film has come.
/** @type {(panel: Panel, frame: Frame, film: Film, size: number) => Ending[]} */
export const endings = (panel, frame, film, size) =>
  panel.axes.flatMap(({ top, height }, k) => {
    const own = panel.artists.filter((style) => style.axes === k).flatMap((style) => endingOf(panel, style, frame, film, size));
    return apart(own, 1.15 * size, top + height);
  });

// A line that ends outside has its name in the note at the edge, if it has one; else beside the last point that is seen.
/** @type {(panel: Panel, style: Style, frame: Frame, film: Film, size: number) => Ending[]} */
function endingOf(panel, style, { values }, film, size) {
  if (!isLine(style) || !style.ending) return [];
  const known = pixels(panel, style, values, film).filter((point) => point !== null);
  const end = known.findLast((point) => isInside(panel.axes[style.axes], point));
  if (!end || (isWatched(style) && end !== known.at(-1))) return [];
  const [x, y] = [end[0] + 4 * panel.dot, end[1]];
  return [{ text: style.ending, color: readable(style.color), x, y, width: LETTER * size * style.ending.length }];
}

// Moved down, and where there is no room up again, until none lies over another; what has room stays where it is.
/** @type {(list: Ending[], height: number, foot: number) => Ending[]} */
export function apart(list, height, foot) {
  /** @type {Ending[]} */
  const down = [];
  for (const one of list.toSorted((a, b) => a.y - b.y)) {
    const above = down.filter((other) => isBeside(one, other)).map((other) => other.y + height);
    down.push({ ...one, y: Math.max(one.y, ...above) });
  }
  /** @type {Ending[]} */
  const up = [];
  for (const one of down.toReversed()) {
    const below = up.filter((other) => isBeside(one, other)).map((other) => other.y - height);
    up.push({ ...one, y: Math.min(one.y, foot, ...below) });
  }
  return up.toReversed();
}

// Whether they would meet at the same height.
/** @type {(one: Ending, other: Ending) => boolean} */
const isBeside = (one, other) => one.x < other.x + other.width && other.x < one.x + one.width;
