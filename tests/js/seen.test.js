// Fitting axes to what is shown, and where a logarithm is allowed.

import assert from "node:assert/strict";
import test from "node:test";

import { allowsLog, rangeOf } from "../../optlab/live/js/seen.js";
import { frame, line, panel } from "./made.js";

const x = Float32Array.of(1, 10, 100);
const curve = line({ size: 3, x });
const upright = line({ start: 3, size: 4, in_data: [true, false] });
const both = panel([curve, upright]);
const close = (found, expected) => found.forEach((v, i) => assert.ok(Math.abs(v / expected[i] - 1) < 1e-5, `${found}`));

test("the limits hold all curves with a little room, on either scale", () => {
  const run = frame([20, 40, 10, 3, 3, 0, 1]);
  close(rangeOf(both, run, "y", false), [8.5, 41.5]); // an upright has no height in data
  close(rangeOf(both, run, "y", true), [10 ** (1 - 0.05 * Math.log10(4)), 10 ** (Math.log10(40) + 0.05 * Math.log10(4))]);
  close(rangeOf(both, run, "x", true), [10 ** -0.1, 10 ** 2.1]);
});

test("gaps, infinities and what a log axis has no place for do not count", () => {
  const run = frame([NaN, 40, Infinity, 3, 3, 0, 1]);
  close(rangeOf(both, run, "y", false), [38, 42]); // one number has room, too
  assert.equal(rangeOf(both, frame([NaN, NaN, NaN, 3, 3, 0, 1]), "y", false), null);
  assert.equal(rangeOf(both, frame([0, -1, NaN, 3, 3, 0, 1]), "y", true), null);
});

test("a logarithm needs numbers above 0", () => {
  const of = (...ys) => allowsLog(both, frame([...ys, 3, 3, 0, 1]), "y");
  assert.deepEqual([of(1, 2, 3), of(1, 2, 0), of(1, 0, 0), of(1, 2, -3)], [true, true, false, false]);
});
