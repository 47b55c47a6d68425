// Undo: what is one step, and where undoing and doing again lead.

import assert from "node:assert/strict";
import test from "node:test";

import { newHistory, note, redo, remember, undo } from "../../optlab/live/js/history.js";

const at = (slot, pins = [], step = 100) => ({ slot, pins, step });
const free = (id) => ({ id, held: false });
const held = (id) => ({ id, held: true });

// A history after some changes, each a state, a gesture and a time.
function after(start, ...changes) {
  const history = newHistory(start);
  for (const change of changes) note(history, ...change);
  return history;
}

test("one drag is one step, however slow; the next press begins another", () => {
  const history = after(at(0), [at(1), held(1), 0], [at(2), held(1), 5000], [at(3), held(1), 9000], [at(4), held(2), 9001]);
  assert.deepEqual([undo(history).slot, undo(history).slot, undo(history)], [3, 0, null]);
});

test("a drag that ends where it began is no step", () => {
  assert.equal(undo(after(at(0), [at(1), held(1), 0], [at(0), held(1), 10])), null);
});

test("sliders that one click moves together are one step; what code does later is another", () => {
  const history = after(at(0), [at(1), free(1), 0], [at(11), free(1), 20], [at(12), free(1), 3000]);
  assert.deepEqual([undo(history).slot, undo(history).slot, undo(history)], [11, 0, null]);
});

test("a pin is a step of its own, and undoing it moves no slider", () => {
  const history = after(at(0), [at(1), free(1), 0], [at(1, [1]), free(1), 10], [at(2, [1]), free(2), 20]);
  assert.deepEqual(undo(history), { slot: 1, pins: [1] });
  assert.deepEqual(undo(history), { slot: 1, pins: [] });
  assert.deepEqual(undo(history), { slot: 0, pins: [] });
});

test("what was undone is done again, until something new is done", () => {
  const history = after(at(0), [at(1), free(1), 0], [at(2), free(2), 1]);
  undo(history);
  undo(history);
  assert.deepEqual([redo(history).slot, redo(history).slot, redo(history)], [1, 2, null]);
  undo(history);
  note(history, at(7), free(3), 2);
  assert.equal(redo(history), null);
  assert.equal(undo(history).slot, 1);
});

test("a move right after an undo is a step of its own", () => {
  const history = after(at(0), [at(1), free(1), 0], [at(2), free(2), 1]);
  undo(history);
  note(history, at(5), free(2), 2);
  assert.equal(undo(history).slot, 1);
});

test("only a step that has moved the film brings the film back", () => {
  const history = after(at(0), [at(1), free(1), 0]);
  note(history, at(2, [], 40), free(2), 10); // the film was played to 40 meanwhile
  remember(history, at(2, [], 40), at(0, [], 100)); // a reset
  assert.deepEqual(undo(history), { slot: 2, pins: [], step: 40 });
  assert.deepEqual(undo(history), { slot: 1, pins: [] });
  redo(history);
  assert.deepEqual(redo(history), { slot: 0, pins: [], step: 100 });
});

test("a reset that changes nothing is no step", () => {
  const history = newHistory(at(0));
  remember(history, at(0), at(0));
  assert.equal(undo(history), null);
});

test("the oldest of very many steps are forgotten", () => {
  const history = newHistory(at(0));
  for (let k = 1; k <= 1000; k += 1) note(history, at(k), free(k), k);
  let count = 0;
  while (undo(history)) count += 1;
  assert.ok(count >= 100 && count < 1000);
});
