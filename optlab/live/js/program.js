// @ts-check
// A setting as a PyTorch program, in a pane below the toolbar's row. How it is run is in a file of its own.
/** @import { LabTools } from "./types" */

import { copy } from "./clipboard.js";
import { append, button } from "./elements.js";
import { ICONS } from "./icons.js";
import { follow, followSliders } from "./models.js";
import { keepFiles } from "./program_files.js";
import { addRun } from "./run_here.js";
import { slotOf } from "./setting.js";

const PATIENCE = 1500; // ms: after that we say that the kernel has not answered

/** @typedef {{ lab: LabTools, button: HTMLElement, pane: HTMLElement, code: HTMLElement, note: HTMLElement, opening?: boolean, timer?: ReturnType<typeof setTimeout> }} ProgramView */

/** @type {(lab: LabTools) => () => void} */
export function addProgram(lab) {
  const { model, row, box } = lab;
  if (!model.get("has_program")) return () => {};
  const opener = button(row, null, "This setting as a complete PyTorch program", () => toggleProgram(view));
  opener.textContent = "as PyTorch";
  const pane = append(box, "div", "optlab-program");
  const take = button(pane, ICONS.copy, "Copy the program, for a cell or a file", () => {
    keepFiles(model);
    void copy(code.textContent ?? "").then((done) => (note.textContent = done ? "copied" : "not copied"));
  });
  const code = append(pane, "pre");
  const note = append(pane, "span", "optlab-note");
  take.classList.add("optlab-take");
  code.tabIndex = 0;
  pane.hidden = true;
  /** @type {ProgramView} */
  const view = { lab, button: opener, pane, code, note };
  const show = () => showProgram(view);
  const undo = [addRun(lab, pane, PATIENCE), follow(model, ["program"], show), followSliders(lab.sliders, show)];
  return () => {
    clearTimeout(view.timer);
    undo.forEach((stop) => stop());
  };
}

/** @type {(view: ProgramView) => void} */
function toggleProgram(view) {
  view.pane.hidden = !view.pane.hidden;
  view.button.setAttribute("aria-expanded", String(!view.pane.hidden));
  view.opening = !view.pane.hidden;
  showProgram(view);
  if (view.opening) view.pane.scrollIntoView({ block: "nearest" }); // it opens below the fold
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
    if (view.opening) view.pane.scrollIntoView({ block: "nearest" });
    view.opening = false;
    return;
  }
  view.timer = setTimeout(() => (view.note.textContent = "The kernel, which writes the program, is busy or gone."), PATIENCE);
  model.set("asked", slot);
  model.save_changes();
}
