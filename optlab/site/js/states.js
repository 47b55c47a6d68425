// @ts-check
// The page's fragment: how each of its labs stands, as optlab/live/state.py writes it. Anything that cannot be read is as if
// it were not there.

/** @typedef {{ params: { name: string, texts: string[], default: number }[], strides: number[] }} Grid */
/** @typedef {{ stops: number[], pins: number[], step: number | null }} State */

const AND = /,(?=\s*\w+\s*=)|,(?=\s*$)/; // a value may have commas of its own

// "#training_lab:lr=1,l2=0;pin;at 12" gives ["training_lab", "lr=1,l2=0;pin;at 12"].
/** @type {(fragment: string) => [lab: string, state: string] | null} */
export function fragmentOf(fragment) {
  const found = /^#(\w+):(.*)$/s.exec(decoded(fragment));
  return found ? [found[1], found[2]] : null;
}

/** @type {(lab: string, state: string) => string} */
export const fragmentFor = (lab, state) => `#${lab}:${encodeURIComponent(state).replaceAll("%3D", "=").replaceAll("%2C", ",").replaceAll("%20", "+").replaceAll("%3B", ";")}`;

/** @type {(text: string) => string} */
function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", "%20"));
  } catch {
    return "";
  }
}

// What a state says; null where the lab has no such setting.
/** @type {(grid: Grid, text: string, last: number) => State | null} */
export function stateOf(grid, text, last) {
  const [first, ...rest] = text.split(";").map((part) => part.trim());
  const parts = /^(pin|at)\b(?!\s*=)/.test(first) ? [first, ...rest] : rest;
  const stops = stopsOf(grid, parts.includes(first) && parts[0] === first ? "" : first);
  const pins = parts.filter((part) => /^pin\b/.test(part)).map((part) => stopsOf(grid, part.slice(3)));
  const steps = parts.filter((part) => /^at \d+$/.test(part)).map((part) => Number(part.slice(3)));
  if (!stops || pins.includes(null) || pins.length > 8 || steps.some((step) => step > last)) return null;
  const slots = pins.map((one) => (one ?? []).reduce((slot, stop, k) => slot + stop * grid.strides[k], 0));
  return { stops, pins: slots, step: steps.at(-1) ?? null };
}

/** @type {(grid: Grid, text: string) => number[] | null} */
function stopsOf({ params }, text) {
  const stops = params.map((param) => param.default);
  for (const part of text.split(AND).map((one) => one.trim()).filter(Boolean)) {
    const [name, value] = [part.slice(0, part.indexOf("=")).trim(), part.slice(part.indexOf("=") + 1).trim()];
    const k = params.findIndex((param) => param.name === name);
    const stop = params[k]?.texts.findIndex((one) => one === value || (value !== "" && Number(one) === Number(value))) ?? -1;
    if (stop < 0) return null;
    stops[k] = stop;
  }
  return stops;
}
