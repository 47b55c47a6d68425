// @ts-check
// The front end of LiveFigure. matplotlib has drawn everything that stands still into a picture; the marks that live
// are drawn on canvases above it. Here: the table of frames, and which of them is shown. The view, films, comparing,
// hovering and drawing are in files of their own; Python joins them into one module (optlab/live/scripts.py).
/** @import { Frame, Model, Page, Scene, Store } from "./types" */

import { bytes, floats } from "./bytes.js";
import { awaitFrame, noteArrival } from "./coming.js";
import { leaveGhost } from "./compare.js";
import { allModels, follow, followSliders, modelOf } from "./models.js";
import { PackedFrame } from "./packing.js";
import { inOrder, newPages, warn } from "./pages.js";
import { slotOf } from "./setting.js";
import { FrameTable, placeOf } from "./table.js";
import { createView, fit, paint } from "./view.js";

export default () => {
  const store = createStore();
  return {
    initialize: (/** @type {{ model: Model }} */ { model }) => connect(store, model),
    render: (/** @type {{ model: Model, el: HTMLElement }} */ { model, el }) => createView(store, model, el),
  };
};

/** @type {() => Store} */
export function createStore() {
  const views = new Set();
  return {
    table: new FrameTable(), sliders: [], strides: [], placeStrides: [], read: new Set(), scenes: [], views, toolbar: null,
    shown: null, wanted: -1, waiting: false, coming: null, half: null, hasGoals: false, dots: null, ghost: null, fading: false, movement: 0,
    repaint: () => views.forEach(paint),
  };
}

// ---------------------------------------------------------------- what the kernel sends

/** @type {(store: Store, model: Model) => () => void} */
function connect(store, model) {
  /** @type {{ stop: () => void }} */
  const steering = { stop: () => {} };
  const later = inOrder(); // pages and sliders are fetched one batch after the other: a newer page must win
  const scenes = () => void loadScenes(store, model).catch(warn);
  const pushed = () => addRows(store, framesOf(model.get("pushed"), model), true, model.get("pushed"));
  const pages = () => later(() => loadPages(store, model));
  const sliders = () => later(() => steer(store, steering, model));
  const dots = () => {
    store.dots = model.get("dots");
    store.repaint();
  };
  const undo = [
    follow(model, ["backgrounds"], scenes),
    follow(model, ["pushed"], pushed),
    follow(model, ["pages"], pages),
    follow(model, ["sliders"], sliders),
    follow(model, ["dots"], dots),
  ];
  [scenes, pushed, sliders, pages, dots].forEach((act) => act());
  return () => [...undo, steering.stop].forEach((stop) => stop());
}

/** @type {(store: Store, model: Model) => Promise<void>} */
export const loadPages = (store, model) => newPages(store.read, model, (page) => addRows(store, framesOf(page, model), false));

/** @type {(store: Store, steering: { stop: () => void }, model: Model) => Promise<void>} */
async function steer(store, steering, model) {
  steering.stop();
  const [sliders, toolbar] = await Promise.all([
    allModels(model, model.get("sliders")),
    model.get("toolbar") ? modelOf(model, model.get("toolbar")) : null,
  ]);
  store.toolbar = toolbar;
  store.sliders = sliders ?? [];
  store.strides = model.get("strides");
  store.placeStrides = model.get("place_strides") ?? [];
  const move = () => seek(store, slotOf(sliders ?? [], store.strides));
  const undo = [followSliders(sliders ?? [], move)];
  if (toolbar) undo.push(follow(toolbar, ["step", "pins"], store.repaint));
  steering.stop = () => undo.forEach((stop) => stop());
  if (sliders?.length) move();
}

// A page is cut into frames without copying a number. The slots of a page are places.
/** @type {(page: Page | undefined, model: Model) => [slot: number, frame: Frame | PackedFrame][]} */
export function framesOf(page, model) {
  if (!page?.slots?.length) return [];
  if (page.planes) return page.slots.map((slot, row) => [slot, new PackedFrame(page, row)]);
  const values = floats(/** @type {DataView} */ (page.data));
  const size = model.get("artists").reduce((/** @type {number} */ sum, /** @type {any} */ style) => sum + style.size, 0);
  return page.slots.map((slot, row) => [slot, {
    values: values.subarray(row * size, (row + 1) * size),
    texts: page.texts[row],
    label: page.labels[row],
    scene: page.scenes[row],
    goals: page.goals[row],
  }]);
}

// New backgrounds take over only when all of them are decoded: until then the old ones stay, so nothing flickers.
/** @type {(store: Store, model: Model) => Promise<void>} */
async function loadScenes(store, model) {
  /** @type {(Omit<Scene, "picture" | "artists" | "limits"> & { background: DataView })[]} */
  const backgrounds = model.get("backgrounds");
  const artists = model.get("artists").map((/** @type {any} */ style) => ({ ...style, x: style.x ? floats(style.x) : null }));
  const pictures = await Promise.all(backgrounds.map(({ background }) =>
    createImageBitmap(new Blob([bytes(background)], { type: "image/png" }))));
  if (backgrounds !== model.get("backgrounds")) return; // overtaken by newer ones
  const limits = (/** @type {Pick<Scene, "axes">} */ { axes }) => JSON.stringify(axes.map(({ xlim, ylim }) => [xlim, ylim]));
  store.scenes = backgrounds.map((scene, k) => ({ ...scene, picture: pictures[k], artists, limits: limits(scene) }));
  if (store.coming && store.half?.slot === store.wanted) noteArrival(store, store.half.frame, true); // what grows is known only now
  store.views.forEach(fit);
}

// ---------------------------------------------------------------- what is shown

// `pushed` rows without a position are shown at once; every other row is shown if the sliders stand on it. A pushed row
// comes with its slot, a row of a page with its place. Of a run that is not finished nothing is kept.
/** @type {(store: Store, rows: [slot: number, frame: Frame | PackedFrame][], pushed: boolean, how?: { kept?: boolean, partial?: boolean }) => void} */
export function addRows(store, rows, pushed, { kept = true, partial = false } = {}) {
  const wanted = placeOf(store, store.wanted);
  for (const [slot, frame] of rows) {
    const place = pushed ? placeOf(store, slot) : slot;
    if (partial) store.half = { slot, frame: opened(frame) };
    else if (place >= 0 && kept) store.table.set(place, frame);
    const isWanted = pushed ? slot === store.wanted : place === wanted && wanted >= 0;
    if (isWanted || (pushed && (slot < 0 || store.wanted < 0))) show(store, pushed ? slot : store.wanted, frame, partial);
  }
}

// A slider has moved: show its frame if it is there, otherwise dim the old one until the new one comes.
/** @type {(store: Store, slot: number) => void} */
export function seek(store, slot) {
  const before = store.wanted;
  store.wanted = slot;
  if (before >= 0 && before !== slot) leaveGhost(store);
  const frame = store.table.get(placeOf(store, slot));
  if (frame) return show(store, slot, frame);
  if (store.half?.slot === slot) return show(store, slot, store.half.frame, true);
  store.half = null;
  store.waiting = true;
  awaitFrame(store);
  store.toolbar?.set("reached", []);
  store.repaint();
}

/** @type {(store: Store, slot: number, found: Frame | PackedFrame, partial?: boolean) => void} */
function show(store, slot, found, partial = false) {
  const frame = opened(found);
  store.shown = { slot, frame };
  store.waiting = false;
  noteArrival(store, frame, partial);
  store.hasGoals ||= frame.goals.length > 0;
  if (store.hasGoals) store.toolbar?.set("reached", frame.goals); // a setting that failed reaches none
  store.repaint();
}

/** @type {(frame: Frame | PackedFrame) => Frame} */
const opened = (frame) => (frame instanceof PackedFrame ? frame.open() : frame);
