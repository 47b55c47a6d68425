// @ts-check
// Buttons at a figure's corner: fit the axes to what is shown, make them logarithmic or linear, and back. The kernel
// draws the background anew; the frames are numbers, so they stay.
/** @import { AxesPlace, Frame, Model, Panel, PointStyle, View } from "./types" */

import { coordinates } from "./coordinates.js";
import { append } from "./elements.js";
import { follow } from "./models.js";

const PATIENCE = 3000; // ms to wait for the kernel
const EDGE = 0.05; // of the axes, left free around what is shown

/** @typedef {{ xlim: number[], ylim: number[], xlog: boolean, ylog: boolean }} Seen */

/** @type {(view: View, model: Model) => () => void} */
export function addSeen(view, model) {
  const bar = append(view.box, "div", "optlab-seen");
  bar.hidden = true;
  const said = append(bar, "output");
  const [fit, y, x, back] = ["fit", "", "", "reset"].map((text) => {
    const button = append(bar, "button", "optlab-seen-button");
    button.textContent = text;
    return button;
  });
  const act = { fit, y, x, back };
  const show = () => showButtons(view, model, act);
  fit.title = "Fit the axes to what is shown";
  back.title = "The axes as they were";
  fit.addEventListener("click", () => askForAxes(view, model, said, (now, range) => ({ ...now, xlim: range("x", now.xlog), ylim: range("y", now.ylog) })));
  y.addEventListener("click", () => askForAxes(view, model, said, (now, range) => ({ ...now, ylog: !now.ylog, ylim: range("y", !now.ylog) })));
  x.addEventListener("click", () => askForAxes(view, model, said, (now, range) => ({ ...now, xlog: !now.xlog, xlim: range("x", !now.xlog) })));
  back.addEventListener("click", () => askForAxes(view, model, said, () => null));
  view.box.addEventListener("pointerenter", show);
  bar.addEventListener("focusin", show);
  const stop = follow(model, ["backgrounds"], () => {
    clearTimeout(view.waitingForAxes);
    said.textContent = "";
    setTimeout(show, 300); // once the new pictures are there
  });
  show();
  return () => {
    clearTimeout(view.waitingForAxes);
    stop();
  };
}

/** @type {(view: View, model: Model, act: Record<"fit" | "y" | "x" | "back", HTMLButtonElement>) => void} */
function showButtons(view, model, { fit, y, x, back }) {
  const frame = view.store.shown?.frame;
  const now = placeOfAxes(view, model);
  fit.parentElement?.toggleAttribute("hidden", !frame || !view.panel || !now);
  if (!frame || !view.panel || !now) return;
  fit.hidden = !rangeOf(view.panel, frame, "y", now.ylog) || !now.free?.[1];
  for (const [button, name, free, log] of /** @type {[HTMLButtonElement, "x" | "y", boolean, boolean][]} */ ([
    [y, "y", now.free?.[1], now.ylog], [x, "x", now.free?.[0], now.xlog],
  ])) {
    button.hidden = !free || !(log || allowsLog(view.panel, frame, name));
    button.textContent = `${name}: ${log ? "linear" : "log"}`;
    button.title = `Make the ${name} axis ${log ? "linear" : "logarithmic"}`;
  }
  back.hidden = !Object.keys(model.get("seen") ?? {}).length;
}

// The axes of the background that is shown; only a figure with one axes has the buttons, and none with an image.
/** @type {(view: View, model: Model) => AxesPlace | null} */
function placeOfAxes({ store }, model) {
  const axes = store.shown && store.scenes[store.shown.frame.scene]?.axes;
  const images = (model.get("artists") ?? []).some((/** @type {any} */ style) => style.kind === "image");
  return axes && axes.length === 1 && !images && model.get("seen") ? axes[0] : null;
}

// What the kernel is asked for is taken back where it does not answer: it is busy, or there is none.
/** @type {(view: View, model: Model, said: HTMLElement, change: (now: Seen, range: (name: "x" | "y", log: boolean) => number[]) => Seen | null) => void} */
function askForAxes(view, model, said, change) {
  const [frame, panel, place] = [view.store.shown?.frame, view.panel, placeOfAxes(view, model)];
  if (!frame || !panel || !place) return;
  const now = { xlim: place.xlim, ylim: place.ylim, xlog: place.xlog, ylog: place.ylog };
  const wanted = change(now, (name, log) => rangeOf(panel, frame, name, log) ?? (name === "x" ? place.xlim : place.ylim));
  const before = model.get("seen");
  model.set("seen", wanted ? { 0: wanted } : {});
  model.save_changes();
  said.textContent = "…";
  clearTimeout(view.waitingForAxes);
  view.waitingForAxes = setTimeout(() => {
    said.textContent = "the kernel does not answer";
    model.set("seen", before);
    model.save_changes();
  }, PATIENCE);
}

/** @type {(panel: Panel) => PointStyle[]} */
const curves = ({ artists }) => /** @type {PointStyle[]} */ (artists.filter((style) =>
  (style.kind === "line" && style.in_data.every(Boolean)) || style.kind === "scatter"));

// All numbers of one axis. Where every curve has x of its own, x is as it should be.
/** @type {(panel: Panel, frame: Frame, name: "x" | "y") => number[]} */
function shownAlong(panel, { values }, name) {
  return curves(panel).flatMap((style) => {
    const { xs, ys } = coordinates(style, values);
    const known = Array.from(ys, (y, i) => [xs[i], y]).filter((pair) => pair.every(Number.isFinite));
    return known.map(([x, y]) => (name === "x" ? x : y));
  });
}

/** @type {(panel: Panel, frame: Frame, name: "x" | "y") => boolean} */
export function allowsLog(panel, frame, name) {
  const numbers = shownAlong(panel, frame, name);
  return numbers.every((v) => v >= 0) && numbers.filter((v) => v > 0).length > numbers.length / 2;
}

// The limits that hold all that is shown, with some room; null where nothing is.
/** @type {(panel: Panel, frame: Frame, name: "x" | "y", log: boolean) => number[] | null} */
export function rangeOf(panel, frame, name, log) {
  const numbers = shownAlong(panel, frame, name).filter((v) => !log || v > 0);
  if (!numbers.length) return null;
  const [scale, back] = log ? [Math.log10, (/** @type {number} */ v) => 10 ** v] : [Number, Number];
  let [low, high] = [Infinity, -Infinity];
  for (const v of numbers) [low, high] = [Math.min(low, scale(v)), Math.max(high, scale(v))];
  const room = (high - low || Math.abs(high) || 1) * EDGE;
  return [back(low - room), back(high + room)];
}
