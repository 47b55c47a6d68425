// @ts-check
// Where sliders stand: as one number, the slot, the last slider fastest; and as text.
/** @import { Grid, Model } from "./types" */

/** @type {(sliders: Model[], strides: number[]) => number} */
export const slotOf = (sliders, strides) =>
  sliders.reduce((slot, slider, k) => slot + slider.get("index") * strides[k], 0);

export const FREE = -1; // stands among the pins for a place where nothing is pinned

/** @type {(pins: number[]) => number[]} */
export const taken = (pins) => pins.filter((slot) => slot !== FREE);

// The sliders that are not at their defaults.
/** @type {(grid: Grid, slot: number) => { name: string, lead: string, value: string }[]} */
export function settingOf({ params, strides }, slot) {
  return params.flatMap(({ name, lead, texts, default: usual }, k) => {
    const index = Math.floor(slot / strides[k]) % texts.length;
    return index === usual ? [] : [{ name, lead, value: texts[index] }];
  });
}

// As a person reads it: "α₀ = 1, λ = 0".
/** @type {(grid: Grid, slot: number) => string} */
export const settingInWords = (grid, slot) =>
  settingOf(grid, slot).map(({ lead, value }) => `${lead} ${value}`).join(", ") || "defaults";

// As `optlab.live.state.write_state` has it: tests/js/states.json holds both to the same cases. A null step is the whole run.
/** @type {(grid: Grid, state: { slot: number, pins: number[], step: number | null }) => string} */
export function stateText(grid, { slot, pins, step }) {
  const setting = (/** @type {number} */ at) => settingOf(grid, at).map(({ name, value }) => `${name}=${value}`).join(", ");
  const pinned = taken(pins).map((pin) => `pin ${setting(pin)}`.trim());
  const film = step === null ? [] : [`at ${step}`];
  return [setting(slot), ...pinned, ...film].filter(Boolean).join("; ");
}
