// @ts-check
// What stands beside a slider: its value, which can be typed, and the way back to its default; and its name and value
// for the ear. They are put into the slider's own element, so they are wherever a view of it is.
/** @import { LabTools, Model } from "./types" */

import { append, button } from "./elements.js";
import { follow } from "./models.js";
import { moveSlider } from "./moving.js";
import { nearestStop, numberIn } from "./typed.js";

// A view of the lab may come onto the page piece by piece: sliders are furnished as they come.
/** @type {(lab: LabTools) => () => void} */
export function addSliderSides(lab) {
  /** @type {Map<number, () => void>} */
  const furnished = new Map();
  const growing = new MutationObserver(() => furnish());
  const shown = new ResizeObserver(() => {
    const root = lab.box.closest(".optlab-lab");
    if (!root) return;
    shown.disconnect();
    growing.observe(root, { childList: true, subtree: true });
    furnish();
  });
  const furnish = () => {
    lab.params.forEach(({ name }, k) => {
      const view = lab.box.closest(".optlab-lab")?.querySelector(`.optlab-slider-${name} :is(.widget-slider, .widget-dropdown)`);
      if (view instanceof HTMLElement && !furnished.has(k)) furnished.set(k, furnishOne(lab, k, view));
    });
    if (lab.params.every(({ texts }, k) => furnished.has(k) || texts.length === 1)) growing.disconnect(); // one stop: hidden
  };
  shown.observe(lab.box);
  return () => {
    [growing, shown].forEach((observer) => observer.disconnect());
    furnished.forEach((stop) => stop());
  };
}

/** @type {(lab: LabTools, k: number, view: HTMLElement) => () => void} */
function furnishOne(lab, k, view) {
  const slider = lab.sliders[k];
  const handle = view.querySelector(".noUi-handle");
  const ears = handle ? nameHandle(lab, k, handle) : () => {};
  const entry = handle ? addEntry(lab, k, view) : () => {};
  const shows = [entry, addWayBack(lab, k, view), addApplies(lab, k, view)];
  const show = () => shows.forEach((one) => one());
  const stops = [follow(slider, ["index"], show), ears];
  const { sliders = [] } = lab.params[k].applies ?? {};
  stops.push(...sliders.map((other) => follow(lab.sliders[other], ["index"], show)));
  show();
  return () => stops.forEach((stop) => stop());
}

/** @type {(slider: Model, index?: number) => string} */
const labelOf = (slider, index = slider.get("index")) => slider.get("_options_labels")[index];

// noUiSlider says the number of the stop after every move: the value is put in its place.
/** @type {(lab: LabTools, k: number, handle: Element) => () => void} */
function nameHandle({ params, sliders }, k, handle) {
  const say = () => {
    const words = labelOf(sliders[k], Math.round(Number(handle.getAttribute("aria-valuenow"))));
    if (handle.getAttribute("aria-valuetext") !== words) handle.setAttribute("aria-valuetext", words);
  };
  handle.setAttribute("aria-label", params[k].title);
  say();
  const observer = new MutationObserver(say);
  observer.observe(handle, { attributeFilter: ["aria-valuetext"] });
  return () => observer.disconnect();
}

/** @type {(lab: LabTools, k: number, view: HTMLElement) => () => void} */
function addWayBack({ params, sliders }, k, view) {
  const { title, default: usual } = params[k];
  const back = button(view, null, "", () => moveSlider(sliders[k], usual));
  back.classList.add("optlab-to-default");
  back.textContent = "↺";
  back.title = `${title}: back to ${labelOf(sliders[k], usual)}`;
  back.setAttribute("aria-label", back.title);
  return () => back.setAttribute("aria-disabled", String(sliders[k].get("index") === usual));
}

// A slider that makes no difference at this setting says so; it can be moved all the same.
/** @type {(lab: LabTools, k: number, view: HTMLElement) => () => void} */
function addApplies({ params, sliders }, k, view) {
  const { applies } = params[k];
  if (!applies) return () => {};
  const handle = view.querySelector(".noUi-handle, select") ?? view;
  return () => {
    const place = applies.sliders.reduce((sum, other, i) => sum + sliders[other].get("index") * applies.strides[i], 0);
    const idle = !applies.table[place];
    view.classList.toggle("optlab-idle", idle);
    view.title = idle ? "Makes no difference at this setting" : "";
    handle.setAttribute("aria-description", view.title);
  };
}

/** @type {(lab: LabTools, k: number, view: HTMLElement) => () => void} */
function addEntry(lab, k, view) {
  const slider = lab.sliders[k];
  const entry = append(view, "input", "optlab-entry");
  const show = () => void (entry.value = labelOf(slider));
  const take = () => {
    if (entry.value !== labelOf(slider)) takeTyped(lab, k, entry);
    show();
  };
  Object.assign(entry, { type: "text", spellcheck: false, autocomplete: "off", title: "Type a value: it goes to the nearest stop" });
  entry.setAttribute("aria-label", `${lab.params[k].title}: type a value`);
  entry.style.width = `${Math.max(...slider.get("_options_labels").map((/** @type {string} */ label) => label.length)) + 2}ch`;
  entry.addEventListener("focus", () => entry.select());
  entry.addEventListener("mousedown", (event) => {
    if (entry.value !== labelOf(slider)) return; // it is being typed: the click puts the cursor somewhere
    event.preventDefault();
    entry.focus();
    entry.select();
  });
  entry.addEventListener("blur", take);
  entry.addEventListener("keydown", (event) => {
    event.stopPropagation(); // what is typed here is no command of the notebook's
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Escape") show();
    if (event.key === "Enter") take();
    if (by) moveSlider(slider, Math.max(0, Math.min(lab.params[k].texts.length - 1, slider.get("index") + by)));
    if (by) event.preventDefault();
    if (by || ["Escape", "Enter"].includes(event.key)) entry.select();
  });
  return show;
}

/** @type {(lab: LabTools, k: number, entry: HTMLInputElement) => void} */
function takeTyped({ params, sliders, say }, k, entry) {
  const stops = params[k].texts.map((text) => numberIn(text, []));
  const typed = numberIn(entry.value, sliders[k].get("_options_labels"));
  if (Number.isNaN(typed)) return say(entry, `“${entry.value.trim()}” is no number: still ${labelOf(sliders[k])}`);
  const stop = nearestStop(stops, typed);
  if (Math.abs(stops[stop] - typed) > 1e-5 * Math.abs(typed)) say(entry, `the stop nearest to ${entry.value.trim()}: ${labelOf(sliders[k], stop)}`);
  moveSlider(sliders[k], stop);
}
