// @ts-check
// The front end of LabMap: one number of every setting that is known, over any two sliders as an image, and its best over
// all other sliders against one of them. Here: the numbers, and a view's parts. Layout, painting, words and what the
// pointer and the keys do are in files of their own.
/** @import { MapLab, MapStore, MapView, Model } from "./types" */

import { bytes } from "./bytes.js";
import { append } from "./elements.js";
import { keepToOurselves } from "./keys.js";
import { followPointer } from "./map_acts.js";
import { paintView } from "./map_view.js";
import { emptyTable, fillIn } from "./map_table.js";
import { movable } from "./map_words.js";
import { allModels, follow, followSliders } from "./models.js";
import { inOrder, newPages } from "./pages.js";

export default () => {
  /** @type {MapStore} */
  const store = { table: emptyTable([]), read: new Set(), views: new Set() };
  return {
    initialize: (/** @type {{ model: Model }} */ { model }) => connectMap(store, model),
    render: (/** @type {{ model: Model, el: HTMLElement }} */ { model, el }) => showMap(store, model, el),
  };
};

/** @type {(store: MapStore, model: Model) => () => void} */
function connectMap(store, model) {
  store.table = emptyTable(model.get("params"));
  const later = inOrder();
  const load = () => later(async () => {
    await newPages(store.read, model, (page) => page && fillIn(store.table, page));
    store.views.forEach(repaintSoon);
  });
  load();
  return follow(model, ["pages"], load);
}

/** @type {(store: MapStore, model: Model, el: HTMLElement) => Promise<() => void>} */
async function showMap(store, model, el) {
  const sliders = await allModels(model, model.get("sliders"));
  if (!sliders) return () => {};
  const view = createMapView(store, labOf(model, sliders), append(el, "div", "optlab-map"));
  const repaint = () => repaintSoon(view);
  const size = new ResizeObserver(repaint);
  const theme = new MutationObserver(repaint); // JupyterLab says on the body which theme it has
  size.observe(view.plane.frame);
  theme.observe(document.body, { attributes: true });
  store.views.add(view);
  const undo = [followSliders(sliders, repaint), follow(model, ["axes"], repaint), followPointer(view)];
  repaint();
  return () => {
    [size, theme].forEach((observer) => observer.disconnect());
    cancelAnimationFrame(view.pending);
    undo.forEach((stop) => stop());
    store.views.delete(view);
  };
}

/** @type {(model: Model, sliders: Model[]) => MapLab} */
const labOf = (model, sliders) => ({
  model, sliders, params: model.get("params"), strides: model.get("strides"), label: model.get("label"),
  sign: model.get("lowest_is_best") ? 1 : -1, colors: new Uint8Array(bytes(model.get("colors"))),
});

/** @type {(store: MapStore, lab: MapLab, box: HTMLElement) => MapView} */
function createMapView(store, lab, box) {
  box.addEventListener("keydown", keepToOurselves);
  const head = append(box, "div", "optlab-map-head");
  append(head, "b").textContent = `Map: ${lab.label}`;
  const selects = ["across", "up"].map((direction, side) => addSelect(head, lab, direction, side));
  const count = append(head, "span", "optlab-map-count");
  const row = append(box, "div", "optlab-map-row");
  const [plane, isolation] = [addPart(row), addPart(row)];
  append(isolation.title, "span", "optlab-map-best").textContent = "best over all other sliders";
  append(isolation.title, "span", "optlab-map-here").textContent = "other sliders as they are";
  return { store, lab, box, selects, count, plane, isolation, pending: 0 };
}

/** @type {(head: HTMLElement, lab: MapLab, direction: string, side: number) => HTMLSelectElement} */
function addSelect(head, lab, direction, side) {
  const holder = append(head, "label");
  holder.append(`${direction} `);
  const select = append(holder, "select");
  for (const slider of movable(lab)) select.add(new Option(lab.params[slider].title, String(slider)));
  select.addEventListener("change", () => {
    lab.model.set("axes", withAxis(lab.model.get("axes"), side, Number(select.value)));
    lab.model.save_changes();
  });
  return select;
}

// Both axes, one of them chosen anew; where it was the other one, they change places.
/** @type {(axes: number[], side: number, chosen: number) => number[]} */
export function withAxis(axes, side, chosen) {
  const changed = axes.map((axis) => (axis === chosen ? axes[side] : axis));
  changed[side] = chosen;
  return changed;
}

/** @type {(row: HTMLElement) => import("./types").MapPart} */
function addPart(row) {
  const figure = append(row, "figure", "optlab-map-part");
  const title = append(figure, "figcaption");
  const frame = append(figure, "div", "optlab-map-frame");
  const canvas = append(frame, "canvas");
  const tip = append(frame, "div", "optlab-tip");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  tip.hidden = true;
  return { title, frame, canvas, tip };
}

// All that has changed before a display frame is painted at once.
/** @type {(view: MapView) => void} */
function repaintSoon(view) {
  view.pending ||= requestAnimationFrame(() => {
    view.pending = 0;
    paintView(view);
  });
}
