// @ts-check
// The numbers that a figure shows, as rows of a table.
/** @import { Film, Frame, LineStyle, NumberRow, Panel, Style } from "./types" */

import { coordinates, isLine } from "./coordinates.js";

const SAID = ["main", "other", "here", "end"]; // roles of marks that say something of the run, named or not

// What each line and marker shows, as far as the film has come; of a pinned run what its pin shows.
/** @type {(panel: Panel, artists: Style[], frame: Frame, film: Film) => NumberRow[]} */
export function numbersShown(panel, artists, { values }, film) {
  return artists.filter(isLine).filter(isSaid).flatMap((style) => {
    const { xs, ys } = coordinates(style, values, film);
    const row = { axes: style.axes, line: style.label.replace(/^_/, ""), xlabel: panel.axes[style.axes].xlabel };
    return Array.from(ys, (y, k) => ({ ...row, x: exact(xs[k], style.x ? 7 : 5), y: exact(y, 5) }))
      .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  });
}

/** @type {(style: LineStyle) => boolean} */
const isSaid = ({ named, role, in_data: [x, y] }) => x && y && (named || SAID.includes(role));

// To as many digits as travel: 16 bits of a number, but for whole ones.
/** @type {(value: number, digits: number) => number} */
const exact = (value, digits) => (Number.isInteger(value) ? value : Number(value.toPrecision(digits)));
