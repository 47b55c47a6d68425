// Pins and ghosts: which marks they show, and where a pin's number stands.

import assert from "node:assert/strict";
import test from "node:test";

import { anchor, badgeAt, inPinLook, traces } from "../../optlab/live/js/compare.js";
import { WHOLE } from "../../optlab/live/js/coordinates.js";
import { MOST_PINS, pinLook } from "../../optlab/live/js/pin_colors.js";
import { at, frame, line, marker, panel, scatter, text } from "./made.js";

const x = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
const main = line({ id: 1, size: 10, x, role: "main", width: 3 });
const other = line({ id: 2, size: 10, x, role: "other", width: 9 });
const look = { color: "#123", dashes: null };
const here = line({ id: 3, start: 10, size: 2, role: "here", marker });

test("only the main marks are shown, and where the sliders stood, however thick the others are", () => {
  const roles = ["theory", "end", "title", "text", "plain"].map((role) => line({ role }));
  assert.deepEqual(traces(panel([other, main, here, ...roles])), [main, here]);
  assert.deepEqual(traces(panel([other, text({ role: "title" })])), []);
});

test("in a pin's colour a line is thin and a lone marker a ring", () => {
  assert.deepEqual([inPinLook(main, look).width, inPinLook(main, look).color], [1.4, "#123"]);
  assert.deepEqual(inPinLook(here, look).marker, { ...marker, face: "transparent", edge: "#123", width: 2 });
  assert.equal(inPinLook(line({ size: 10, x, marker }), look).marker, null); // no rings all along a curve
  const dotted = line({ size: 10, x, dashes: [1, 2] });
  assert.deepEqual(inPinLook(dotted, look).dashes, [1, 2]);
  assert.deepEqual(inPinLook(dotted, { ...look, dashes: [4, 2] }).dashes, [4, 2]);
  const cloud = scatter({ size: 4 });
  assert.equal(inPinLook(cloud, look), cloud);
});

test("a pin's number stands on the mark that says here, where it has a place", () => {
  const placed = frame([...x, 5, 0.5]);
  const lost = frame([...x, NaN, NaN]);
  assert.equal(anchor([main, here], placed), here);
  assert.equal(anchor([main, here], lost), main);
  assert.equal(anchor([line({ role: "main", id: 7, size: 10, x }), main], placed).id, 7); // the first main one
  assert.equal(anchor([], placed), undefined);
});

test("on a curve it stands past the middle, further on for the second and third pin", () => {
  const shown = panel([main]);
  const flat = frame(new Array(10).fill(0.5));
  // 10 points, 20 pixels apart: pins stand on points 5 (0.55), 6 (0.67) and 7 (0.79)
  assert.deepEqual([0, 1, 2].map((place) => badgeAt(shown, main, flat, WHOLE, place).map(Math.round)), [[200, 70], [220, 70], [240, 70]]);
  assert.deepEqual(badgeAt(shown, { ...main, grows: 0 }, flat, at(1), 0).map(Math.round), [120, 70]); // it grows with the film
});

test("eight pins have eight looks, and eight places on a curve", () => {
  const looks = Array.from({ length: MOST_PINS }, (_, place) => JSON.stringify(pinLook(place)));
  const shown = panel([main]);
  const flat = frame(new Array(10).fill(0.5));
  const places = looks.map((_, place) => badgeAt(shown, main, flat, WHOLE, place)[0]);
  assert.equal(looks.length, 8);
  assert.deepEqual([new Set(looks).size, new Set(places).size], [8, 8]);
});

test("on an upright line it stands below the top, each pin's below the one before", () => {
  const upright = line({ size: 4, role: "here", in_data: [true, false] });
  const [first, second] = [0, 1].map((place) => badgeAt(panel([upright]), upright, frame([5, 5, 0, 1]), WHOLE, place));
  assert.equal(first[0], 200); // x = 5 of 0 to 10
  assert.ok(first[1] > 20 && second[1] > first[1] + 13 && second[1] < 120);
  assert.equal(badgeAt(panel([upright]), upright, frame([50, 50, 0, 1]), WHOLE, 0), undefined); // it is outside
  assert.equal(anchor([upright, main], frame([NaN, NaN, 0, 1, ...x])), main); // there is no line at this setting
});

test("where a figure is enlarged its pins' numbers stand further apart", () => {
  const upright = line({ size: 4, role: "here", in_data: [true, false] });
  const gap = (dot) => [0, 1].map((place) => badgeAt({ ...panel([upright]), dot }, upright, frame([5, 5, 0, 1]), WHOLE, place)[1]).reduce((a, b) => b - a);
  assert.ok(Math.abs(gap(2 * 100 / 72) / gap(100 / 72) - 2) < 1e-9);
  assert.equal(gap(50 / 72), gap(100 / 72)); // but never so close that they cannot be read
});

test("on a path it stands near the start, where paths still differ", () => {
  const path = line({ size: 20, role: "main" });
  const run = frame([...x, ...x.map((value) => value / 10)]);
  const shown = panel([path]);
  assert.deepEqual([0, 1, 2].map((place) => badgeAt(shown, path, run, WHOLE, place).map(Math.round)), [[120, 110], [160, 90], [200, 70]]);
});

test("where nothing of it is inside its axes there is no number", () => {
  assert.equal(badgeAt(panel([main]), main, frame(new Array(10).fill(7)), WHOLE, 0), undefined);
  assert.equal(badgeAt(panel([main]), main, frame(new Array(10).fill(NaN)), WHOLE, 0), undefined);
});
