import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";

import { atOnce, standIn } from "../../optlab/site/js/pictures.js";
import { stopsAt, textAt } from "../../optlab/site/js/programs.js";
import { toldOf } from "../../optlab/site/js/sketched.js";
import { turns } from "../../optlab/site/js/turns.js";
import { fragmentFor, fragmentOf, leftInWords, stateOf } from "../../optlab/site/js/states.js";

const { params, strides, cases } = JSON.parse(readFileSync(new URL("states.json", import.meta.url), "utf-8"));

test("a fragment gives back any lab and state", () => {
  for (const state of ["", "lr=1, l2=0; pin; at 12", "kind=a, b; pin kind=<b>", "task=50 % + 1 #"]) {
    assert.deepEqual(fragmentOf(fragmentFor("cloud_lab", state)), ["cloud_lab", state]);
  }
});

test("a fragment that is not ours is none", () => {
  for (const text of ["", "#", "#Predict", "#Hardware:-the-roofline".replace(":", "%"), "#%E0%A4%A", "#<img>:x"]) assert.equal(fragmentOf(text), null);
});

test("a state is read as Python has written it", () => {
  for (const { state, text } of cases) {
    const found = stateOf({ params, strides }, text, 99);
    const slot = found.stops.reduce((sum, stop, k) => sum + stop * strides[k], 0);
    assert.deepEqual(found.left, []);
    assert.deepEqual({ slot, pins: found.pins, step: found.step }, { ...state, pins: state.pins.filter((pin) => pin >= 0) });
  }
});

test("of a state that the lab has in part only, that part is taken, and the rest is named as it stood there", () => {
  const usual = [0, 1, 2];
  const cases = {
    "lr=3": ["lr=3 (not on this slider)"], "speed=1": ["speed=1 (no such slider)"], "lr": ["lr (no such slider)"],
    "lr=": ["lr= (not on this slider)"], "at 100": ["at 100 (the film ends at 99)"], "at x": ["at x (not understood)"],
    "pin lr=3": ["pin lr=3 (not on this slider)"], "<img src=x>": ["<img src=x> (no such slider)"], "; <b>": ["<b> (not understood)"],
  };
  for (const [text, left] of Object.entries(cases)) assert.deepEqual(stateOf({ params, strides }, text, 99), { stops: usual, pins: [], step: null, left }, text);
  const { stops, pins, step, left } = stateOf({ params, strides }, "rule=Adam, speed=1, steps=64; pin lr=1; pin lr=1, T=2; at 100; at 7", 99);
  assert.deepEqual({ stops, pins, step }, { stops: [1, 1, 1], pins: [8], step: 7 });
  assert.deepEqual(left, ["speed=1 (no such slider)", "pin T=2 (no such slider)", "at 100 (the film ends at 99)"]);
  assert.equal(leftInWords(left.slice(0, 2)), "This lab does not have all that the link asks for. Left out: speed=1 (no such slider); pin T=2 (no such slider).");
  assert.equal(leftInWords([]), "");
});

test("a link pins no more runs than a lab can show", () => {
  const { pins, left } = stateOf({ params, strides }, "pin;".repeat(9), 99);
  assert.deepEqual([pins, left], [Array(8).fill(5), ["pin (no more than 8 runs can be pinned)"]]);
});

test("a program is put together from its pieces", () => {
  const pieces = ["a", { texts: ["x", "y", "z"], sliders: [0, 2], table: [0, 1, 2, 0] }, "b"];
  assert.equal(textAt(pieces, [2, 5, 2], [1, 4, 0]), "azb");
  assert.deepEqual(stopsAt([2, 5, 2], 18), [1, 4, 0]);
});

test("a sketch is judged in Python's words", () => {
  const sketches = JSON.parse(readFileSync(new URL("sketches.json", import.meta.url), "utf-8"));
  for (const { target, drawn, words } of sketches) assert.equal(toldOf(target, drawn), words);
});

test("of what waits the nearest comes first, and one at a time", async () => {
  const inTurn = turns();
  const [done, far] = [[], { a: 5, b: 3, c: 1 }];
  let atWork = 0;
  const act = (name) => async () => {
    assert.equal((atWork += 1), 1);
    if (name === "c") far.a = 0; // a reader has scrolled
    await Promise.resolve();
    done.push(name);
    atWork -= 1;
  };
  await Promise.all(Object.keys(far).map((name) => inTurn(act(name), () => far[name])));
  await inTurn(act("a"), () => 0);
  assert.deepEqual(done, ["c", "a", "b", "a"]);
});

test("a figure opens with the pictures of its first frames; the others come later, and until then one stands for them", () => {
  const files = [0, 1, 2].map((k) => [["backgrounds", k, "background"], "", `${k}.png`]).concat([[["pushed", "data"], "", "numbers"]]);
  const backgrounds = [{ axes: 0 }, { axes: 1, background: "one" }, { axes: 2 }];
  const model = { opens: [1], files, state: { backgrounds } };
  const [now, later] = atOnce(model);
  assert.deepEqual(now.map(([, , name]) => name), ["1.png", "numbers"]);
  assert.deepEqual(later.map(([, , name]) => name), ["0.png", "2.png"]);
  standIn(model, later);
  assert.deepEqual(backgrounds, [0, 1, 2].map((axes) => ({ axes, background: "one" })));
});

test("a figure without frames needs all of its pictures", () => {
  const files = [0, 1].map((k) => [["backgrounds", k, "background"], "", `${k}.png`]);
  for (const opens of [undefined, []]) assert.deepEqual(atOnce({ opens, files }), [files, []]);
});
