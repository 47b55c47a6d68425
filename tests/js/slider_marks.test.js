// Where a click on a mark under a slider leads.

import assert from "node:assert/strict";
import test from "node:test";

import { stopOfMark } from "../../optlab/live/js/slider_marks.js";

test("a tick leads to the nearest stop, a band to the first stop in it", () => {
  const tick = (at) => stopOfMark({ from: at, to: at }, 11);
  assert.deepEqual([0, 0.3, 0.34, 0.36, 1].map(tick), [0, 3, 3, 4, 10]);
  assert.equal(stopOfMark({ from: 0.31, to: 1 }, 11), 4);
  assert.equal(stopOfMark({ from: 0.3, to: 0.5 }, 11), 3); // it begins at a stop
  assert.equal(stopOfMark({ from: 0.98, to: 1 }, 11), 10);
});
