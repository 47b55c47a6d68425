// Sketching: what a stroke and a key make of the points of a line; and what the runs of a replay are called.

import assert from "node:assert/strict";
import test from "node:test";

import { drawnOver, penMoved } from "../../optlab/live/js/sketch.js";
import { nameOf } from "../../optlab/live/js/replay.js";

const XS = [0, 10, 20, 30, 40]; // the points of a line, in pixels
const down = (pixel) => 100 - pixel; // data grow upwards

test("a stroke gives the points below it its height, in data, whichever way it is drawn", () => {
  assert.deepEqual(drawnOver([], XS, [10, 50], [30, 70], down), [null, 50, 40, 30, null]);
  assert.deepEqual(drawnOver([], XS, [30, 70], [10, 50], down), [null, 50, 40, 30, null]);
});

test("a new stroke replaces what was drawn below it, and nothing else", () => {
  const before = [1, 2, 3, 4, 5];
  assert.deepEqual(drawnOver(before, XS, [10, 0], [20, 0], down), [1, 100, 100, 4, 5]);
  assert.deepEqual(before, [1, 2, 3, 4, 5]);
});

test("a touch between two points moves the nearer one", () => {
  assert.deepEqual(drawnOver([], XS, [13, 80], [13, 80], down), [null, 20, null, null, null]);
  assert.deepEqual(drawnOver([], XS, [16, 80], [18, 90], down), [null, null, 10, null, null]);
});

test("straight up and down at a point it takes the end of the stroke", () => {
  assert.deepEqual(drawnOver([], XS, [20, 10], [20, 60], down), [null, null, 40, null, null]);
});

test("points without a place, such as 0 on a log axis, are left alone", () => {
  assert.deepEqual(drawnOver([], [-Infinity, NaN, 20, 30], [0, 50], [40, 50], down), [null, null, 50, 50]);
});

test("a key sideways sets out on a new stretch, one up or down moves its end; the pen stays on the axes", () => {
  const pen = { at: [0.5, 0.5], from: [0.2, 0.2] };
  assert.deepEqual(penMoved(pen, [0.25, 0]), { at: [0.75, 0.5], from: [0.5, 0.5] });
  assert.deepEqual(penMoved(pen, [0, -0.25]), { at: [0.5, 0.25], from: [0.2, 0.2] });
  assert.deepEqual(penMoved({ at: [1, 0], from: [0, 0] }, [0.25, 0]).at, [1, 0]);
  assert.deepEqual(penMoved({ at: [1, 0], from: [0, 0] }, [0, -0.25]).at, [1, 0]);
});

test("one run before is called so; of several each has its setting, and the last is the answer", () => {
  assert.equal(nameOf("α = 1", 0, 2, false), "α = 1: before");
  assert.equal(nameOf("α = 1", 0, 3, false), "α = 1");
  assert.equal(nameOf("α = 9", 1, 2, true), "α = 9: the answer");
  assert.equal(nameOf("α = 9", 0, 1, true), "α = 9");
});
