// Names stand at the ends of lines, and none over another; pictures show the same (tests/live/test_endings.py).

import assert from "node:assert/strict";
import test from "node:test";

import { WHOLE } from "../../optlab/live/js/coordinates.js";
import { edgeNotes } from "../../optlab/live/js/edges.js";
import { apart, endings } from "../../optlab/live/js/endings.js";
import { readable } from "../../optlab/live/js/letters.js";
import { at, frame, line, panel } from "./made.js";

const x = Float32Array.of(0, 5, 10);
const one = line({ size: 3, x, grows: 0, role: "main", ending: "B = 8", color: "#0072b2ff" });
const placesOf = (values, film = WHOLE) => endings(panel([one]), frame(values), film, 10).map((end) => [end.text, end.x, end.y]);
const dot = 100 / 72; // CSS pixels to a point, in a figure shown as it was made

test("a name stands beside the last point, and goes with a film", () => {
  assert.deepEqual(placesOf([1, 0, 0.5]), [["B = 8", 300 + 4 * dot, 70]]);
  const [[, across, down]] = placesOf([1, 0, 0.5], { ...at(1), unit: "step" });
  assert.deepEqual([across, down], [200 + 4 * dot, 120]);
});

test("beside the last point that is seen; a line of which nothing is seen has none", () => {
  const plain = { ...one, role: "plain" }; // says nothing at the edge
  assert.deepEqual(endings(panel([plain]), frame([1, 0, 7]), WHOLE, 10).map((end) => end.x), [200 + 4 * dot]);
  assert.deepEqual(placesOf([1, 0, NaN]), [["B = 8", 200 + 4 * dot, 120]]);
  assert.deepEqual(placesOf([7, 7, 7]), []);
  assert.deepEqual(endings(panel([{ ...one, ending: "" }]), frame([1, 0, 0.5]), WHOLE, 10), []);
});

test("a line that leaves says its name where it leaves, once", () => {
  assert.deepEqual(placesOf([1, 0, 7]), []);
  assert.deepEqual(edgeNotes(panel([one]), frame([1, 0, 7]), WHOLE).map(({ name, text }) => [name, text]), [["", "B = 8 7 ↑"]]);
});

test("letters of every colour can be read on white", () => {
  assert.deepEqual(["#000000ff", "#d0d0d0", "#ffff00"].map(readable), ["#000000", "#767676", "#7a7a00"]); // as looks.readable
});

test("names give way to each other, in their order, and stay within the axes", () => {
  const name = (text, y, left = 0) => ({ text, color: "#000", x: left, y, width: 30 });
  const placed = apart([name("b", 119), name("a", 118), name("far", 118, 50), name("c", 40)], 11, 120);
  assert.deepEqual(placed.map(({ text, y }) => [text, y]), [["c", 40], ["a", 109], ["far", 118], ["b", 120]]);
});
