// @ts-check
// What was done to a lab, step by step, to be undone and done again. Nothing here knows of widgets.
/** @import { Gesture, History, LabState } from "./types" */

const MOST = 200; // steps
const ONE_MOVE = 1000; // ms: changes that follow each other so fast, with no other press between them, are one step

/** @type {(now: LabState) => History} */
export const newHistory = (now) => ({ past: [], future: [], now, gesture: -1, at: -Infinity });

// The sliders or the pins have changed. One drag is one step, and so is one key that is held down; so are the sliders
// that a click moves together.
/** @type {(history: History, to: LabState, gesture: Gesture, time: number) => void} */
export function note(history, to, gesture, time) {
  const from = { ...history.now, step: to.step }; // a film that was played meanwhile is no step
  const last = history.past.at(-1);
  const goesOn = history.gesture === gesture.id && (gesture.held || time - history.at < ONE_MOVE);
  Object.assign(history, { gesture: gesture.id, at: time });
  if (isSame(from, to)) return;
  if (last && goesOn && isSame(last.to, from) && movesPins(last.from, last.to) === movesPins(from, to)) {
    history.past.pop();
    remember(history, { ...last.from, step: to.step }, to);
  } else {
    remember(history, from, to);
  }
}

// A step of its own, whatever went before.
/** @type {(history: History, from: LabState, to: LabState) => void} */
export function remember(history, from, to) {
  if (!isSame(from, to)) history.past = [...history.past, { from, to }].slice(-MOST);
  Object.assign(history, { future: [], now: to });
}

// One step back: where to go. The film is left alone unless the step had moved it; null: there is nothing to undo.
/** @type {(history: History) => Partial<LabState> | null} */
export function undo(history) {
  const step = history.past.pop();
  if (!step) return null;
  history.future.push(step);
  return arrive(history, step.to, step.from);
}

/** @type {(history: History) => Partial<LabState> | null} */
export function redo(history) {
  const step = history.future.pop();
  if (!step) return null;
  history.past.push(step);
  return arrive(history, step.from, step.to);
}

/** @type {(history: History, from: LabState, to: LabState) => Partial<LabState>} */
function arrive(history, from, to) {
  Object.assign(history, { now: to, gesture: -1 }); // what comes next is a step of its own
  const { slot, pins, step } = to;
  return step === from.step ? { slot, pins } : { slot, pins, step };
}

/** @type {(a: LabState, b: LabState) => boolean} */
const isSame = (a, b) => a.slot === b.slot && a.step === b.step && !movesPins(a, b);

/** @type {(a: LabState, b: LabState) => boolean} */
const movesPins = (a, b) => a.pins.join() !== b.pins.join();
