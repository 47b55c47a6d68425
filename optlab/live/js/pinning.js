// @ts-check
// Pinning: keep the run on the screen in sight while the sliders move on. A place, and a look, for each of eight runs.
/** @import { LabTools } from "./types" */

import { append, button, label } from "./elements.js";
import { ICONS } from "./icons.js";
import { follow, followSliders } from "./models.js";
import { MOST_PINS, pinLook } from "./pin_colors.js";
import { FREE, settingInWords, slotOf, taken, wholeSetting } from "./setting.js";

/** @typedef {{ item: HTMLElement, words: HTMLElement, off: HTMLElement, slot: number, place: number }} Chip */

/** @type {(lab: LabTools) => () => void} */
export function addPinning(lab) {
  const { model, row, box } = lab;
  const pin = button(row, ICONS.pin, "", () => {
    if (pin.getAttribute("aria-disabled") === "true") lab.say(pin, pin.title);
    else setPins(lab, withToggled(model.get("pins"), slotOf(lab.sliders, lab.strides)));
  });
  const legend = append(box, "ul", "optlab-legend");
  /** @type {Chip[]} */
  let chips = [];
  const show = () => {
    nameChips(lab, chips);
    const pins = model.get("pins");
    const here = pins.includes(slotOf(lab.sliders, lab.strides));
    const full = !here && taken(pins).length === MOST_PINS;
    const tip = here ? "Unpin this run" : full ? "Eight runs are pinned: unpin one first" : "Pin this run, to compare others with it";
    pin.setAttribute("aria-pressed", String(here));
    pin.setAttribute("aria-disabled", String(full));
    label(pin, tip);
  };
  const list = () => {
    /** @type {number[]} */
    const pins = model.get("pins");
    legend.hidden = !taken(pins).length;
    chips = pins.flatMap((slot, place) => (slot === FREE ? [] : [chip(lab, slot, place)]));
    legend.replaceChildren(...chips.map(({ item }) => item));
    if (taken(pins).length > 1) addRemoveAll(lab, legend);
    show();
  };
  list();
  const undo = [follow(model, ["pins"], list), followSliders(lab.sliders, show)];
  return () => undo.forEach((stop) => stop());
}

/** @type {(lab: LabTools, pins: number[]) => void} */
function setPins({ model }, pins) {
  model.set("pins", pins);
  model.save_changes();
}

// The pins with one more run on the first free place, or without it where it is pinned already.
/** @type {(pins: number[], slot: number) => number[]} */
export function withToggled(pins, slot) {
  if (pins.includes(slot)) return withPin(pins, pins.indexOf(slot), FREE);
  const free = pins.includes(FREE) ? pins.indexOf(FREE) : pins.length;
  return free < MOST_PINS ? withPin(pins, free, slot) : pins;
}

/** @type {(pins: number[], place: number, slot: number) => number[]} */
const withPin = (pins, place, slot) => [...pins.slice(0, place), slot, ...pins.slice(place + 1)];

// One line of the legend: the run's number and look, its setting, and a button that takes it off.
/** @type {(lab: LabTools, slot: number, place: number) => Chip} */
function chip(lab, slot, place) {
  const item = document.createElement("li");
  const { color, dashes } = pinLook(place);
  const badge = append(item, "span", `optlab-badge${dashes ? " optlab-ring" : ""}`);
  badge.textContent = String(place + 1);
  badge.style.setProperty("--optlab-pin", color);
  const words = append(item, "span");
  item.title = wholeSetting(lab, slot);
  const off = button(item, ICONS.close, "", () => setPins(lab, withPin(lab.model.get("pins"), place, FREE)));
  return { item, words, off, slot, place };
}

// Each run in words that tell it from the other pins and from the run on the screen.
/** @type {(lab: LabTools, chips: Chip[]) => void} */
function nameChips(lab, chips) {
  const beside = [slotOf(lab.sliders, lab.strides), ...chips.map(({ slot }) => slot)];
  for (const { words, off, slot, place } of chips) {
    const text = settingInWords(lab, slot, beside);
    if (words.textContent === text) continue; // most moves change no name
    words.textContent = text;
    label(off, `Unpin ${place + 1}: ${text}`);
  }
}

/** @type {(lab: LabTools, legend: HTMLElement) => void} */
function addRemoveAll(lab, legend) {
  const all = button(append(legend, "li"), null, "Unpin every run", () => setPins(lab, []));
  all.textContent = "unpin all";
}
