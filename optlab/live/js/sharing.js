// @ts-check
// Taking a setting away: as a line of text for another lab, and as a PyTorch program.
/** @import { LabTools } from "./types" */

import { append, button, label } from "./elements.js";
import { ICONS } from "./icons.js";
import { follow, followSliders } from "./models.js";
import { slotOf, stateText } from "./setting.js";

const PATIENCE = 1500; // ms: after that we say that the kernel has not answered

/** @type {(lab: LabTools) => () => void} */
export function addSharing(lab) {
  const { model, row } = lab;
  const share = button(row, ICONS.link, "", () => void copy(stateOf(lab)).then((done) => say(lab, done ? "copied" : "not copied")));
  const tell = () => label(share, `Copy this setting, for Lab(..., state=...): "${stateOf(lab)}"`);
  tell();
  const undo = [follow(model, ["pins", "step"], tell), followSliders(lab.sliders, tell)];
  if (model.get("has_program")) undo.push(addProgram(lab));
  lab.said = append(row, "span", "optlab-said");
  lab.said.setAttribute("role", "status");
  return () => undo.forEach((stop) => stop());
}

/** @type {(lab: LabTools) => string} */
function stateOf({ model, sliders, strides, params }) {
  const step = model.get("step") < model.get("last") ? model.get("step") : null;
  return stateText({ params, strides }, { slot: slotOf(sliders, strides), pins: model.get("pins"), step });
}

/** @typedef {{ lab: LabTools, button: HTMLElement, pane: HTMLElement, code: HTMLElement, note: HTMLElement, timer?: ReturnType<typeof setTimeout> }} ProgramView */

/** @type {(lab: LabTools) => () => void} */
function addProgram(lab) {
  const { model, row, box } = lab;
  const opener = button(row, null, "This setting as a complete PyTorch program", () => toggleProgram(view));
  opener.textContent = "as PyTorch";
  const pane = append(box, "div", "optlab-program");
  const code = append(pane, "pre");
  const note = append(pane, "span", "optlab-note");
  const take = button(pane, ICONS.copy, "Copy the program", () =>
    void copy(code.textContent ?? "").then((done) => (note.textContent = done ? "copied" : "not copied")));
  take.classList.add("optlab-take");
  code.tabIndex = 0;
  pane.hidden = true;
  /** @type {ProgramView} */
  const view = { lab, button: opener, pane, code, note };
  const show = () => showProgram(view);
  const undo = [follow(model, ["program"], show), followSliders(lab.sliders, show)];
  return () => {
    clearTimeout(view.timer);
    undo.forEach((stop) => stop());
  };
}

/** @type {(view: ProgramView) => void} */
function toggleProgram(view) {
  view.pane.hidden = !view.pane.hidden;
  view.button.setAttribute("aria-expanded", String(!view.pane.hidden));
  showProgram(view);
}

// The kernel writes the program. Until it has answered, the old one stays, dimmed.
/** @type {(view: ProgramView) => void} */
function showProgram(view) {
  const { model, sliders, strides } = view.lab;
  const slot = slotOf(sliders, strides);
  clearTimeout(view.timer);
  if (view.pane.hidden) return;
  const { slot: written, text } = model.get("program");
  view.pane.classList.toggle("optlab-waiting", written !== slot);
  view.note.textContent = "";
  if (written === slot) {
    view.code.textContent = text;
    return;
  }
  view.timer = setTimeout(() => (view.note.textContent = "The kernel, which writes the program, is busy or gone."), PATIENCE);
  model.set("asked", slot);
  model.save_changes();
}

/** @type {(lab: LabTools, words: string) => void} */
function say({ said }, words) {
  if (!said) return;
  said.textContent = words;
  setTimeout(() => (said.textContent = ""), 2000);
}

// The clipboard asks for a secure page and the user's leave; the older way needs neither.
/** @type {(text: string) => Promise<boolean>} */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

/** @type {(text: string) => boolean} */
function copyTheOldWay(text) {
  const focused = document.activeElement;
  const area = append(document.body, "textarea");
  area.value = text;
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
