// A setting in the making says which it is and how far it has come; the numbers of another run are not its own.

import assert from "node:assert/strict";
import test from "node:test";

import { comingWords, furtherOn, stepReached } from "../../optlab/live/js/coming.js";
import { draw } from "../../optlab/live/js/drawing.js";
import { spoken } from "../../optlab/live/js/edges.js";
import { addRows, createStore, seek } from "../../optlab/live/js/figure.js";
import { WHOLE } from "../../optlab/live/js/coordinates.js";
import { frame, line, model, panel, recorder, text } from "./made.js";

const PARAMS = [{ name: "lr", lead: "α₀ =", title: "rate", texts: ["0.1", "0.18", "1"], default: 0 }];
const loss = line({ size: 4, x: Float32Array.of(0, 1, 2, 3), grows: 0, role: "main", label: "loss", named: true });

function lab(traits = {}) {
  const store = createStore();
  store.toolbar = model({ step: 3, last: 3, unit: "epoch", params: PARAMS, strides: [1], pins: [], coming: -1, ...traits });
  store.strides = [1];
  store.scenes = [{ artists: [loss] }];
  addRows(store, [[0, frame([4, 3, 2, 1])]], false);
  seek(store, 0);
  return store;
}

test("where no frame is the setting is named, and nothing is left of it once its frame is there", () => {
  const store = lab();
  assert.equal(comingWords(store), "");
  seek(store, 1);
  assert.equal(comingWords(store), "training α₀ = 0.18 …");
  assert.equal(store.toolbar.get("coming"), 0); // the film has nothing to show
  addRows(store, [[1, frame([9, 8, 7, 6])]], false);
  assert.deepEqual([comingWords(store), store.toolbar.get("coming")], ["", -1]);
  seek(store, 0);
  assert.equal(comingWords(store), "");
});

test("a run in the making says how far it is, and what there is of it is not kept", () => {
  const store = lab();
  seek(store, 2);
  addRows(store, [[2, frame([9, 8, NaN, NaN])]], true, { partial: true });
  assert.deepEqual([comingWords(store, 0), store.toolbar.get("coming")], ["training α₀ = 1: epoch 1 of 3", 1]);
  assert.deepEqual([...store.shown.frame.values], [9, 8, NaN, NaN]);
  seek(store, 0); // away to what is known, and back: it has gone on
  assert.deepEqual([comingWords(store), store.toolbar.get("coming")], ["", -1]);
  seek(store, 2);
  assert.deepEqual([comingWords(store, 0), store.waiting], ["training α₀ = 1: epoch 1 of 3", false]);
  seek(store, 1); // what must be trained ends it: half a run is no run
  seek(store, 2);
  assert.ok(store.waiting);
  addRows(store, [[2, frame([9, 8, 7, 6])]], true);
  assert.deepEqual([comingWords(store), store.toolbar.get("coming"), store.waiting], ["", -1, false]);
});

test("what came of a run before the sliders and the backgrounds did is shown as soon as they are there", () => {
  const store = createStore();
  addRows(store, [[2, frame([9, 8, NaN, NaN])]], true, { partial: true });
  Object.assign(store, { toolbar: lab().toolbar, strides: [1], scenes: [{ artists: [loss] }] });
  seek(store, 2);
  assert.equal(comingWords(store, 0), "training α₀ = 1: epoch 1 of 3");
  assert.ok(!store.waiting);
});

test("what comes of a run before the sliders are at it is shown when they are", () => {
  const store = lab();
  addRows(store, [[2, frame([9, 8, NaN, NaN])]], true, { partial: true });
  assert.equal(comingWords(store), ""); // it is another setting's
  seek(store, 2);
  assert.equal(comingWords(store, 0), "training α₀ = 1: epoch 1 of 3");
});

test("the time that is left is told where it is worth telling", () => {
  const far = (coming) => comingWords({ ...lab({ last: 100 }), coming }, 10_000);
  const first = furtherOn(null, 0, 2, 1_000);
  assert.equal(far(first), "training: epoch 2 of 100"); // one look says nothing of the speed
  assert.equal(far(furtherOn(first, 0, 20, 5_000)), "training: epoch 20 of 100, about 40 s more");
  assert.equal(far(furtherOn(first, 0, 92, 10_000)), "training: epoch 92 of 100");
  assert.equal(far({ ...first, step: 3, at: 1_000 - 60_000 }), "training: epoch 3 of 100, about 112 min more");
  assert.deepEqual(furtherOn(first, 7, 5, 2_000), { slot: 7, step: 5, from: 5, at: 2_000 }); // another setting
});

test("without a kernel nothing is promised", () => {
  const store = lab();
  store.sliders = [model({ index: 1 })];
  store.sliders[0].comm_live = false;
  seek(store, 1);
  assert.equal(comingWords(store), "not trained α₀ = 0.18: no kernel is running");
});

test("a page that has a file of every setting loads it", () => {
  const store = lab();
  store.toolbar.set("loads", true);
  seek(store, 1);
  assert.equal(comingWords(store), "loading α₀ = 0.18 …");
});

test("the last step is that of the longest growing line; other lines say nothing", () => {
  const rate = line({ start: 4, size: 4, grows: 1, x: Float32Array.of(1, 2, 3, 4) });
  const still = line({ start: 8, size: 1, x: Float32Array.of(0) });
  const of = (...values) => stepReached([loss, rate, still], frame([...values, 7]));
  assert.equal(of(5, NaN, NaN, NaN, NaN, NaN, NaN, NaN), 0);
  assert.equal(of(5, 4, NaN, NaN, 1, 1, NaN, NaN), 2);
  assert.equal(of(...Array(8).fill(NaN)), -1);
});

test("of figures that arrive one after the other the last one counts", () => {
  const [store, other] = [lab(), createStore()];
  Object.assign(other, { toolbar: store.toolbar, strides: [1], scenes: store.scenes });
  [store, other].forEach((one) => seek(one, 1));
  addRows(store, [[1, frame([9, 8, 7, 6])]], false);
  assert.equal(store.toolbar.get("coming"), 0);
  addRows(other, [[1, frame([9, 8, 7, 6])]], false);
  assert.equal(store.toolbar.get("coming"), -1);
});

test("the old title is not drawn, and nobody is told that an unfinished figure is empty", () => {
  const title = text({ role: "title", text: 0 });
  const shown = panel([loss, title]);
  const drawn = (more) => {
    const { calls, context } = recorder();
    draw(context, shown, frame([NaN, NaN, NaN, NaN], { texts: ["ends at 1"], ...more }), WHOLE);
    return calls.filter(([name]) => name === "fillText").map(([, words]) => words);
  };
  assert.deepEqual(drawn({ coming: "training …" }), []);
  assert.equal(drawn({})[0], "ends at 1");
  assert.equal(spoken(shown, frame([NaN, NaN, NaN, NaN], { coming: "training …" }), WHOLE), "training …");
});
