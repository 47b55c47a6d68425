// The values under the pointer.

import assert from "node:assert/strict";
import test from "node:test";

import { WHOLE } from "../../optlab/live/js/coordinates.js";
import { valuesAt } from "../../optlab/live/js/hover.js";
import { at, frame, line, panel } from "./made.js";

const x = Float32Array.of(0, 2, 4, 6, 8, 10); // at 100, 140, ... 300 CSS pixels
const train = line({ size: 6, x, grows: 0, label: "train", named: true });
const guide = line({ start: 6, size: 4, label: "guide", named: true }); // at x = 5 and 10
const secret = line({ size: 6, x, label: "secret" });
const shown = panel([secret, train, guide]);
const run = frame([1, 0.5, 0.25, 0.125, NaN, 0.0123456, 5, 10, 0.3, 0.3]);

test("every named line at its point nearest to the pointer, the nearest first", () => {
  assert.equal(valuesAt(shown, run, [203, 60], WHOLE), "step: 5\nguide: 0.3\ntrain: 0.125");
  assert.equal(valuesAt(shown, run, [145, 60], WHOLE), "step: 2\ntrain: 0.5\nguide: 0.3");
});

test("gaps are passed over, numbers are short", () => {
  assert.equal(valuesAt(panel([train]), run, [299, 60], WHOLE), "step: 10\ntrain: 0.01235");
  assert.equal(valuesAt(panel([train]), run, [262, 60], WHOLE), "step: 10\ntrain: 0.01235"); // 8 has no value
});

test("no further than the film has come, and nothing outside the axes", () => {
  assert.equal(valuesAt(panel([train]), run, [299, 60], at(1)), "step: 2\ntrain: 0.5");
  assert.equal(valuesAt(shown, run, [50, 60], WHOLE), "");
  assert.equal(valuesAt(panel([secret]), run, [203, 60], WHOLE), "");
  assert.equal(valuesAt(panel([train]), frame(new Array(6).fill(NaN)), [203, 60], WHOLE), "");
});
