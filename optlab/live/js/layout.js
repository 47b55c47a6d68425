// @ts-check
// From data to pixels.
/** @import { Axes, Film, Panel, Pixel, PointStyle, Projector, Scene } from "./types" */

import { coordinates } from "./coordinates.js";

// Where everything is, in CSS pixels, for a figure shown `width` by `height` of them.
/** @type {(scene: Scene, width: number, height: number) => Panel} */
export function layOut(scene, width, height) {
  const dot = (width / scene.width) * (100 / 72); // a typographic point: the figure has 100 pixels to an inch
  const axes = scene.axes.map((place) => {
    const [left, bottom, w, h] = place.box;
    const box = { left: left * width, top: (1 - bottom - h) * height, width: w * width, height: h * height };
    const right = box.left + box.width;
    const foot = box.top + box.height;
    return {
      ...box,
      xlabel: place.xlabel,
      still: Boolean(place.still),
      spines: place.spines.map((points) => points * dot),
      x: projector(place.xlim, place.xlog, box.left, right),
      y: projector(place.ylim, place.ylog, foot, box.top),
      fromX: unprojector(place.xlim, place.xlog, box.left, right),
      fromY: unprojector(place.ylim, place.ylog, foot, box.top),
      acrossX: projector([0, 1], false, box.left, right),
      acrossY: projector([0, 1], false, foot, box.top),
    };
  });
  return { axes, places: scene.places, artists: scene.artists, width, height, dot };
}

// How many times as large as it was made a figure is shown, 1 or more: marks of the browser's own grow with it.
/** @type {(panel: Pick<Panel, "dot">) => number} */
export const enlarged = ({ dot }) => Math.max(1, 0.72 * dot);

// From data to pixels along one axis. Zero and less have no place on a log axis: the result is not finite, a gap.
/** @type {(limits: [number, number], log: boolean, from: number, to: number) => Projector} */
export function projector([low, high], log, from, to) {
  const scale = log ? Math.log10 : (/** @type {number} */ value) => value;
  const start = scale(low);
  const factor = (to - from) / (scale(high) - start);
  return (value) => from + (scale(value) - start) * factor;
}

// The other way round: from pixels to data.
/** @type {(limits: [number, number], log: boolean, from: number, to: number) => Projector} */
export function unprojector([low, high], log, from, to) {
  const [scale, back] = log ? [Math.log10, (/** @type {number} */ v) => 10 ** v] : [Number, Number];
  return (pixel) => back(scale(low) + ((pixel - from) / (to - from)) * (scale(high) - scale(low)));
}

// The points of a line or scatter in pixels.
/** @type {(panel: Panel, style: PointStyle, values: Float32Array, film?: Film) => Pixel[]} */
export function pixels(panel, style, values, film) {
  const { xs, ys } = coordinates(style, values, film);
  const axes = panel.axes[style.axes];
  const [dataX, dataY] = "in_data" in style ? style.in_data : [true, true];
  const toX = dataX ? axes.x : axes.acrossX;
  const toY = dataY ? axes.y : axes.acrossY;
  return Array.from(xs, (x, i) => {
    const [px, py] = [toX(x), toY(ys[i])];
    return Number.isFinite(px) && Number.isFinite(py) ? [px, within(py)] : null;
  });
}

/** @type {(pixel: number) => number} */
const within = (pixel) => Math.max(-1e5, Math.min(1e5, pixel)); // a canvas loses precision far outside

// Whether a point is within the axes, or on their edge.
/** @type {(axes: Pick<Axes, "left" | "top" | "width" | "height">, point: [number, number]) => boolean} */
export const isInside = ({ left, top, width, height }, [x, y]) =>
  x >= left - SLACK && x <= left + width + SLACK && y >= top - SLACK && y <= top + height + SLACK;

const SLACK = 0.5; // CSS pixels
