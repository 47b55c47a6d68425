// Fitting axes to what is shown, and where a logarithm is allowed.

import assert from "node:assert/strict";
import test from "node:test";

import { allowsLog, rangeOf } from "../../optlab/live/js/seen.js";
import { frame, line, panel } from "./made.js";

const x = Float32Array.of(1, 10, 100);
const curve = line({ size: 3, x, role: "main" });
const upright = line({ start: 3, size: 4, in_data: [true, false] });
const both = panel([curve, upright]);
const close = (found, expected) => found.forEach((v, i) => assert.ok(Math.abs(v / expected[i] - 1) < 1e-5, `${found}`));

test("the limits hold all curves with a little room, on either scale", () => {
  const run = frame([20, 40, 10, 3, 3, 0, 1]);
  close(rangeOf(both, [run], "y", false), [8.5, 41.5]); // an upright has no height in data
  close(rangeOf(both, [run], "y", true), [10 ** (1 - 0.05 * Math.log10(4)), 10 ** (Math.log10(40) + 0.05 * Math.log10(4))]);
  close(rangeOf(both, [run], "x", true), [10 ** -0.1, 10 ** 2.1]);
});

test("gaps, infinities and what a log axis has no place for do not count", () => {
  const run = frame([NaN, 40, Infinity, 3, 3, 0, 1]);
  close(rangeOf(both, [run], "y", false), [38, 42]); // one number has room, too
  assert.equal(rangeOf(both, [frame([NaN, NaN, NaN, 3, 3, 0, 1])], "y", false), null);
  assert.equal(rangeOf(both, [frame([0, -1, NaN, 3, 3, 0, 1])], "y", true), null);
});

test("a logarithm needs numbers above 0", () => {
  const of = (...ys) => allowsLog(both, [frame([...ys, 3, 3, 0, 1])], "y");
  assert.deepEqual([of(1, 2, 3), of(1, 2, 0), of(1, 0, 0), of(1, 2, -3)], [true, true, false, false]);
});

test("pinned runs are within the limits, too: what is drawn of them", () => {
  const other = line({ start: 3, size: 3, x, role: "other" });
  const [run, pin] = [frame([20, 10, 5, 30, 30, 30]), frame([1, 2, 3, 900, 900, 900])];
  close(rangeOf(panel([curve, other]), [run, pin], "y", false), [1 - 0.05 * 29, 30 + 0.05 * 29]);
});

test("what theory says does not pull the axes apart", () => {
  const bound = line({ start: 3, size: 3, x, role: "theory" });
  close(rangeOf(panel([curve, bound]), [frame([20, 40, 10, 1e-20, 1, 1])], "y", true), rangeOf(panel([curve]), [frame([20, 40, 10])], "y", true));
});

test("of a run that has exploded its beginning is shown, not where it went", () => {
  const run = line({ size: 5, x: Float32Array.of(0, 1, 2, 3, 4), grows: 0, role: "main" });
  for (const tail of [[1e30, Infinity], [1e9, NaN], [1e12, 1e20]]) {
    const shown = [frame([2, 8, 300, ...tail])];
    close(rangeOf(panel([run]), shown, "y", false), [2 - 0.05 * 6, 8 + 0.05 * 6]);
    close(rangeOf(panel([run]), shown, "y", true), [2 * 150 ** -0.05, 300 * 150 ** 0.05]);
  }
  close(rangeOf(panel([run]), [frame([1, 20, 300, 2000, 9000])], "y", false), [1 - 0.05 * 8999, 9000 + 0.05 * 8999].map(Math.fround)); // it grows
});

test("a curve over something else than steps may rise as high as it likes", () => {
  close(rangeOf(panel([curve]), [frame([1, 1e3, 1e6])], "y", true), [10 ** -0.3, 10 ** 6.3]);
});

test("of a path that has exploded both coordinates are left out together", () => {
  const path = line({ size: 8, grows: 0, role: "main" });
  const shown = [frame([1, -2, 1e3, 1e7, 1, 0.5, 2, 3])];
  close(rangeOf(panel([path]), shown, "x", false), [-2.15, 1.15]);
  close(rangeOf(panel([path]), shown, "y", false), [0.5 - 0.025, 1.025]);
});
