// What leaves the axes says so at the edge, and empty axes say why; pictures say the same (tests/live/test_edges.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { WHOLE } from "../../optlab/live/js/coordinates.js";
import { crosses, edgeNotes, emptyWords, fewer, placeNotes, spoken } from "../../optlab/live/js/edges.js";
import { at, frame, line, marker, panel, PLACE, text } from "./made.js";

const CASES = JSON.parse(readFileSync(new URL("edges.json", import.meta.url), "utf-8"));
const numbers = (list) => list.map((v) => ({ nan: NaN, inf: Infinity })[v] ?? v);

for (const { what, x, y, fixed, grows = null, role = "main", named = false, note, empty, ...more } of CASES) {
  test(`at the edges: ${what}`, () => {
    const [xs, ys] = [numbers(x), numbers(y)];
    const look = more.marker ? { width: 0, marker } : {};
    const style = line({ role, named, grows, size: fixed ? ys.length : 2 * ys.length, x: fixed ? Float32Array.from(xs) : null, ...look });
    const shown = panel([style], [{ ...PLACE, ylim: more.ylim ?? PLACE.ylim, ylog: more.ylog ?? false }]);
    const run = frame(fixed ? ys : [...xs, ...ys]);
    assert.deepEqual(edgeNotes(shown, run, WHOLE).map((found) => found.text), note ? [note] : []);
    assert.deepEqual(emptyWords(shown, run).map((found) => found.text), empty ? [empty] : []);
  });
}

const x = Float32Array.of(0, 1, 2, 3);
const loss = line({ size: 4, x, grows: 0, role: "main", label: "loss", named: true, color: "#a04600ff" });
const wild = frame([0.5, 2, 4, 8]);

test("a film tells where the run is at its step", () => {
  const said = [0, 1, 2].map((step) => edgeNotes(panel([loss]), wild, at(step)).map((note) => note.text));
  assert.deepEqual(said, [[], ["2 ↑"], ["4 ↑"]]);
});

test("what is outside is heard, and so is why nothing is seen", () => {
  assert.equal(spoken(panel([loss]), wild, WHOLE), "the whole run; outside the axes: loss 8 ↑");
  const gone = frame([NaN, NaN, NaN, NaN]);
  assert.equal(spoken(panel([loss]), gone, WHOLE), "the whole run; nothing to draw at this setting");
});

test("words of its own come first; axes with a picture of their own are not empty", () => {
  const declared = text({ role: "empty", text: 1 });
  const gone = frame([NaN, NaN, NaN, NaN], { texts: ["title", "diverged at epoch 1"] });
  assert.equal(emptyWords(panel([loss, declared]), gone)[0].text, "diverged at epoch 1");
  assert.deepEqual(emptyWords(panel([loss, declared]), wild), []);
  assert.deepEqual(emptyWords(panel([loss], [{ ...PLACE, still: true }]), gone), []);
});

test("notes stand apart, within the axes, and are no more than can be read", () => {
  const notes = Array.from({ length: 7 }, (_, k) => ({ axes: 0, text: `${k} ↑`, name: "", color: "#000", u: 1, v: 3 }));
  const few = fewer(notes);
  assert.deepEqual(few.map((note) => note.text), ["0 ↑", "1 ↑", "2 ↑", "and 4 more"]);
  const placed = placeNotes(panel([]), few, 10);
  placed.forEach((note) => assert.ok(note.x >= 100 && note.x + 6.2 * note.text.length <= 300 && note.y >= 20 && note.y <= 120));
  placed.slice(1).forEach((note, i) => assert.ok(note.y - placed[i].y >= 11));
});

test("what a path and the mark on its end both say is written once, and each colour says its own", () => {
  const note = { axes: 0, text: "(30, 42) ↗", name: "path", color: "#a04600", u: 2, v: 2 };
  const kept = fewer([note, { ...note, color: "#0072b2" }, { ...note, name: "end" }, { ...note, axes: 1 }]);
  assert.deepEqual(kept.map(({ axes, color }) => [axes, color]), [[0, "#a04600"], [0, "#0072b2"], [1, "#a04600"]]);
});

test("what several lines all say is said once, and two may both say it", () => {
  const note = (color, text = "0 ↓") => ({ axes: 0, text, name: "", color, u: 1, v: -1 });
  const said = (notes) => fewer(notes).map(({ text, color }) => [text, color]);
  assert.deepEqual(said([note("#a00"), note("#0a0")]), [["0 ↓", "#a00"], ["0 ↓", "#0a0"]]);
  assert.deepEqual(said([note("#a00"), note("#00a", "3 ↓"), note("#0a0"), note("#aa0")]), [["0 ↓ (3 lines)", "#444444"], ["3 ↓", "#00a"]]);
  const bars = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85].map((v) => ({ ...note("#a00", "∞ →"), u: 2, v }));
  assert.deepEqual(fewer(bars), bars); // each at its own bar
});

test("words that lie on a wide bar are not in its colour", () => {
  const bar = (width) => line({ size: 4, role: "plain", named: true, color: "#a04600ff", width });
  const color = (width) => edgeNotes(panel([bar(width)]), frame([1, 119, 0.5, 0.5]), WHOLE)[0].color;
  assert.deepEqual([color(2), color(13)], ["#a04600", "#222222"]);
});

test("a straight line crosses the axes, or passes by", () => {
  assert.ok(crosses([-1, 0.5], [2, 0.5]));
  assert.ok(crosses([0.5, 2], [0.5, -3]));
  assert.ok(!crosses([-1, 0.5], [0.5, 3]));
  assert.ok(!crosses([-1, 2], [2, 2]));
});
