// @ts-check
// A setting in the making: which it is, how far its training has come, and about how much longer it takes. Until then the
// title on the screen is not its own.
/** @import { Coming, Frame, Panel, Store, Style, TextStyle } from "./types" */

import { contextOf } from "./canvas.js";
import { coordinates, isLine } from "./coordinates.js";
import { drawStyle } from "./drawing.js";
import { defaultSlot, settingInWords } from "./setting.js";

const WORTH_TELLING = 2; // seconds: of less nobody needs to be told
const LONGEST_LINE = 76; // letters that fit above a figure

// The sliders have come to a setting whose frame is not there.
/** @type {(store: Store) => void} */
export function awaitFrame(store) {
  if (store.coming?.slot !== store.wanted) store.coming = { slot: store.wanted, step: -1, from: -1, at: 0 };
  tellToolbar(store);
}

// A frame has come: the whole run, or as much of it as has been trained.
/** @type {(store: Store, frame: Frame, partial: boolean) => void} */
export function noteArrival(store, frame, partial) {
  if (!partial) store.coming = null;
  else {
    const artists = store.scenes[frame.scene]?.artists ?? [];
    store.coming = furtherOn(store.coming, store.wanted, stepReached(artists, frame), performance.now());
  }
  tellToolbar(store);
}

// How far a run has come; when its first steps were seen, so that the rest can be estimated.
/** @type {(before: Coming | null, slot: number, step: number, now: number) => Coming} */
export function furtherOn(before, slot, step, now) {
  if (before?.slot !== slot || before.from < 0) return { slot, step, from: step, at: now };
  return { ...before, step };
}

// The last step that a growing line has a point for; -1: none.
/** @type {(artists: Style[], frame: Frame) => number} */
export function stepReached(artists, { values }) {
  const ends = artists.filter(isLine).filter(({ grows }) => grows != null).map((style) => {
    const last = coordinates({ ...style, grows: null }, values).ys.findLastIndex(Number.isFinite);
    return last < 0 ? -1 : last + Number(style.grows);
  });
  return Math.max(-1, ...ends);
}

// All figures of a lab tell its toolbar how much of the run there is: the film cannot show more.
/** @type {(store: Store) => void} */
function tellToolbar(store) {
  const { toolbar, coming } = store;
  if (!toolbar) return;
  /** @type {Map<Store, number>} */
  const steps = (/** @type {any} */ (toolbar).optlabComing ??= new Map());
  if (coming) steps.set(store, Math.max(0, coming.step));
  else steps.delete(store);
  const least = steps.size ? Math.min(...steps.values()) : -1;
  if (toolbar.get("coming") !== least) toolbar.set("coming", least);
}

// What is in the making, in words; "" when all is there.
/** @type {(store: Store, now?: number) => string} */
export function comingWords({ coming, toolbar, sliders }, now = performance.now()) {
  if (!coming) return "";
  const grid = toolbar && { params: toolbar.get("params"), strides: toolbar.get("strides") };
  const setting = grid && coming.slot !== defaultSlot(grid) ? ` ${settingInWords(grid, coming.slot)}` : "";
  if (toolbar?.get("loads")) return `loading${setting} …`; // a page that has a file of every setting
  if (sliders.some((slider) => /** @type {any} */ (slider).comm_live === false)) return `not trained${setting}: no kernel is running`;
  const last = toolbar?.get("last") ?? 0;
  const far = last && coming.step >= 0 ? `: ${toolbar?.get("unit")} ${coming.step} of ${last}${timeLeft(coming, last, now)}` : " …";
  const words = `training${setting}${far}`;
  return words.length > LONGEST_LINE ? `training${far}` : words;
}

// By how long the steps have taken that were seen.
/** @type {(coming: Coming, last: number, now: number) => string} */
function timeLeft({ step, from, at }, last, now) {
  if (step <= from) return "";
  const seconds = ((now - at) / 1000 / (step - from)) * (last - step);
  if (seconds < WORTH_TELLING) return "";
  return seconds < 90 ? `, about ${Math.round(seconds)} s more` : `, about ${Math.round(seconds / 60)} min more`;
}

// In place of the title, on the canvas that is not dimmed.
/** @type {(canvas: HTMLCanvasElement, panel: Panel, words: string) => void} */
export function paintComing(canvas, panel, words) {
  if (!words) return;
  const title = /** @type {TextStyle | undefined} */ (panel.artists.find(({ role }) => role === "title"));
  if (!title) return;
  /** @type {Frame} */
  const frame = { values: new Float32Array(), texts: [], label: "", scene: 0, goals: [] };
  frame.texts[title.text] = words;
  drawStyle(contextOf(canvas), panel, title, frame, { step: Infinity, unit: "" });
}
