// Where the numbers of a mark stand in a frame, and which of them a film shows.

import assert from "node:assert/strict";
import test from "node:test";

import { appearsAt, block, coordinates, grownTo, pointsOf, short, WHOLE } from "../../optlab/live/js/coordinates.js";
import { at, image, line, scatter } from "./made.js";

const numbers = Float32Array.from({ length: 20 }, (_, i) => i); // each number says where it stands
const listed = ({ xs, ys }) => [[...xs], [...ys]];
const fixed = Float32Array.from([0, 5, 10]);

test("a line sends its x and then its y, or its y alone where its x never changes", () => {
  assert.equal(pointsOf(line({ size: 6 })), 3);
  assert.equal(pointsOf(line({ size: 3, x: fixed })), 3);
  assert.deepEqual(listed(coordinates(line({ start: 2, size: 6 }), numbers)), [[2, 3, 4], [5, 6, 7]]);
  assert.deepEqual(listed(coordinates(line({ start: 4, size: 3, x: fixed }), numbers)), [[0, 5, 10], [4, 5, 6]]);
  assert.deepEqual(listed(coordinates(scatter({ start: 1, size: 4 }), numbers)), [[1, 2], [3, 4]]);
});

test("a growing line has as many points as the film has steps since its first", () => {
  const curve = line({ size: 5, x: Float32Array.of(3, 4, 5, 6, 7), grows: 3 });
  assert.deepEqual([0, 2, 3, 4, 7, 99].map((step) => grownTo(curve, at(step))), [0, 0, 1, 2, 5, 5]);
  assert.equal(grownTo(curve, WHOLE), 5);
  assert.deepEqual(listed(coordinates(curve, numbers, at(4))), [[3, 4], [0, 1]]);
  assert.equal(grownTo(line({ size: 10 }), at(0)), 5); // it does not grow
});

test("a mark with stops shows the block of the last stop at or before the step", () => {
  const dot = line({ start: 3, size: 6, at: [0, 10, 100] }); // three blocks of one x and one y
  const shown = (step) => listed(coordinates(dot, numbers, at(step)));
  assert.equal(pointsOf(dot), 1);
  assert.deepEqual(shown(0), [[3], [4]]);
  assert.deepEqual(shown(9), [[3], [4]]);
  assert.deepEqual(shown(10), [[5], [6]]);
  assert.deepEqual(shown(1000), [[7], [8]]);
  assert.deepEqual(listed(coordinates(dot, numbers)), [[7], [8]]); // the whole run: the last block
});

test("before its first stop it shows nothing", () => {
  const late = line({ size: 6, x: fixed, at: [5, 6] });
  assert.deepEqual(listed(coordinates(late, numbers, at(4))), [[], []]);
  assert.deepEqual(listed(coordinates(late, numbers, at(5))), [[0, 5, 10], [0, 1, 2]]);
  assert.deepEqual(listed(coordinates(late, numbers, at(6))), [[0, 5, 10], [3, 4, 5]]);
});

test("a cloud and a field have stops too", () => {
  const cloud = scatter({ size: 8, at: [0, 1] });
  assert.deepEqual(listed(coordinates(cloud, numbers, at(1))), [[4, 5], [6, 7]]);
  const field = image({ start: 2, size: 12, rows: 2, at: [0, 7] });
  assert.deepEqual([...block(field, numbers, at(7))], [8, 9, 10, 11, 12, 13]);
});

test("the step from which on a mark is drawn is its last number, and no coordinate", () => {
  const star = line({ start: 1, size: 3, appears: true });
  assert.deepEqual(listed(coordinates(star, numbers)), [[1], [2]]);
  assert.equal(appearsAt(star, numbers), 3);
  const onCurve = line({ start: 1, size: 2, x: Float32Array.of(9), appears: true });
  assert.deepEqual(listed(coordinates(onCurve, numbers)), [[9], [1]]);
  assert.equal(appearsAt(line({ size: 2 }), numbers), -Infinity); // it is there from the start
});

test("numbers are short, but no shorter than they are told", () => {
  assert.deepEqual([short(0.123456), short(1200000), short(2 / 3, 3), short(0.5, 3)], ["0.1235", "1200000", "0.667", "0.5"]);
});

test("a curve measured every twenty steps grows by one point in so many steps of the film", () => {
  const style = line({ size: 4, x: Float32Array.of(0, 20, 40, 60), grows: 0, every: 20 });
  const seen = (step) => coordinates(style, Float32Array.of(1, 2, 3, 4), { step, unit: "step" }).ys.length;
  assert.deepEqual([0, 19, 20, 59, 60, Infinity].map(seen), [1, 1, 2, 3, 4, 4]);
});
