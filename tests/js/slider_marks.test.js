// Where a click on a mark under a slider leads, and where the labels of marks stand.

import assert from "node:assert/strict";
import test from "node:test";

import { placed, stopOfMark } from "../../optlab/live/js/slider_marks.js";

test("a tick leads to the nearest stop, a band to the first stop in it", () => {
  const tick = (at) => stopOfMark({ from: at, to: at }, 11);
  assert.deepEqual([0, 0.3, 0.34, 0.36, 1].map(tick), [0, 3, 3, 4, 10]);
  assert.equal(stopOfMark({ from: 0.31, to: 1 }, 11), 4);
  assert.equal(stopOfMark({ from: 0.3, to: 0.5 }, 11), 3); // it begins at a stop
  assert.equal(stopOfMark({ from: 0.98, to: 1 }, 11), 10);
});

test("labels stay within their strip and apart from each other", () => {
  const [best, limit] = [{ left: -60, width: 100 }, { left: 30, width: 120 }];
  assert.deepEqual(placed([best, limit], 400), [0, 105]);
  assert.deepEqual(placed([{ ...limit, left: 350 }, best], 400), [280, 0]); // whatever their order
  assert.deepEqual(placed([{ left: 20, width: 50 }, { left: 90, width: 50 }], 400), [20, 90]); // nothing in the way
  assert.deepEqual(placed([{ left: 110, width: 70 }, { left: 190, width: 110 }], 260), [75, 150]); // the first gives way at the end
  assert.deepEqual(placed([best, limit], 180), [0, 60]); // no room for both: neither is cut
});
