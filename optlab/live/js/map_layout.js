// @ts-check
// Where things are on a map and an isolation plot: stops of a slider are equally wide.
/** @import { Area, MapRange } from "./types" */

import { fractionOf } from "./map_table.js";

const MARGIN = { left: 66, top: 8, bottom: 46 };

/** @type {(width: number, height: number, right: number) => Area} */
export const areaOf = (width, height, right) => ({
  left: MARGIN.left, top: MARGIN.top, width: width - MARGIN.left - right, height: height - MARGIN.top - MARGIN.bottom,
});

// The middle of a stop, along x; and along y, upwards.
/** @type {(area: Area, count: number, stop: number) => number} */
export const xOfStop = ({ left, width }, count, stop) => left + ((stop + 0.5) * width) / count;
/** @type {(area: Area, count: number, stop: number) => number} */
export const yOfStop = ({ top, height }, count, stop) => top + height - ((stop + 0.5) * height) / count;

// The stop under a pointer, -1 outside.
/** @type {(area: Area, count: number, x: number) => number} */
export const stopAtX = ({ left, width }, count, x) => inside(Math.floor(((x - left) * count) / width), count);
/** @type {(area: Area, count: number, y: number) => number} */
export const stopAtY = ({ top, height }, count, y) => inside(Math.floor(((top + height - y) * count) / height), count);

/** @type {(stop: number, count: number) => number} */
const inside = (stop, count) => (stop >= 0 && stop < count ? stop : -1);

// The height of a value.
/** @type {(area: Area, range: MapRange, value: number) => number} */
export const yOfValue = ({ top, height }, range, value) => top + height * (1 - fractionOf(range, value));
