// @ts-check
// TO BE REMOVED once Python describes every mark: what older figures leave unsaid, guessed from how a mark looks.
/** @import { Film, Frame, LineStyle, Panel, Style } from "./types" */

import { coordinates, pointsOf } from "./coordinates.js";

// The marks of a figure with all that Python has said of them, and guesses in place of what it has not.
/** @type {(styles: any[]) => Style[]} */
export function described(styles) {
  const growing = styles.filter(({ grows }) => grows != null);
  const widest = Math.max(...growing.map(({ width }) => width));
  const lone = (/** @type {any} */ style) => pointsOf(style) === 1 || (pointsOf(style) === 2 && !style.in_data[1]);
  const role = (/** @type {any} */ style) => {
    if (style.kind !== "line") return style.kind === "text" ? "title" : "plain";
    if (style.grows != null) return style.width === widest ? "main" : "other";
    if (growing.length) return pointsOf(style) === 1 ? "end" : "theory";
    return lone(style) ? "here" : "main";
  };
  const guesses = (/** @type {any} */ style) => ({ role: role(style), at: null, appears: false, guessed: true });
  const named = (/** @type {any} */ { label = "_" }) => !label.startsWith("_");
  return styles.map((style) => ("role" in style ? style : { ...guesses(style), named: named(style), ...style }));
}

// A marker of an older figure waits for the line that leads to it.
/** @type {(panel: Panel, style: Style, frame: Frame, film: Film) => boolean} */
export function waitsForItsLine(panel, style, { values }, film) {
  if (style.kind !== "line" || style.role !== "end" || !("guessed" in style)) return false;
  const { xs: [x], ys: [y] } = coordinates(style, values);
  const lines = /** @type {LineStyle[]} */ (panel.artists.filter(({ grows, axes }) => grows != null && axes === style.axes));
  return !lines.some((line) => {
    const { xs, ys } = coordinates(line, values, film);
    return xs.some((value, i) => value === x && ys[i] === y);
  });
}
