// @ts-check
// The page's fragment: how each of its labs stands, as optlab/live/state.py writes it. A part that the lab cannot have is as
// if it were not there, and is named in words.

import { MOST_PINS } from "../../live/js/pin_colors.js";

/** @typedef {{ params: { name: string, texts: string[], default: number }[], strides: number[] }} Grid */
/** @typedef {{ stops: number[], pins: number[], step: number | null, left: string[] }} State */

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

// What a state says. `left` has each part that this lab cannot have, and why: plain text, as it stood in the link.
/** @type {(grid: Grid, text: string, last: number) => State} */
export function stateOf(grid, text, last) {
  const [first, ...rest] = text.split(";").map((part) => part.trim());
  const begins = /^(pin|at)\b(?!\s*=)/.test(first); // all sliders at their defaults
  const { stops, left } = stopsOf(grid, begins ? "" : first);
  /** @type {State} */
  const state = { stops, pins: [], step: null, left };
  for (const part of begins ? [first, ...rest] : rest) {
    if (/^pin\b/.test(part)) addPin(state, grid, part);
    else if (/^at \d+$/.test(part) && Number(part.slice(3)) <= last) state.step = Number(part.slice(3));
    else if (part) left.push(`${part} (${/^at \d+$/.test(part) ? `the film ends at ${last}` : "not understood"})`);
  }
  return state;
}

// A run that is pinned as the link says, or not at all: another would be taken for it.
/** @type {(state: State, grid: Grid, part: string) => void} */
function addPin({ pins, left }, grid, part) {
  const { stops, left: unknown } = stopsOf(grid, part.slice(3));
  if (unknown.length) left.push(`pin ${unknown.join(", ")}`);
  else if (pins.length === MOST_PINS) left.push(`${part} (no more than ${MOST_PINS} runs can be pinned)`);
  else pins.push(stops.reduce((slot, stop, k) => slot + stop * grid.strides[k], 0));
}

/** @type {(grid: Grid, text: string) => { stops: number[], left: string[] }} */
function stopsOf({ params }, text) {
  const stops = params.map((param) => param.default);
  const left = [];
  for (const part of text.split(AND).map((one) => one.trim()).filter(Boolean)) {
    const [name, value] = [part.slice(0, part.indexOf("=")).trim(), part.slice(part.indexOf("=") + 1).trim()];
    const k = params.findIndex((param) => param.name === name);
    const stop = params[k]?.texts.findIndex((one) => one === value || (value !== "" && Number(one) === Number(value))) ?? -1;
    if (stop >= 0) stops[k] = stop;
    else left.push(`${part} (${k < 0 ? "no such slider" : "not on this slider"})`);
  }
  return { stops, left };
}

// What a reader is told of a link that asks for more than the lab has; nothing where it has all.
/** @type {(left: string[]) => string} */
export const leftInWords = (left) => (left.length ? `This lab does not have all that the link asks for. Left out: ${left.join("; ")}.` : "");
