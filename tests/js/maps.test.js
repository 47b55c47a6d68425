// A lab's map: the numbers behind the image and the isolation plot, where they stand, what they say, and where a click goes.

import assert from "node:assert/strict";
import test from "node:test";

import { followPointer } from "../../optlab/live/js/map_acts.js";
import { areaOf, stopAtX, stopAtY, xOfStop, yOfStop, yOfValue } from "../../optlab/live/js/map_layout.js";
import { colorOf } from "../../optlab/live/js/map_paint.js";
import {
  axisThrough, bestAtStops, bestOfCells, emptyTable, fillIn, fractionOf, movedTo, namedStops, planeThrough, rangeOf, ticksOf,
} from "../../optlab/live/js/map_table.js";
import { stopOf } from "../../optlab/live/js/setting.js";
import { countInWords, isolationInWords, movable, planeInWords, tickText, valueInWords } from "../../optlab/live/js/map_words.js";
import { withAxis } from "../../optlab/live/js/maps.js";
import { model } from "./made.js";

const slider = (name, texts) => ({ name, lead: `${name} =`, title: `slider ${name}`, texts, default: 0 });
const grid = {
  params: [slider("a", ["1", "2", "3"]), slider("b", ["x"]), slider("c", ["0", "1"]), slider("d", ["p", "q", "r", "s"])],
  strides: [8, 8, 4, 1],
};
const SIZE = 24;

// A page of numbers, as it is unpacked.
function page(numbers) {
  const slots = Object.keys(numbers).map(Number);
  const bytes = new DataView(new ArrayBuffer(4));
  const parts = [0, 1, 2, 3].map((k) => Uint8Array.from(slots, (slot) => {
    bytes.setFloat32(0, numbers[slot]);
    return bytes.getUint8(k);
  }));
  return { slots, planes: { parts, size: 1 } };
}

function tableOf(numbers) {
  const table = emptyTable(grid.params);
  fillIn(table, page(numbers));
  return table;
}

test("a table takes in pages; what comes again is not counted twice", () => {
  const table = tableOf({ 3: 0.5, 7: NaN });
  fillIn(table, page({ 3: 0.25, 8: 1 }));
  assert.deepEqual([table.values.length, table.count, table.values[3], table.known[7], table.known[0]], [SIZE, 3, 0.25, 1, 0]);
});

test("stops and slots", () => {
  for (let slot = 0; slot < SIZE; slot += 1) {
    const stops = grid.params.map((_, k) => stopOf(grid, slot, k));
    assert.equal(stops.reduce((sum, stop, k) => sum + stop * grid.strides[k], 0), slot);
    const moved = movedTo(grid, slot, 2, 1);
    assert.deepEqual(grid.params.map((_, k) => stopOf(grid, moved, k)), stops.map((stop, k) => (k === 2 ? 1 : stop)));
  }
});

test("a plane holds the others as they are", () => {
  const rows = planeThrough(tableOf({}), grid, 22, 3, 0); // a = 3, c = 1, d = r
  assert.deepEqual(rows.map((cells) => cells.map(({ slot }) => slot)), [[4, 5, 6, 7], [12, 13, 14, 15], [20, 21, 22, 23]]);
  assert.deepEqual(axisThrough(tableOf({}), grid, 22, 2).map(({ slot }) => slot), [18, 22]);
});

test("the isolation plot is the best over all others, by a plain search", () => {
  const numbers = Object.fromEntries(Array.from({ length: SIZE }, (_, slot) => [slot, Math.sin(3 * slot)]));
  numbers[5] = NaN; // diverged
  delete numbers[6];
  for (const sign of [1, -1]) {
    for (const k of [0, 2, 3]) {
      const best = bestAtStops(tableOf(numbers), grid, k, sign);
      best.forEach(({ slot, value }, stop) => {
        const all = Object.keys(numbers).filter((s) => stopOf(grid, Number(s), k) === stop && Number.isFinite(numbers[s]));
        const first = all.sort((s, t) => sign * (numbers[s] - numbers[t]))[0];
        assert.deepEqual([slot, value], [Number(first), Math.fround(numbers[first])]);
      });
    }
  }
  const few = bestAtStops(tableOf({ 0: 1, 1: NaN }), grid, 3, 1);
  assert.deepEqual(few.map(({ slot }) => slot), [0, -1, -1, -1]);
  assert.equal(bestOfCells([{ slot: 1, value: NaN, known: true }], 1), undefined);
});

test("the range is what was declared, and else what is known", () => {
  const table = tableOf({ 0: 0.0396, 1: NaN, 2: 3, 4: 0 });
  assert.deepEqual(rangeOf(table, { low: null, high: 1.2, log: true }), { low: 0.03, high: 1.2, log: true });
  assert.deepEqual(rangeOf(table, { low: null, high: null, log: false }), { low: 0, high: 3, log: false });
  const empty = rangeOf(tableOf({}), { low: null, high: null, log: true });
  assert.ok(empty.low > 0 && empty.high > empty.low);
  assert.deepEqual([0.01, 0.1, 1, 100, 0].map((value) => fractionOf({ low: 0.01, high: 1, log: true }, value)), [0, 0.5, 1, 1, 0]);
  assert.equal(fractionOf({ low: 1, high: 3, log: false }, 2), 0.5);
});

test("ticks are round, inside, and no more than there is room for", () => {
  assert.deepEqual(ticksOf({ low: 0.03, high: 1.2, log: true }, 6), [0.05, 0.1, 0.2, 0.5, 1]);
  assert.deepEqual(ticksOf({ low: 0, high: 1, log: false }, 6), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  for (const [low, high] of [[1e-9, 1e6], [0.9, 1.1], [1e-3, 20]]) {
    for (const log of [true, false]) {
      const ticks = ticksOf({ low, high, log }, 6);
      assert.ok(ticks.length <= 7 && ticks.every((tick) => tick >= low && tick <= high), `${low} ${high} ${log}: ${ticks}`);
    }
  }
  assert.deepEqual(namedStops(10, 100, 30), [0, 3, 6, 9]);
  assert.deepEqual(namedStops(3, 1000, 30), [0, 1, 2]);
});

test("where a stop is drawn a pointer finds it", () => {
  const area = areaOf(460, 290, 58);
  for (const count of [1, 3, 17]) {
    for (let stop = 0; stop < count; stop += 1) {
      assert.equal(stopAtX(area, count, xOfStop(area, count, stop)), stop);
      assert.equal(stopAtY(area, count, yOfStop(area, count, stop)), stop);
    }
    assert.deepEqual([stopAtX(area, count, area.left - 1), stopAtX(area, count, area.left + area.width + 1)], [-1, -1]);
    assert.deepEqual([stopAtY(area, count, area.top - 1), stopAtY(area, count, area.top + area.height + 1)], [-1, -1]);
  }
  assert.equal(yOfValue(area, { low: 0, high: 1, log: false }, 1), area.top);
});

test("colours go from one end of the table to the other", () => {
  const colors = Uint8Array.from({ length: 1024 }, (_, k) => Math.floor(k / 4));
  assert.deepEqual([0, 0.5, 1].map((fraction) => colorOf({ text: "", colors }, fraction)), ["rgb(0 0 0)", "rgb(128 128 128)", "rgb(255 255 255)"]);
});

test("in words", () => {
  assert.deepEqual([valueInWords({ value: 0.12345 }, "loss"), valueInWords({ value: NaN }, "loss"), valueInWords({ value: NaN, known: false }, "loss")],
    ["loss 0.123", "diverged", "not known yet"]);
  const table = tableOf({ 22: 0.5, 20: 0.25 });
  const here = { slot: 22, value: 0.5, known: true };
  const best = bestOfCells(planeThrough(table, grid, 22, 3, 0).flat(), 1);
  assert.equal(planeInWords(grid, 22, 3, 0, here, best, "loss"),
    "Map of loss, slider d across and slider a up. Sliders at d = r, a = 3: loss 0.5. Best known on this map: 0.25 at d = p, a = 3. Arrow keys move the sliders.");
  assert.equal(isolationInWords(grid, 0, bestAtStops(table, grid, 0, 1), "loss"), "loss, the best over all other sliders, at each slider a. a = 3: 0.25.");
  assert.deepEqual([countInWords(1234, 65280), countInWords(65280, 65280)], ["1,234 of 65,280 settings known", "all 65,280 settings"]);
  assert.deepEqual([0, 0.0001, 0.05, 1, 20].map(tickText), ["0", "1e-4", "0.05", "1", "20"]);
  assert.deepEqual([movable(grid), movable(grid, [0, 3])], [[0, 2, 3], [2]]); // b has one value only
});

test("a slider chosen for one axis leaves the other, or changes places with it", () => {
  assert.deepEqual([withAxis([0, 3], 0, 2), withAxis([0, 3], 0, 3), withAxis([0, 3], 1, 0), withAxis([0, 3], 1, 3)], [[2, 3], [3, 0], [3, 0], [0, 3]]);
});

// ---------------------------------------------------------------- the pointer and the keys

function part() {
  const acts = {};
  const canvas = { addEventListener: (kind, act) => (acts[kind] = act), removeEventListener: (kind) => delete acts[kind] };
  return { acts, canvas, frame: { clientWidth: 460, clientHeight: 290 }, tip: { style: {}, hidden: true, offsetHeight: 20 } };
}

function shownAt(slot, table) {
  const sliders = grid.params.map((_, k) => model({ index: stopOf(grid, slot, k) }));
  const [plane, isolation] = [part(), part()];
  const areas = { plane: areaOf(460, 290, 58), isolation: areaOf(460, 290, 10) };
  const scene = {
    across: 3, up: 0, slot, areas, rows: planeThrough(table, grid, slot, 3, 0),
    best: bestAtStops(table, grid, 3, 1), here: axisThrough(table, grid, slot, 3),
  };
  const view = { store: { table }, lab: { ...grid, sliders, label: "loss" }, scene, plane, isolation };
  return { view, stop: followPointer(view), at: () => sliders.map((one) => one.get("index")) };
}

test("a click on the map moves its two sliders and no other", () => {
  const { view: { plane, scene }, at } = shownAt(22, tableOf({ 20: 0.25 }));
  const { plane: area } = scene.areas;
  const [offsetX, offsetY] = [xOfStop(area, 4, 0), yOfStop(area, 3, 1)];
  plane.acts.pointermove({ offsetX, offsetY });
  assert.equal(plane.tip.textContent, "d = p, a = 2\nnot known yet");
  plane.acts.click({ offsetX, offsetY });
  assert.deepEqual(at(), [1, 0, 1, 0]);
  plane.acts.click({ offsetX: 1, offsetY }); // beside the map
  assert.deepEqual(at(), [1, 0, 1, 0]);
});

test("a click on the isolation plot goes to the best setting there, all sliders with it", () => {
  const { view: { isolation, scene }, at } = shownAt(22, tableOf({ 0: 0.25, 4: 0.5, 22: 1 }));
  const { isolation: area } = scene.areas;
  isolation.acts.pointermove({ offsetX: xOfStop(area, 4, 0), offsetY: 50 });
  assert.equal(isolation.tip.textContent, "d = p\nbest: loss 0.25\nat a = 1, c = 0\nother sliders as they are: not known yet");
  isolation.acts.click({ offsetX: xOfStop(area, 4, 1), offsetY: 50 }); // nothing is known there
  assert.deepEqual(at(), [2, 0, 1, 2]);
  isolation.acts.click({ offsetX: xOfStop(area, 4, 0), offsetY: 50 });
  assert.deepEqual(at(), [0, 0, 0, 0]);
});

test("arrow keys move the sliders by one stop, and stop at the ends", () => {
  const { view: { plane }, at, stop } = shownAt(22, tableOf({}));
  let prevented = 0;
  const press = (key, more = {}) => plane.acts.keydown({ key, preventDefault: () => (prevented += 1), ...more });
  press("ArrowRight");
  assert.deepEqual(at(), [2, 0, 1, 3]);
  press("ArrowUp"); // a is at its last
  assert.deepEqual(at(), [2, 0, 1, 3]);
  press("ArrowDown");
  assert.deepEqual(at(), [1, 0, 1, 3]);
  press("ArrowLeft", { ctrlKey: true });
  press("Tab");
  assert.deepEqual([at(), prevented], [[1, 0, 1, 3], 3]);
  stop();
  assert.deepEqual(plane.acts, {});
});
