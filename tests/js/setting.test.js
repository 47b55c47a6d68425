// Where sliders stand, as a number and as text; the cases are those of optlab.live.state too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { isCrossed } from "../../optlab/live/js/slider_marks.js";
import { withToggled } from "../../optlab/live/js/pinning.js";
import { callText } from "../../optlab/live/js/sharing.js";
import { defaultSlot, settingInWords, slotOf, stateText, taken, wholeSetting } from "../../optlab/live/js/setting.js";
import { model } from "./made.js";

const { params, strides, cases } = JSON.parse(readFileSync(new URL("states.json", import.meta.url), "utf-8"));
const grid = { params, strides };

test("the slot counts the last slider fastest", () => {
  const slider = (index) => model({ index });
  assert.equal(slotOf([slider(2), slider(1), slider(3)], [20, 5, 1]), 48);
  assert.equal(slotOf([], []), 0);
});

for (const { state, text } of cases) {
  test(`a state is written as Python writes it: "${text}"`, () => assert.equal(stateText(grid, state), text));
}

test("a setting in words has the sliders' symbols; where all are at their defaults, every one", () => {
  assert.equal(settingInWords(grid, cases[1].state.slot), "α₀ = 1");
  assert.equal(settingInWords(grid, cases[0].state.slot), "rule SGD, α₀ = 0.1, T = 1500");
  assert.equal(settingInWords({ params: [], strides: [] }, 0), "defaults");
});

test("beside others a setting names what tells it from them, its defaults too", () => {
  const [usual, faster, adam] = [5, 8, 17];
  assert.equal(settingInWords(grid, usual, [usual, faster]), "α₀ = 0.1");
  assert.equal(settingInWords(grid, faster, [usual, faster]), "α₀ = 1");
  assert.equal(settingInWords(grid, faster, [usual, adam, faster]), "rule SGD, α₀ = 1");
  assert.equal(wholeSetting(grid, usual), "rule SGD, α₀ = 0.1, T = 1500");
});

test("the defaults are a slot", () => assert.equal(defaultSlot(grid), 5));

test("sharing copies a line of Python: the call with its arguments, or the state alone where nobody knows the call", () => {
  const call = { before: "from optlab import labs; ", maker: "labs.edge_lab", given: "edges=3" };
  assert.equal(callText(call, "lr=1; pin"), 'from optlab import labs; labs.edge_lab(edges=3, state="lr=1; pin")');
  assert.equal(callText(call, ""), "from optlab import labs; labs.edge_lab(edges=3)");
  assert.equal(callText({ maker: "my_lab" }, 'rule="a"'), 'my_lab(state="rule=\\"a\\"")');
  assert.equal(callText({}, "lr=1"), 'state="lr=1"');
});

test("a pin takes the first free place, and keeps it", () => {
  assert.deepEqual(withToggled([], 7), [7]);
  assert.deepEqual(withToggled([7, 8], 9), [7, 8, 9]);
  assert.deepEqual(withToggled([7, 8, 9], 8), [7, -1, 9]);
  assert.deepEqual(withToggled([7, -1, 9], 5), [7, 5, 9]);
  const full = [1, 2, 3, 4, 5, 6, 7, 8];
  assert.deepEqual(withToggled(full.slice(1), 9), [2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(withToggled(full, 9), full); // eight is the most
  assert.deepEqual(taken([7, -1, 9]), [7, 9]);
});

test("labels change sides where a tick stands inside a band", () => {
  const mark = (from, to) => ({ label: "", from, to });
  assert.ok(isCrossed([mark(0.5, 0.5), mark(0.4, 1)]));
  assert.ok(isCrossed([mark(1, 1), mark(0.4, 1)]));
  assert.ok(!isCrossed([mark(0.4, 0.4), mark(0.4, 1)]));
  assert.ok(!isCrossed([mark(0.2, 0.2)]));
});
