// @ts-check
// The view of a LiveFigure: from back to front the picture by matplotlib, the pinned runs, the ghost, the run on the
// screen, and the numbers of the pins, each on a canvas of its own.
/** @import { Model, Scene, Store, View } from "./types" */

import { cleared, contextOf } from "./canvas.js";
import { followClicks } from "./clicks.js";
import { comingWords, paintComing } from "./coming.js";
import { paintGhost, paintPins } from "./compare.js";
import { followStage } from "./covered.js";
import { paintDots } from "./dots.js";
import { draw } from "./drawing.js";
import { append } from "./elements.js";
import { spoken } from "./edges.js";
import { filmOf } from "./film.js";
import { point, showTip } from "./hover.js";
import { layOut } from "./layout.js";
import { follow } from "./models.js";
import { addSeen } from "./seen.js";
import { figured } from "./shots.js";
import { addSketch } from "./sketch.js";
import { followHand } from "./steering.js";

const FINEST = 4; // what Python draws at most
/** @type {["back", "pins", "ghost", "front", "badges"]} */
const LAYERS = ["back", "pins", "ghost", "front", "badges"];

/** @type {(store: Store, model: Model, el: HTMLElement) => () => void} */
export function createView(store, model, el) {
  const view = createCanvases(store, append(el, "div", "optlab-figure"));
  reserveSpace(view, model);
  const undo = [follow(model, ["size"], () => reserveSpace(view, model)), followStage(view.box, (covered) => cover(view, covered))];
  const observer = new ResizeObserver(() => {
    fit(view);
    clearTimeout(view.asking);
    view.asking = setTimeout(() => ask(view, model), 200); // once the window has come to rest
  });
  observer.observe(view.box);
  view.front.addEventListener("pointermove", (event) => point(view, [event.offsetX, event.offsetY]));
  view.front.addEventListener("pointerleave", () => point(view, null));
  followClicks(view, model);
  undo.push(followHand(view, model), addSeen(view, model), addSketch(view, model));
  store.views.add(view);
  Object.assign(view.box, { optlabFigure: figured(view, paint) });
  askForFinerPicture(view, model);
  return () => {
    observer.disconnect();
    clearTimeout(view.asking);
    undo.forEach((stop) => stop());
    store.views.delete(view);
    store.views.forEach((other) => askForLayout(other, model)); // the one that has gone may have asked for another room
  };
}

/** @type {(store: Store, box: HTMLElement) => View} */
function createCanvases(store, box) {
  const [back, pins, ghost, front, badges] = LAYERS.map((layer) => append(box, "canvas", `optlab-${layer}`));
  for (const canvas of [back, pins, ghost, badges]) canvas.setAttribute("aria-hidden", "true");
  front.setAttribute("role", "img");
  const tip = append(box, "div", "optlab-tip");
  tip.hidden = true;
  return { store, box, back, pins, ghost, front, badges, tip, panel: null, onBack: null, pointer: null, covered: false };
}

// What nobody can see is not painted.
/** @type {(view: View, covered: boolean) => void} */
function cover(view, covered) {
  view.covered = covered;
  if (!covered) paint(view);
}

// The height follows from the width before any picture is there, so the page never jumps.
/** @type {(view: View, model: Model) => void} */
function reserveSpace({ box }, model) {
  const [width, height] = model.get("size");
  box.style.setProperty("--optlab-width", `${width}px`);
  box.style.setProperty("--optlab-aspect", String(width / height));
  box.style.aspectRatio = `${width} / ${height}`;
}

// A figure that is shown larger than it was drawn, or on a finer screen, needs more pixels.
/** @type {(view: View, model: Model) => void} */
function askForFinerPicture({ box }, model) {
  const finer = finerRatio(box.clientWidth / model.get("size")[0], window.devicePixelRatio, model.get("pixel_ratio"));
  if (!finer) return;
  model.set("pixel_ratio", finer);
  model.save_changes();
}

// The pixels to a CSS pixel of the figure that a screen can show, in halves; 0 where those that there are will do.
/** @type {(larger: number, ofScreen: number, now: number) => number} */
export function finerRatio(larger, ofScreen, now) {
  const wanted = Math.min(FINEST, Math.ceil(2 * Math.max(1, larger) * ofScreen) / 2);
  return wanted > now ? wanted : 0;
}

/** @type {(view: View, model: Model) => void} */
function ask(view, model) {
  if (view.covered) return;
  askForLayout(view, model);
  askForFinerPicture(view, model);
}

// Letters may shrink to 80 % of their size; on a narrower page the kernel lays the figure out anew on less room.
// Without a kernel it goes on shrinking.
/** @type {(view: View, model: Model) => void} */
function askForLayout({ box }, model) {
  const [width] = model.get("size");
  const room = Math.min(width, Math.round(box.clientWidth / 0.8));
  if (!room || Math.abs(room - (model.get("room") || width)) < 8) return;
  model.set("room", room);
  model.save_changes();
}

// Give the canvases as many pixels as they cover on the screen, and draw all.
/** @type {(view: View) => void} */
export function fit(view) {
  const ratio = window.devicePixelRatio || 1;
  for (const canvas of LAYERS.map((layer) => view[layer])) {
    canvas.width = Math.round(view.box.clientWidth * ratio);
    canvas.height = Math.round(view.box.clientHeight * ratio);
  }
  view.onBack = null;
  paint(view);
}

/** @type {(view: View) => void} */
export function paint(view) {
  const { store, front } = view;
  if (view.covered) return;
  front.classList.toggle("optlab-waiting", store.waiting);
  const scene = store.shown && store.scenes[store.shown.frame.scene];
  if (!store.shown || !scene || !front.width) return;
  const { slot } = store.shown;
  const frame = { ...store.shown.frame, coming: comingWords(store) };
  const film = filmOf(store);
  const panel = view.onBack === scene && view.panel ? view.panel : paintBack(view, scene);
  draw(cleared(front, panel), panel, frame, film);
  paintGhost(view, panel, frame, film);
  paintPins(view, panel, frame, film);
  paintDots(view, panel);
  paintComing(view.badges, panel, frame.coming);
  view.sketch?.();
  showTip(view);
  front.setAttribute("aria-label", spoken(panel, frame, film));
  front.dataset.slot = String(slot);
  front.dataset.step = String(film.step);
  front.dataset.draws = String(1 + Number(front.dataset.draws || 0));
}

/** @type {(view: View, scene: Scene) => import("./types").Panel} */
function paintBack(view, scene) {
  const { back, box } = view;
  const context = contextOf(back);
  context.imageSmoothingQuality = "high";
  context.drawImage(scene.picture, 0, 0, back.width, back.height);
  view.panel = layOut(scene, box.clientWidth, box.clientHeight);
  view.onBack = scene;
  return view.panel;
}
