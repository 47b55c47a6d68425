// @ts-check
// What can be saved of a figure as one view shows it: its numbers, a picture, a vector graphic. The toolbar finds it on
// the view's element, for every widget is a module of its own.
/** @import { Figured, View } from "./types" */

import { pinned, traces } from "./compare.js";
import { filmOf } from "./film.js";
import { numbersShown } from "./numbers.js";
import { SvgContext } from "./svg.js";

/** @type {["back", "pins", "front", "badges"]} */
const SAVED = ["back", "pins", "front", "badges"]; // the layers that stay: a ghost is gone in a moment

/** @type {(view: View, paint: (view: View) => void) => Figured} */
export const figured = (view, paint) => ({
  numbers: () => numbersOfRuns(view),
  shown: () => view.store.shown,
  picture: (ratio) => flattened(repainted(view, paint, ratio, (canvas) => canvas)),
  drawing: (prefix) => repainted(view, paint, 1, (canvas, layer) => withSvg(canvas, `${prefix}-${layer}-`)).map(({ svg }) => svg.text()).join("\n"),
});

/** @type {(view: View) => import("./types").RunRows[]} */
function numbersOfRuns({ store, panel }) {
  if (!panel || !store.shown) return [];
  const film = filmOf(store);
  const pins = pinned(store).flatMap(({ frame, place, slot }) =>
    (frame ? [{ pin: place + 1, slot, rows: numbersShown(panel, traces(panel), frame, film) }] : []));
  return [{ pin: 0, slot: store.shown.slot, rows: numbersShown(panel, panel.artists, store.shown.frame, film) }, ...pins];
}

// The figure painted once more, on other canvases: one for each layer that is saved.
/** @type {<T>(view: View, paint: (view: View) => void, ratio: number, dress: (canvas: HTMLCanvasElement, layer: string) => T) => T[]} */
function repainted(view, paint, ratio, dress) {
  const blank = () => Object.assign(document.createElement("canvas"), {
    width: Math.round(view.box.clientWidth * ratio), height: Math.round(view.box.clientHeight * ratio),
  });
  const layers = { ghost: blank(), ...Object.fromEntries(SAVED.map((layer) => [layer, blank()])) };
  const dressed = SAVED.map((layer) => dress(/** @type {any} */ (layers)[layer], layer));
  const tip = document.createElement("div");
  paint({ ...view, ...layers, tip, panel: null, onBack: null, pointer: null, covered: false });
  return dressed;
}

/** @type {(layers: HTMLCanvasElement[]) => HTMLCanvasElement} */
function flattened([below, ...above]) {
  const context = below.getContext("2d");
  context?.setTransform(1, 0, 0, 1, 0, 0);
  above.forEach((layer) => context?.drawImage(layer, 0, 0));
  return below;
}

// A canvas on which nothing is painted: what would be is written down.
/** @type {(canvas: HTMLCanvasElement, prefix: string) => { svg: SvgContext }} */
function withSvg(canvas, prefix) {
  const svg = new SvgContext(prefix, urlOf);
  return Object.assign(canvas, { svg, getContext: /** @type {any} */ (() => svg) });
}

/** @type {(picture: CanvasImageSource & { width: number, height: number }) => string} */
function urlOf(picture) {
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  return canvas.toDataURL();
}
