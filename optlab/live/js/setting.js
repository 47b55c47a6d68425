// @ts-check
// Where sliders stand: as one number, the slot, the last slider fastest; and as text.
/** @import { Grid, Model } from "./types" */

/** @type {(sliders: Model[], strides: number[]) => number} */
export const slotOf = (sliders, strides) =>
  sliders.reduce((slot, slider, k) => slot + slider.get("index") * strides[k], 0);

// Where one slider stands at a slot: an index into its values.
/** @type {(grid: Grid, slot: number, slider: number) => number} */
export const stopOf = ({ params, strides }, slot, slider) => Math.floor(slot / strides[slider]) % params[slider].texts.length;

/** @type {(grid: Grid) => number} */
export const defaultSlot = ({ params, strides }) => params.reduce((slot, param, k) => slot + param.default * strides[k], 0);

export const FREE = -1; // stands among the pins for a place where nothing is pinned

/** @type {(pins: number[]) => number[]} */
export const taken = (pins) => pins.filter((slot) => slot !== FREE);

// The sliders that are not at their defaults.
/** @type {(grid: Grid, slot: number) => { name: string, lead: string, value: string }[]} */
export const settingOf = (grid, slot) => valuesOf(grid, slot, (k) => stopOf(grid, slot, k) !== grid.params[k].default);

/** @type {(grid: Grid, slot: number, wanted: (slider: number) => boolean) => { name: string, lead: string, value: string }[]} */
const valuesOf = (grid, slot, wanted) =>
  grid.params.flatMap(({ name, lead, texts }, k) => (wanted(k) ? [{ name, lead, value: texts[stopOf(grid, slot, k)] }] : []));

// As a person reads it: "α₀ = 1, λ = 0". Sliders at their defaults are left out, except those that tell the setting from
// others beside which it stands, and unless nothing would be left.
/** @type {(grid: Grid, slot: number, beside?: number[]) => string} */
export function settingInWords(grid, slot, beside = []) {
  const wanted = (/** @type {number} */ k) =>
    [slot, ...beside].some((one) => stopOf(grid, one, k) !== stopOf(grid, slot, k)) || stopOf(grid, slot, k) !== grid.params[k].default;
  return inWordsOf(valuesOf(grid, slot, wanted)) || wholeSetting(grid, slot) || "defaults";
}

// Every slider that can be moved.
/** @type {(grid: Grid, slot: number) => string} */
export const wholeSetting = (grid, slot) => inWordsOf(valuesOf(grid, slot, (k) => grid.params[k].texts.length > 1));

/** @type {(values: { lead: string, value: string }[]) => string} */
const inWordsOf = (values) => values.map(({ lead, value }) => `${lead} ${value}`).join(", ");

// As `optlab.live.state.write_state` has it: tests/js/states.json holds both to the same cases. A null step is the whole run.
/** @type {(grid: Grid, state: { slot: number, pins: number[], step: number | null }) => string} */
export function stateText(grid, { slot, pins, step }) {
  const setting = (/** @type {number} */ at) => settingOf(grid, at).map(({ name, value }) => `${name}=${value}`).join(", ");
  const pinned = taken(pins).map((pin) => `pin ${setting(pin)}`.trim());
  const film = step === null ? [] : [`at ${step}`];
  return [setting(slot), ...pinned, ...film].filter(Boolean).join("; ");
}
