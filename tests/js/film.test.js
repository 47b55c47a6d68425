// What of a frame is there while a film stands at a step.

import assert from "node:assert/strict";
import test from "node:test";

import { draw } from "../../optlab/live/js/drawing.js";
import { filmOf, inWords, isRunning, isToCome, moment, momentary } from "../../optlab/live/js/film.js";
import { openAtAMove, start } from "../../optlab/live/js/player.js";
import { WHOLE } from "../../optlab/live/js/coordinates.js";
import { at, frame, line, marker, model, panel, PLACE, recorder, text } from "./made.js";

const x = Float32Array.of(0, 1, 2, 3);
const loss = line({ size: 4, x, grows: 0, role: "main", label: "loss", named: true });
const testLoss = line({ start: 4, size: 4, x, grows: 0, role: "other", label: "test loss", named: true });
const RUN = frame([0.9, 0.5, 0.25, 0.125, 1, 0.75, 0.6, 2 / 3]);
const both = panel([testLoss, loss]);

test("the toolbar says where the film stands; its last step is the whole run", () => {
  const toolbar = (step) => model({ step, last: 100, unit: "epoch" });
  assert.deepEqual(filmOf({ toolbar: toolbar(12) }), { step: 12, unit: "epoch" });
  assert.equal(filmOf({ toolbar: toolbar(100) }), WHOLE);
  assert.equal(filmOf({ toolbar: null }), WHOLE);
  assert.equal(filmOf({ toolbar: model({ step: 0, last: 0, unit: "" }) }), WHOLE); // a lab without a film
});

test("a film is running while finite points are to come", () => {
  assert.deepEqual([0, 2, 3, 50].map((step) => isRunning(both, RUN, at(step))), [true, true, false, false]);
  const diverged = frame([1, 5, NaN, NaN, 2, 9, NaN, NaN]);
  assert.deepEqual([0, 1, 2].map((step) => isRunning(both, diverged, at(step))), [true, false, false]);
  assert.ok(!isRunning(both, RUN, WHOLE));
});

test("and while a mark with stops moves on, or one is to appear", () => {
  const dot = panel([line({ size: 6, at: [0, 10, 20] })]);
  assert.ok(isRunning(dot, frame([0, 0, 1, 1, 2, 2]), at(19)));
  assert.ok(!isRunning(dot, frame([0, 0, 1, 1, 2, 2]), at(20)));
  assert.ok(!isRunning(dot, frame([0, 0, 1, 1, NaN, NaN]), at(10)));
  const star = panel([line({ size: 3, appears: true })]);
  assert.deepEqual([4, 5].map((step) => isRunning(star, frame([1, 1, 5]), at(step))), [true, false]);
  assert.ok(!isRunning(star, frame([1, 1, NaN]), at(0)));
});

test("an end mark waits for its step, wherever it stands", () => {
  const star = line({ start: 4, size: 3, role: "end", marker, appears: true });
  const shown = panel([loss, star]);
  const reached = frame([0.9, 0.5, 0.25, 0.125, 0, 0.9, 2]); // it stands on the first point, and appears at step 2
  assert.deepEqual([0, 1, 2].map((step) => isToCome(star, reached, at(step))), [true, true, false]);
  const never = frame([0.9, 0.5, 0.25, 0.125, 0, 0.9, NaN]);
  assert.ok(isToCome(star, never, at(2)));
  const strokes = (run, film) => {
    const { calls, context } = recorder();
    globalThis.Path2D = class { addPath() {} };
    globalThis.DOMMatrix = class {};
    draw(context, shown, run, film);
    return calls.filter(([name]) => name === "fill").length; // only the star is filled
  };
  assert.deepEqual([strokes(reached, at(1)), strokes(reached, at(2)), strokes(never, at(2)), strokes(never, WHOLE)], [0, 1, 0, 1]);
});

test("the moment in words: the main line first, as many as there is room for", () => {
  assert.equal(moment(both, 0, RUN, at(2)), "step 2: loss 0.25 · test loss 0.6");
  assert.equal(moment(both, 0, RUN, at(3), 1), "step 3: loss 0.125");
  assert.equal(moment(both, 0, RUN, at(3)), "step 3: loss 0.125 · test loss 0.667");
  assert.equal(moment(both, 1, RUN, at(3)), "step 3"); // an axes without a growing line
});

test("lines without a name, and those that have no number yet, are left out", () => {
  const late = line({ start: 4, size: 4, x, grows: 2, role: "other", label: "late", named: true });
  const unnamed = line({ start: 4, size: 4, x, grows: 0, role: "main", label: "path" });
  assert.equal(moment(panel([loss, late]), 0, RUN, at(1)), "step 1: loss 0.5");
  assert.equal(moment(panel([loss, unnamed]), 0, RUN, at(1)), "step 1: loss 0.5");
});

test("titles give way to the moment, other texts stay", () => {
  const title = text({ text: 0, role: "title" });
  const second = text({ text: 1, role: "title" });
  const note = text({ text: 2, role: "text" });
  const run = { ...RUN, texts: ["converged", "in 3 steps", "minimum"] };
  const now = momentary(panel([loss, testLoss, title, second, note]), run, at(1));
  assert.deepEqual(now.texts, ["step 1: loss 0.5 · test loss 0.75", "", "minimum"]);
  assert.deepEqual(run.texts, ["converged", "in 3 steps", "minimum"]); // the frame itself is as it was
});

test("each axes has a title of its own", () => {
  const right = line({ ...loss, axes: 1 });
  const titles = [text({ text: 0, role: "title" }), text({ text: 1, role: "title", axes: 1 })];
  const run = { ...RUN, texts: ["a", "b"] };
  const two = panel([testLoss, right, ...titles], [PLACE, PLACE]);
  assert.deepEqual(momentary(two, run, at(0)).texts, ["step 0: test loss 1", "step 0: loss 0.9"]);
  assert.equal(inWords(two, run, at(0)), "step 0: test loss 1; step 0: loss 0.9");
  assert.equal(inWords(two, run, WHOLE), "the whole run");
});

test("a frame of a setting that failed has gaps only, and throws nothing", () => {
  const marks = [loss, testLoss, line({ start: 8, size: 3, appears: true }), line({ start: 11, size: 4, at: [0, 1] }), text({ text: 1, role: "title" })];
  const failed = frame(new Array(15).fill(NaN), { texts: ["no"] });
  for (const film of [at(0), at(2), WHOLE]) {
    assert.equal(inWords(panel(marks), failed, film), "the whole run");
    draw(recorder().context, panel(marks), failed, film);
  }
});

test("a title may have words of its own for stops of the film; drawn without a film it is the whole run's", () => {
  const title = text({ role: "title", text: 0, at: [0, 10, 20] });
  const map = line({ size: 6, at: [0, 10, 20] });
  const shown = panel([map, title]);
  const run = frame([5, 0.5, 5, 0.6, 5, 0.7], { texts: ["sure\u001enothing\u001ea little\u001esure"] });
  const said = (step) => {
    const { calls, context } = recorder();
    draw(context, shown, run, step === null ? WHOLE : at(step));
    return calls.filter(([name]) => name === "fillText").map(([, words]) => words);
  };
  assert.deepEqual([0, 9, 19, 20, null].map(said), [["step 0: nothing"], ["step 9: nothing"], ["step 19: a little"], ["sure"], ["sure"]]);
  assert.equal(inWords(shown, run, at(12)), "step 12: a little");
});

test("what the kernel repeats late does not stop a film; a reset does", () => {
  /** @type {((now: number) => void)[]} */
  const frames = [];
  globalThis.requestAnimationFrame = (next) => frames.push(next);
  globalThis.cancelAnimationFrame = () => (frames.length = 0);
  const toolbar = model({ step: 0, last: 100 });
  const film = { model: toolbar, last: 100, timer: null, show: () => {}, stop: () => {} };
  const turn = (seconds) => frames.pop()?.(performance.now() + 1000 * seconds);
  start(film);
  turn(1);
  const before = toolbar.get("step");
  assert.ok(before >= 15 && before < 50);
  toolbar.real._state_lock = { step: 0 };
  toolbar.set("step", 0);
  toolbar.real._state_lock = null;
  assert.ok(film.timer);
  turn(2);
  assert.ok(toolbar.get("step") > before); // it goes on where it was
  toolbar.set("step", 0);
  assert.equal(film.timer, null);
});

test("a lab that opens at its film's start shows the whole run at the first move by hand", () => {
  const opened = (step) => {
    const [toolbar, sliders] = [model({ step, last: 100 }), [model({ index: 0 }), model({ index: 0 })]];
    const stop = openAtAMove(toolbar, sliders);
    return { toolbar, sliders, stop };
  };
  const untouched = opened(0);
  untouched.sliders[0]._state_lock = { index: 1 };
  untouched.sliders[0].set("index", 1); // a cell
  assert.equal(untouched.toolbar.get("step"), 0);
  untouched.sliders[0]._state_lock = null;
  untouched.sliders[1].set("index", 1);
  assert.equal(untouched.toolbar.get("step"), 100);
  untouched.toolbar.set("step", 0); // looked at on purpose
  untouched.sliders[1].set("index", 2);
  assert.equal(untouched.toolbar.get("step"), 0);
  const scrubbed = opened(0);
  scrubbed.toolbar.set("step", 3);
  scrubbed.sliders[0].set("index", 1);
  assert.equal(scrubbed.toolbar.get("step"), 3);
  const closed = opened(0);
  closed.stop();
  closed.sliders[0].set("index", 1);
  assert.equal(closed.toolbar.get("step"), 0);
});
