// @ts-check
// What a map says in words: under the pointer, to a screen reader, and above itself.
/** @import { Best, Cell, Grid } from "./types" */

import { short } from "./coordinates.js";
import { stopOf } from "./setting.js";

// The value of one slider at a slot, such as "α₀ = 0.1".
/** @type {(grid: Grid, slot: number, slider: number) => string} */
export const sliderInWords = (grid, slot, slider) => {
  const { lead, texts } = grid.params[slider];
  return `${lead} ${texts[stopOf(grid, slot, slider)]}`;
};

/** @type {(grid: Grid, slot: number, sliders: number[]) => string} */
export const slidersInWords = (grid, slot, sliders) => sliders.map((slider) => sliderInWords(grid, slot, slider)).join(", ");

// All sliders that can be moved, but for some.
/** @type {(grid: Grid, without?: number[]) => number[]} */
export const movable = ({ params }, without = []) =>
  params.map((_, slider) => slider).filter((slider) => params[slider].texts.length > 1 && !without.includes(slider));

/** @type {(cell: { value: number, known?: boolean }, label: string) => string} */
export function valueInWords({ value, known = true }, label) {
  if (!known) return "not known yet";
  return Number.isFinite(value) ? `${label} ${short(value, 3)}` : "diverged";
}

/** @type {(grid: Grid, slot: number, across: number, up: number, here: Cell, best: Cell | undefined, label: string) => string} */
export function planeInWords(grid, slot, across, up, here, best, label) {
  const axes = `${label}, ${grid.params[across].title} across and ${grid.params[up].title} up`;
  const now = `Sliders at ${slidersInWords(grid, slot, [across, up])}: ${valueInWords(here, label)}`;
  const lowest = best ? ` Best known on this map: ${short(best.value, 3)} at ${slidersInWords(grid, best.slot, [across, up])}.` : "";
  return `Map of ${axes}. ${now}.${lowest} Arrow keys move the sliders.`;
}

/** @type {(grid: Grid, slider: number, best: Best[], label: string) => string} */
export function isolationInWords(grid, slider, best, label) {
  const said = best.flatMap(({ slot, value }) => (slot < 0 ? [] : [`${sliderInWords(grid, slot, slider)}: ${short(value, 3)}`]));
  return `${label}, the best over all other sliders, at each ${grid.params[slider].title}. ${said.join("; ") || "Nothing is known yet"}.`;
}

// The number of a tick, no wider than it has to be.
/** @type {(value: number) => string} */
export const tickText = (value) => (value && Math.abs(value) < 1e-3 ? value.toExponential(0) : short(value, 3));

/** @type {(count: number, size: number) => string} */
export const countInWords = (count, size) =>
  count === size ? `all ${size.toLocaleString("en")} settings` : `${count.toLocaleString("en")} of ${size.toLocaleString("en")} settings known`;
