// @ts-check
// Pinning: keep the run on the screen in sight while the sliders move on. A place for each of three runs.
/** @import { LabTools } from "./types" */

import { append, button, label } from "./elements.js";
import { ICONS } from "./icons.js";
import { follow, followSliders } from "./models.js";
import { PIN_COLORS } from "./pin_colors.js";
import { FREE, settingInWords, slotOf, taken } from "./setting.js";

/** @type {(lab: LabTools) => () => void} */
export function addPinning(lab) {
  const { model, row, box } = lab;
  const pin = button(row, ICONS.pin, "", () => {
    model.set("pins", withToggled(model.get("pins"), slotOf(lab.sliders, lab.strides)));
    model.save_changes();
  });
  const legend = append(box, "ul", "optlab-legend");
  const show = () => {
    const pins = model.get("pins");
    const here = pins.includes(slotOf(lab.sliders, lab.strides));
    const full = !here && taken(pins).length === PIN_COLORS.length;
    const tip = here ? "Unpin this run" : full ? "Three runs are pinned: unpin one first" : "Pin this run, to compare others with it";
    pin.setAttribute("aria-pressed", String(here));
    pin.setAttribute("aria-disabled", String(full));
    label(pin, tip);
  };
  const list = () => {
    /** @type {number[]} */
    const pins = model.get("pins");
    legend.hidden = !taken(pins).length;
    legend.replaceChildren(...pins.flatMap((slot, place) => (slot === FREE ? [] : [chip(lab, slot, place)])));
    show();
  };
  list();
  const undo = [follow(model, ["pins"], list), followSliders(lab.sliders, show)];
  return () => undo.forEach((stop) => stop());
}

// The pins with one more run on the first free place, or without it where it is pinned already.
/** @type {(pins: number[], slot: number) => number[]} */
export function withToggled(pins, slot) {
  if (pins.includes(slot)) return withPin(pins, pins.indexOf(slot), FREE);
  const free = pins.includes(FREE) ? pins.indexOf(FREE) : pins.length;
  return free < PIN_COLORS.length ? withPin(pins, free, slot) : pins;
}

/** @type {(pins: number[], place: number, slot: number) => number[]} */
const withPin = (pins, place, slot) => [...pins.slice(0, place), slot, ...pins.slice(place + 1)];

// One line of the legend: the run's number and colour, its setting, and a button that takes it off.
/** @type {(lab: LabTools, slot: number, place: number) => HTMLElement} */
function chip(lab, slot, place) {
  const item = document.createElement("li");
  const text = settingInWords(lab, slot);
  const badge = append(item, "span", "optlab-badge");
  badge.textContent = String(place + 1);
  badge.style.background = PIN_COLORS[place];
  append(item, "span").textContent = text;
  button(item, ICONS.close, `Unpin ${place + 1}: ${text}`, () => {
    lab.model.set("pins", withPin(lab.model.get("pins"), place, FREE));
    lab.model.save_changes();
  });
  return item;
}
