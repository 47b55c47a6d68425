// @ts-check
// What pinned runs are drawn in: none of the colours of a figure's own lines, and far apart for colour-blind eyes too; the
// second four are dashed.
/** @import { PinLook } from "./types" */

const PIN_COLORS = ["#7b2d8e", "#8a6d00", "#3d3d3d", "#6b3d00"];
export const MOST_PINS = 2 * PIN_COLORS.length; // as optlab.live.state.MOST_PINS

/** @type {(place: number) => PinLook} */
export const pinLook = (place) =>
  ({ color: PIN_COLORS[place % PIN_COLORS.length], dashes: place < PIN_COLORS.length ? null : [4, 2.5] });
