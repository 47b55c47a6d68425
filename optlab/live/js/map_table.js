// @ts-check
// A lab's map as numbers: one value for each setting that is known. Nothing here knows of widgets or pixels.
/** @import { Best, Cell, Grid, MapRange, MapTable, Page, Param } from "./types" */

import { numbersOf } from "./packing.js";
import { stopOf } from "./setting.js";

/** @type {(params: Param[]) => MapTable} */
export function emptyTable(params) {
  const size = params.reduce((product, { texts }) => product * texts.length, 1);
  return { values: new Float32Array(size).fill(NaN), known: new Uint8Array(size), count: 0 };
}

// Take in a page: its slots, and one number for each.
/** @type {(table: MapTable, page: Page) => void} */
export function fillIn(table, { slots, planes }) {
  slots.forEach((slot, row) => {
    if (!planes) return;
    table.count += table.known[slot] ? 0 : 1;
    table.known[slot] = 1;
    [table.values[slot]] = numbersOf(planes, row);
  });
}

// The slot with one slider moved to a stop.
/** @type {(grid: Grid, slot: number, slider: number, stop: number) => number} */
export const movedTo = (grid, slot, slider, stop) => slot + (stop - stopOf(grid, slot, slider)) * grid.strides[slider];

/** @type {(table: MapTable, slot: number) => Cell} */
export const cellOf = ({ values, known }, slot) => ({ slot, value: values[slot], known: known[slot] === 1 });

// The plane of two sliders through a slot: rows from the bottom, each from the left.
/** @type {(table: MapTable, grid: Grid, slot: number, across: number, up: number) => Cell[][]} */
export function planeThrough(table, grid, slot, across, up) {
  return grid.params[up].texts.map((_, row) => axisThrough(table, grid, movedTo(grid, slot, up, row), across));
}

// What one slider alone reaches from a slot.
/** @type {(table: MapTable, grid: Grid, slot: number, slider: number) => Cell[]} */
export const axisThrough = (table, grid, slot, slider) =>
  grid.params[slider].texts.map((_, stop) => cellOf(table, movedTo(grid, slot, slider, stop)));

// For each stop of a slider the best setting that has it, whatever the others: the isolation plot. A stop without any has slot -1.
/** @type {(table: MapTable, grid: Grid, slider: number, sign: number) => Best[]} */
export function bestAtStops({ values, known }, grid, slider, sign) {
  const found = grid.params[slider].texts.map(() => ({ slot: -1, value: NaN }));
  values.forEach((value, slot) => {
    if (!known[slot] || !Number.isFinite(value)) return;
    const best = found[stopOf(grid, slot, slider)];
    if (best.slot < 0 || sign * value < sign * best.value) Object.assign(best, { slot, value });
  });
  return found;
}

/** @type {(cells: Cell[], sign: number) => Cell | undefined} */
export const bestOfCells = (cells, sign) =>
  cells.filter(({ known, value }) => known && Number.isFinite(value))
    .reduce((/** @type {Cell | undefined} */ best, cell) => (best && sign * best.value <= sign * cell.value ? best : cell), undefined);

// The range of values and colours: what was declared, and the ends of what is known where nothing was.
/** @type {(table: MapTable, declared: { low: number | null, high: number | null, log: boolean }) => MapRange} */
export function rangeOf({ values, known }, { low, high, log }) {
  let [least, most] = [Infinity, -Infinity];
  if (low === null || high === null) {
    values.forEach((value, slot) => {
      if (!known[slot] || !Number.isFinite(value) || (log && value <= 0)) return;
      least = Math.min(least, value);
      most = Math.max(most, value);
    });
  }
  const from = low ?? roundDown(Number.isFinite(least) ? least : log ? 0.1 : 0);
  const to = high ?? Math.max(from, Number.isFinite(most) ? most : 1);
  return { low: from, high: to > from ? to : from + (log ? from : 1), log };
}

// To one digit, so that the colours do not change with every setting that comes in.
/** @type {(value: number) => number} */
function roundDown(value) {
  if (!value) return 0;
  const unit = 10 ** Math.floor(Math.log10(Math.abs(value)));
  return Math.floor(value / unit) * unit;
}

// Where a value lies between both ends, 0 to 1; beyond them it is an end.
/** @type {(range: MapRange, value: number) => number} */
export function fractionOf({ low, high, log }, value) {
  const scale = log ? Math.log : (/** @type {number} */ v) => v;
  return Math.max(0, Math.min(1, (scale(value) - scale(low)) / (scale(high) - scale(low)))) || 0;
}

// Round numbers inside a range: 1, 2 and 5 times powers of ten, no more than `most` of them.
/** @type {(range: MapRange, most: number) => number[]} */
export function ticksOf({ low, high, log }, most) {
  if (!log) return evenTicks(low, high, most);
  const decades = range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)));
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = decades.flatMap((power) => steps.map((step) => Number(`${step}e${power}`))).filter((v) => v >= low && v <= high);
    if (ticks.length <= most) return ticks;
  }
  return decades.filter((_, k) => k % Math.ceil(decades.length / most) === 0).map((power) => Number(`1e${power}`)).filter((v) => v >= low && v <= high);
}

/** @type {(low: number, high: number, most: number) => number[]} */
function evenTicks(low, high, most) {
  const rough = (high - low) / most;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * (/** @type {number} */ ([1, 2, 5, 10].find((factor) => factor * unit >= rough)));
  return range(Math.ceil(low / step), Math.floor(high / step)).map((k) => Number((k * step).toPrecision(12)));
}

/** @type {(from: number, to: number) => number[]} */
const range = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => from + k);

// Which stops have room for their texts: every first, second, ... of them.
/** @type {(count: number, room: number, widest: number) => number[]} */
export function namedStops(count, room, widest) {
  const step = Math.max(1, Math.ceil((widest * count) / room));
  return range(0, count - 1).filter((stop) => stop % step === 0);
}
