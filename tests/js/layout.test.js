// From data to CSS pixels.

import assert from "node:assert/strict";
import test from "node:test";

import { firstBaseline, shareThatFits } from "../../optlab/live/js/drawing.js";
import { dataAt } from "../../optlab/live/js/clicks.js";
import { isInside, layOut, pixels, projector, unprojector } from "../../optlab/live/js/layout.js";
import { line, panel, PLACE } from "./made.js";

test("a linear axis, either way round", () => {
  const x = projector([0, 10], false, 100, 300);
  assert.deepEqual([0, 5, 10, 12].map(x), [100, 200, 300, 340]);
  const y = projector([10, 0], false, 120, 20); // an inverted axis
  assert.deepEqual([10, 2.5].map(y), [120, 45]);
});

test("a log axis has no place for zero and less", () => {
  const x = projector([1e-3, 10], true, 0, 400);
  assert.deepEqual([1e-3, 0.1, 10].map((value) => Math.round(x(value))), [0, 200, 400]);
  assert.ok(!Number.isFinite(x(0)));
  assert.ok(!Number.isFinite(x(-1)));
});

test("from pixels back to data", () => {
  for (const [limits, log] of [[[0, 10], false], [[10, 0], false], [[1e-3, 10], true]]) {
    const [there, back] = [projector, unprojector].map((make) => make(limits, log, 120, 20));
    for (const value of [0.001, 0.5, 7]) assert.ok(Math.abs(back(there(value)) / value - 1) < 1e-9);
  }
  const shown = panel([]);
  const found = dataAt(shown, [200, 70]);
  assert.deepEqual([found.x, found.y].map((value) => value.toFixed(9)), ["5.000000000", "0.500000000"]);
  assert.equal(dataAt(shown, [50, 70]), null);
});

test("a scene is laid out for the size at which it is shown", () => {
  const scene = { width: 800, axes: [PLACE], places: [], artists: [] };
  const { axes: [axes], dot } = layOut(scene, 400, 200);
  assert.equal(dot, (400 / 800) * (100 / 72)); // shown at half its size: a point is half as many pixels
  assert.deepEqual([axes.left, axes.top, axes.width, axes.height].map(Math.round), [100, 20, 200, 100]);
  assert.deepEqual([axes.x(0), axes.x(10), axes.y(0), axes.y(1)].map(Math.round), [100, 300, 120, 20]);
  assert.deepEqual([axes.acrossX(0.5), axes.acrossY(1)].map(Math.round), [200, 20]);
  assert.deepEqual(axes.spines, [dot, dot, dot, dot]);
});

test("gaps are null, and what lies far outside stays where a canvas can count", () => {
  const style = line({ size: 8 });
  const values = Float32Array.of(0, 5, NaN, 10, 0, NaN, 0.5, 1e30);
  const rounded = pixels(panel([style]), style, values).map((point) => point && point.map(Math.round));
  assert.deepEqual(rounded, [[100, 120], null, null, [300, -100000]]);
});

test("an upright reaches across its axes", () => {
  const upright = line({ size: 4, in_data: [true, false] });
  const rounded = pixels(panel([upright]), upright, Float32Array.of(5, 5, 0, 1)).map((point) => point.map(Math.round));
  assert.deepEqual(rounded, [[200, 120], [200, 20]]);
});

test("lines of text hang from their anchor as matplotlib has them", () => {
  assert.equal(firstBaseline("top", 3), 0.76);
  assert.equal(firstBaseline("baseline", 2), 0);
  assert.ok(Math.abs(firstBaseline("bottom", 2) + 1.44) < 1e-12); // the last line's letters end at the anchor
  assert.ok(Math.abs(firstBaseline("center", 1) - 0.26) < 1e-12);
  assert.ok(Math.abs(firstBaseline("center", 2) + 0.34) < 1e-12);
});

test("a point on the edge is within the axes, one beyond it is not", () => {
  const [axes] = panel([]).axes;
  assert.ok(isInside(axes, [300, 120]) && isInside(axes, [100, 20]));
  assert.ok(!isInside(axes, [302, 70]) && !isInside(axes, [200, 122]));
});

test("a line that would run out of its figure has smaller letters, down to seven tenths", () => {
  const share = (widest, more = {}) => shareThatFits({ ha: "left", rotation: 0, ...more }, widest, 60, 300);
  assert.equal(share(240), 1);
  assert.equal(share(300), 0.8);
  assert.equal(share(1000), 0.7);
  assert.equal(share(75, { ha: "right" }), 0.8);
  assert.equal(share(150, { ha: "center" }), 0.8);
  assert.equal(share(1000, { rotation: 90 }), 1);
});
