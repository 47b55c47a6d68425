// How finely a figure is drawn for the place that it is shown in.

import assert from "node:assert/strict";
import test from "node:test";

import { finerRatio } from "../../optlab/live/js/view.js";

test("a figure shown at its own size or smaller is fine as it is", () => {
  assert.equal(finerRatio(1, 1, 2), 0);
  assert.equal(finerRatio(0.3, 2, 2), 0);
  assert.equal(finerRatio(0, 1, 2), 0); // not on the page yet
});

test("shown larger, or on a finer screen, it asks for as many pixels as there are, and never for fewer", () => {
  assert.equal(finerRatio(2.1, 1, 2), 2.5);
  assert.equal(finerRatio(1.5, 2, 2), 3);
  assert.equal(finerRatio(0.5, 3, 2), 3);
  assert.equal(finerRatio(2.1, 1, 3), 0);
});

test("four pixels are the most that are drawn, asked for once", () => {
  assert.equal(finerRatio(3, 3, 2), 4);
  assert.equal(finerRatio(3, 3, 4), 0);
});
