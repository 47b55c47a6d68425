// @ts-check
// "Undo", "redo" and "reset all", by button and by key. All of it is done in the browser; the kernel is told.
/** @import { Gesture, LabTools, Memory, Model } from "./types" */

import { button, label } from "./elements.js";
import { newHistory, note, redo, remember, undo } from "./history.js";
import { ICONS } from "./icons.js";
import { allModels, follow, followSliders } from "./models.js";
import { moveLab, stateNow } from "./moving.js";
import { defaultSlot } from "./setting.js";

// What all views of a lab remember together.
/** @type {(model: Model) => Promise<Memory | null>} */
export async function createMemory(model) {
  const sliders = await allModels(model, model.get("sliders"));
  if (!sliders) return null;
  const lab = { model, sliders, params: model.get("params"), strides: model.get("strides") };
  const gesture = { id: 0, held: false };
  /** @type {Memory} */
  const memory = { history: newHistory(stateNow(lab)), gesture, quiet: false, told: new Set(), stop: () => {} };
  const changed = () => {
    if (memory.quiet) return;
    note(memory.history, stateNow(lab), gesture, performance.now());
    memory.told.forEach((tell) => tell());
  };
  const stops = [followSliders(sliders, changed), follow(model, ["pins"], changed), followGestures(gesture)];
  memory.stop = () => stops.forEach((stop) => stop());
  return memory;
}

// A press of a key or a pointer begins a new gesture; a key that is held down repeats without one.
/** @type {(gesture: Gesture) => () => void} */
function followGestures(gesture) {
  const press = (/** @type {Event} */ event) => {
    if (event instanceof KeyboardEvent && event.repeat) return;
    Object.assign(gesture, { id: gesture.id + 1, held: true });
  };
  const release = () => void (gesture.held = false);
  const [begin, end] = [["pointerdown", "keydown"], ["pointerup", "pointercancel", "keyup", "blur"]];
  begin.forEach((kind) => window.addEventListener(kind, press, true));
  end.forEach((kind) => window.addEventListener(kind, release, true));
  return () => {
    begin.forEach((kind) => window.removeEventListener(kind, press, true));
    end.forEach((kind) => window.removeEventListener(kind, release, true));
  };
}

/** @type {(lab: LabTools) => () => void} */
export function addUndoing(lab) {
  const { row, memory } = lab;
  const back = button(row, ICONS.undo, "Undo the last move, reset or pin (Ctrl+Z)", () => walk(lab, undo));
  const on = button(row, ICONS.redo, "Do it again (Ctrl+Shift+Z)", () => walk(lab, redo));
  const reset = button(row, null, "", () => resetAll(lab));
  reset.textContent = "reset all";
  label(reset, "All sliders to their defaults, and the whole run; pins stay");
  const show = () => {
    back.setAttribute("aria-disabled", String(!memory.history.past.length));
    on.setAttribute("aria-disabled", String(!memory.history.future.length));
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    const way = undoOrRedo(event);
    if (!way || !isInLab(lab, event.target)) return;
    event.preventDefault();
    event.stopPropagation(); // else the notebook would undo what was done to its cells
    walk(lab, way);
  };
  show();
  memory.told.add(show);
  window.addEventListener("keydown", press, true);
  return () => {
    memory.told.delete(show);
    window.removeEventListener("keydown", press, true);
  };
}

/** @type {(event: KeyboardEvent) => typeof undo | null} */
function undoOrRedo({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (ctrlKey === metaKey || altKey) return null;
  if (key.toLowerCase() === "z") return shiftKey ? redo : undo;
  return key.toLowerCase() === "y" && !shiftKey ? redo : null;
}

// A text that is being typed has an undo of its own.
/** @type {(lab: LabTools, target: EventTarget | null) => boolean} */
function isInLab({ box }, target) {
  if (!(target instanceof HTMLElement) || target.matches("input[type=text], textarea, [contenteditable=true]")) return false;
  return Boolean(box.closest(".optlab-lab")?.contains(target));
}

/** @type {(lab: LabTools, way: typeof undo) => void} */
function walk(lab, way) {
  const to = way(lab.memory.history);
  if (to) quietly(lab.memory, () => moveLab(lab, to));
}

/** @type {(lab: LabTools) => void} */
function resetAll(lab) {
  const from = stateNow(lab);
  const to = { ...from, slot: defaultSlot(lab), step: lab.model.get("last") };
  remember(lab.memory.history, from, to);
  quietly(lab.memory, () => moveLab(lab, to));
}

// The many changes of one step are none of its own.
/** @type {(memory: Memory, act: () => void) => void} */
function quietly(memory, act) {
  memory.quiet = true;
  act();
  memory.quiet = false;
  memory.told.forEach((tell) => tell());
}
