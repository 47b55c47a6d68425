// @ts-check
// The front end of SliderMarks: ticks and bands below a slider's track, picked from a table by the other sliders.
/** @import { Model } from "./types" */

import { append } from "./elements.js";
import { allModels, followSliders, modelOf } from "./models.js";
import { moveSlider } from "./moving.js";
import { slotOf } from "./setting.js";

// A tick where `from` and `to` are equal, else a band: fractions of the track.
/** @typedef {{ label: string, from: number, to: number }} Mark */

const APART = 5; // pixels between two labels
const NARROWEST = 3; // pixels: a band that has nearly left the track can still be seen

/** @type {(widget: { model: Model, el: HTMLElement }) => Promise<() => void>} */
async function render({ model, el }) {
  el.classList.add("optlab-marks");
  const sliders = (await allModels(model, model.get("sliders"))) ?? [];
  const own = model.get("own") ? await modelOf(model, model.get("own")) : null;
  /** @type {Element | null} */
  let watched = null;
  let drawn = "";
  const redraw = () => {
    const track = trackOf(el);
    if (!track) return;
    if (track !== watched) observer.observe((watched = track)); // names and values take more or less of the row
    const { left, width } = track.getBoundingClientRect();
    /** @type {Mark[]} */
    const marks = model.get("table")[slotOf(sliders, model.get("strides"))] ?? [];
    const now = JSON.stringify([marks, left - el.getBoundingClientRect().left, width, el.clientWidth]);
    if (now !== drawn) draw(el, marks, own, left - el.getBoundingClientRect().left, width);
    drawn = now;
  };
  const observer = new ResizeObserver(redraw); // it also tells when the strip has come onto the page
  observer.observe(el);
  const stop = followSliders(sliders, redraw);
  return () => {
    observer.disconnect();
    stop();
  };
}

/** @type {(el: HTMLElement) => Element | null | undefined} */
const trackOf = (el) => el.closest(".optlab-control")?.querySelector(".noUi-base");

/** @type {(el: HTMLElement, marks: Mark[], own: Model | null, left: number, length: number) => void} */
function draw(el, marks, own, left, length) {
  el.setAttribute("role", "note");
  el.setAttribute("aria-label", marks.map(({ label }) => label).join("; "));
  el.replaceChildren();
  const texts = marks.map((mark) => {
    const parts = drawMark(el, mark, isCrossed(marks), left, length);
    parts.forEach((part) => leadTo(part, mark, own));
    return parts[1];
  });
  const places = placed(texts.map(({ offsetLeft, offsetWidth }) => ({ left: offsetLeft, width: offsetWidth })), el.clientWidth);
  texts.forEach(({ style }, k) => Object.assign(style, { left: `${places[k]}px`, right: "auto" }));
}

// Where labels begin, so that each is within the strip and none over another, where there is room for that.
/** @type {(labels: { left: number, width: number }[], room: number) => number[]} */
export function placed(labels, room) {
  const places = labels.map(({ left, width }) => Math.max(0, Math.min(room - width, left)));
  const inOrder = labels.map((_, k) => k).sort((a, b) => places[a] - places[b]);
  inOrder.slice(1).forEach((k, i) => {
    const end = places[inOrder[i]] + labels[inOrder[i]].width + APART;
    places[k] = Math.max(places[k], Math.min(end, room - labels[k].width));
  });
  inOrder.slice(0, -1).reverse().forEach((k, i, back) => {
    const next = i ? back[i - 1] : inOrder.at(-1) ?? k;
    places[k] = Math.max(0, Math.min(places[k], places[next] - APART - labels[k].width)); // the next one stands at the end
  });
  return places;
}

// A best value and a limit beside it can both be read: the tick has its label on its left and the band on its right, or
// the other way round where the tick stands inside the band.
/** @type {(el: HTMLElement, mark: Mark, crossed: boolean, left: number, length: number) => HTMLElement[]} */
function drawMark(el, { label, from, to }, crossed, left, length) {
  const band = to > from;
  const shape = append(el, "div", band ? "optlab-band" : "optlab-tick");
  const text = append(el, "div", `optlab-mark ${shape.className}-label`);
  const x = left + from * length;
  shape.style.left = `${x}px`;
  if (band) shape.style.width = `${Math.max(NARROWEST, (to - from) * length)}px`;
  text.textContent = band ? label : `★ ${label}`;
  if (band !== crossed) text.style.left = `${x + 4}px`;
  else text.style.right = `${el.clientWidth - x + 1}px`;
  return [shape, text];
}

// A click on a mark, or on its label, goes there. Keys have the slider itself.
/** @type {(part: HTMLElement, mark: Mark, own: Model | null) => void} */
function leadTo(part, mark, own) {
  if (!own) return;
  part.classList.add("optlab-leads");
  part.title = `Go to ${mark.label}`;
  part.addEventListener("click", () => moveSlider(own, stopOfMark(mark, own.get("_options_labels").length)));
}

// The stop nearest to a tick; of a band the first stop in it.
/** @type {(mark: Pick<Mark, "from" | "to">, stops: number) => number} */
export function stopOfMark({ from, to }, stops) {
  const place = from * (stops - 1);
  return to > from ? Math.min(Math.ceil(place - 1e-9), stops - 1) : Math.round(place);
}

// Whether a tick stands inside a band.
/** @type {(marks: Mark[]) => boolean} */
export function isCrossed(marks) {
  const bands = marks.filter(({ from, to }) => to > from);
  const ticks = marks.filter(({ from, to }) => to === from);
  return bands.some((band) => ticks.some((tick) => band.from < tick.from && tick.from <= band.to));
}

export default { render };
