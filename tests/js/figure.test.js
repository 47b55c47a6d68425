// The table of frames, and which of them is shown.

import assert from "node:assert/strict";
import test from "node:test";

import { addRows, createStore, framesOf, loadPages, seek } from "../../optlab/live/js/figure.js";
import { allModels, follow, modelOf } from "../../optlab/live/js/models.js";
import { frame, line, model } from "./made.js";

const view = (...numbers) => new DataView(Float32Array.from(numbers).buffer);
const page = (slots, numbers) => model({
  slots, data: view(...numbers), texts: slots.map(() => []), labels: slots.map((slot) => `slot ${slot}`),
  scenes: slots.map(() => 0), goals: slots.map(() => []),
});

function figure(pages, others) {
  return model({ artists: [line({ size: 1, x: view(0) }), line({ start: 1, size: 1, x: view(0) })], pages }, others);
}

// What the console is warned of while something is done.
async function warned(act) {
  const [before, lines] = [console.warn, []];
  console.warn = (...words) => void lines.push(words.join(" "));
  try {
    await act();
  } finally {
    console.warn = before;
  }
  return lines;
}

test("a page is cut into its rows, each with its own numbers", () => {
  const rows = framesOf(page([4, 2], [1, 2, 3, 4]).attributes, figure([]));
  assert.deepEqual(rows.map(([slot, { values, label }]) => [slot, [...values], label]), [[4, [1, 2], "slot 4"], [2, [3, 4], "slot 2"]]);
  assert.deepEqual(framesOf({}, figure([])), []); // a figure that was closed
});

test("every page is read once, and a newer one wins", async () => {
  const store = createStore();
  const others = { a: page([0, 1], [1, 1, 2, 2]), b: page([1, 2], [9, 9, 3, 3]) };
  const lab = figure(["IPY_MODEL_a", "IPY_MODEL_b"], others);
  await loadPages(store, lab);
  assert.deepEqual([0, 1, 2].map((slot) => store.table.get(slot).values[0]), [1, 9, 3]);
  store.table.clear();
  await loadPages(store, lab);
  assert.equal(store.table.size, 0);
});

test("a page that is missing or broken loses no other, and is noted once", async () => {
  const store = createStore();
  const others = { b: page([1], [2, 2]), c: model({ slots: [5] }), d: page([3], [4, 4]) };
  const lab = figure(["IPY_MODEL_a", "IPY_MODEL_b", "IPY_MODEL_c", "IPY_MODEL_d"], others);
  const lines = await warned(async () => {
    await loadPages(store, lab);
    await loadPages(store, lab);
  });
  assert.deepEqual([...store.table.keys()], [1, 3]);
  assert.equal(lines.length, 2);
  assert.match(lines[0], /IPY_MODEL_a cannot be had/);
});

test("a model that cannot be had is null and noted; of sliders all are needed", async () => {
  const throwing = { widget_manager: { get_model: () => { throw new Error("gone"); } } };
  const lines = await warned(async () => {
    assert.equal(await modelOf(throwing, "IPY_MODEL_x"), null);
    assert.equal(await allModels(model({}, { a: model() }), ["IPY_MODEL_a", "IPY_MODEL_b"]), null);
  });
  assert.equal(lines.length, 2);
  const a = model();
  assert.deepEqual(await allModels(model({}, { a }), ["IPY_MODEL_a"]), [a]);
});

test("what follows a model stops when it is told to", () => {
  const slider = model({ index: 0, step: 0 });
  let count = 0;
  const stop = follow(slider, ["index", "step"], () => (count += 1));
  slider.set("index", 1);
  slider.set("step", 1);
  stop();
  slider.set("index", 2);
  assert.equal(count, 2);
});

test("a moved slider shows its frame, or dims the old one until it comes", () => {
  const store = createStore();
  const shown = () => [store.shown.slot, store.waiting];
  addRows(store, [[-1, frame([0])]], true);
  assert.deepEqual(shown(), [-1, false]);
  addRows(store, [[0, frame([1])], [1, frame([2])]], false);
  assert.deepEqual(shown(), [-1, false]); // nothing steers yet
  seek(store, 0);
  assert.deepEqual(shown(), [0, false]);
  seek(store, 2);
  assert.deepEqual(shown(), [0, true]);
  addRows(store, [[1, frame([2])]], true); // another slot's frame is kept, not shown
  assert.deepEqual(shown(), [0, true]);
  addRows(store, [[2, frame([3])]], true);
  assert.deepEqual(shown(), [2, false]);
  clearTimeout(store.resting);
});

test("goals follow the frame that carries them; a setting that failed reaches none", () => {
  const store = createStore();
  store.toolbar = model({ reached: [], pins: [] });
  const reached = () => store.toolbar.get("reached");
  addRows(store, [[0, frame([0], { goals: [true, false] })], [1, frame([NaN])]], false);
  seek(store, 0);
  assert.deepEqual(reached(), [true, false]);
  seek(store, 1);
  assert.deepEqual(reached(), []);
  seek(store, 0);
  assert.deepEqual(reached(), [true, false]);
  seek(store, 5);
  assert.deepEqual(reached(), []);
  const right = createStore(); // a figure that carries no goals leaves them alone
  right.toolbar = store.toolbar;
  store.toolbar.set("reached", [true, true]);
  addRows(right, [[0, frame([0])]], false);
  seek(right, 0);
  assert.deepEqual(reached(), [true, true]);
  [store, right].forEach(({ resting }) => clearTimeout(resting));
});

test("the run that a movement sets out from is left as a ghost", () => {
  const store = createStore();
  addRows(store, [0, 1, 2].map((slot) => [slot, frame([slot])]), false);
  [0, 1, 2].forEach((slot) => seek(store, slot));
  assert.equal(store.ghost.slot, 0); // one movement: not the run in between
  clearTimeout(store.resting);
});
