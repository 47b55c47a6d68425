// Goals: what the learner's own hand has reached is noted, and nothing else.

import assert from "node:assert/strict";
import test from "node:test";

import { followHands, followRest, noteReached, SOMEWHERE } from "../../optlab/live/js/goals.js";
import { model } from "./made.js";

const GOALS = ["under 0.1", "over 1"];

// Two sliders of 2 and 3 stops, and a toolbar; `run` puts the sliders to rest, and returns where a hand has left them.
function lab(t, traits = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sliders = [model({ index: 0 }), model({ index: 0 })];
  const toolbar = model({ goals: GOALS, reached: [false, false], noted: [], hand: -1, ...traits });
  const rested = [];
  const stop = followHands({ model: toolbar, sliders, strides: [3, 1] }, (slot) => rested.push(slot));
  const rest = () => (t.mock.timers.tick(1000), rested.splice(0));
  return { sliders, toolbar, rest, stop };
}

// As ipywidgets puts what the kernel has sent into a model.
function fromKernel(slider, index) {
  slider._state_lock = { index };
  slider.set("index", index);
  slider._state_lock = null;
}

test("a hand that moves a slider is seen, code that does is not", (t) => {
  const { sliders, rest } = lab(t);
  sliders[1].set("index", 2);
  assert.deepEqual(rest(), [2]);
  fromKernel(sliders[1], 1);
  assert.deepEqual(rest(), []);
  sliders[0].set("index", 1);
  fromKernel(sliders[1], 2); // code moves on from where the hand was
  assert.deepEqual(rest(), []);
});

test("a setting that is only passed by does not count", (t) => {
  const { sliders, rest } = lab(t);
  for (const index of [1, 2, 1]) sliders[1].set("index", index);
  assert.deepEqual(rest(), [1]);
});

test("a click that goes through the kernel is a hand's", (t) => {
  const { sliders, toolbar, rest } = lab(t);
  toolbar.set("hand", 4);
  fromKernel(sliders[0], 1);
  fromKernel(sliders[1], 1);
  toolbar.set("hand", -1);
  assert.deepEqual(rest(), [4]);
});

test("a run that comes later is looked at when it comes", (t) => {
  const { sliders, toolbar, rest } = lab(t);
  sliders[1].set("index", 2);
  rest();
  toolbar.set("reached", [true, false]);
  assert.deepEqual(rest(), [2]);
});

test("a lab that is left is looked at no more", (t) => {
  const { sliders, rest, stop } = lab(t);
  sliders[1].set("index", 2);
  stop();
  assert.deepEqual(rest(), []);
  assert.deepEqual(sliders[0].listeners, []);
});

test("a goal that is only passed by does not light up; one where the sliders come to rest does", (t) => {
  const { sliders, toolbar, rest } = lab(t);
  const reached = [[false, true], [true, false], [true, true]];
  sliders[1].on("change:index", () => toolbar.set("reached", reached[sliders[1].get("index")])); // a figure hears of a move first
  let lit;
  const stop = followRest({ model: toolbar, sliders, strides: [3, 1] }, (now) => (lit = now));
  for (const index of [1, 0, 1]) {
    sliders[1].set("index", index);
    t.mock.timers.tick(200);
    assert.deepEqual(lit, [false, false]);
  }
  rest();
  assert.deepEqual(lit, [true, false]);
  sliders[1].set("index", 2); // the first is kept all the way
  assert.deepEqual(lit, [true, false]);
  sliders[1].set("index", 0); // and goes out at once
  assert.deepEqual(lit, [false, false]);
  rest();
  assert.deepEqual(lit, [false, true]);
  toolbar.set("reached", [true, true]); // a run that came later
  assert.deepEqual(lit, [true, true]);
  stop();
});

test("a goal is noted with the first setting that reached it, and told to the kernel once", () => {
  const toolbar = model({ goals: GOALS, reached: [true, false], noted: [] });
  let saved = 0;
  toolbar.save_changes = () => (saved += 1);
  noteReached(toolbar, 5);
  assert.deepEqual(toolbar.get("noted"), [5, -1]);
  toolbar.set("reached", [true, true]);
  noteReached(toolbar, 2);
  assert.deepEqual(toolbar.get("noted"), [5, 2]);
  noteReached(toolbar, 1);
  assert.equal(saved, 2);
});

test("a goal that an earlier version of the lab has seen reached stays noted", () => {
  const toolbar = model({ goals: GOALS, reached: [true, true], noted: [SOMEWHERE, -1] });
  noteReached(toolbar, 3);
  assert.deepEqual(toolbar.get("noted"), [SOMEWHERE, 3]);
});
