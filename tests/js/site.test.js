import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";

import { stopsAt, textAt } from "../../optlab/site/js/programs.js";
import { fragmentFor, fragmentOf, stateOf } from "../../optlab/site/js/states.js";

const { params, strides, cases } = JSON.parse(readFileSync(new URL("states.json", import.meta.url), "utf-8"));

test("a fragment gives back any lab and state", () => {
  for (const state of ["", "lr=1, l2=0; pin; at 12", "kind=a, b; pin kind=<b>", "task=50 % + 1 #"]) {
    assert.deepEqual(fragmentOf(fragmentFor("cloud_lab", state)), ["cloud_lab", state]);
  }
});

test("a fragment that is not ours is none", () => {
  for (const text of ["", "#", "#Predict", "#Hardware:-the-roofline".replace(":", "%"), "#%E0%A4%A", "#<img>:x"]) assert.equal(fragmentOf(text), null);
});

test("a state is read as Python has written it", () => {
  for (const { state, text } of cases) {
    const found = stateOf({ params, strides }, text, 99);
    const slot = found?.stops.reduce((sum, stop, k) => sum + stop * strides[k], 0);
    assert.deepEqual({ slot, pins: found?.pins, step: found?.step }, { ...state, pins: state.pins.filter((pin) => pin >= 0) });
  }
});

test("a state that the lab cannot have is none", () => {
  for (const text of ["lr=3", "speed=1", "lr", "lr=", "at 100", "pin lr=3", "<img src=x>"]) assert.equal(stateOf({ params, strides }, text, 99), null, text);
});

test("a program is put together from its pieces", () => {
  const pieces = ["a", { texts: ["x", "y", "z"], sliders: [0, 2], table: [0, 1, 2, 0] }, "b"];
  assert.equal(textAt(pieces, [2, 5, 2], [1, 4, 0]), "azb");
  assert.deepEqual(stopsAt([2, 5, 2], 18), [1, 4, 0]);
});
