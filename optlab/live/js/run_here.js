// @ts-check
// "Run it here": the kernel runs the program of the setting in a Python of its own; what it prints comes back here, and
// the figures show it as dots.
/** @import { LabTools, Ran } from "./types" */

import { canInsert, insertBelow } from "./cell_below.js";
import { append, button, label } from "./elements.js";
import { follow, followSliders } from "./models.js";
import { addFilesLine, keepFiles } from "./program_files.js";
import { slotOf } from "./setting.js";

const RUN_WORDS = "Run this program in a Python of its own; what it prints becomes dots on the figures";
const YOURS = /= \.\.\. +# yours/; // a line that only the reader can write
const NOT_YET = "Nothing runs yet: the kernel is busy or gone. Copied into a cell or a file, the program runs anywhere.";
const FILL_IN = "Copy it into a cell or a file, and put what is yours in place of the three dots.";

/** @typedef {{ lab: LabTools, act: HTMLButtonElement, said: HTMLElement, printed: HTMLElement, patience: number, timer?: ReturnType<typeof setTimeout> }} RunView */

/** @type {(lab: LabTools, pane: HTMLElement, patience: number) => () => void} */
export function addRun(lab, pane, patience) {
  const line = append(pane, "div", "optlab-run");
  const act = button(line, null, RUN_WORDS, () => runOrStop(view));
  if (canInsert()) {
    const insert = button(line, null, "Put this program into a new cell below", () => {
      keepFiles(lab.model); // before the cell can be run
      void insertBelow(pane, lab.model.get("program").text);
    });
    insert.textContent = "as a cell below";
  }
  const said = append(line, "span", "optlab-run-said");
  const printed = append(pane, "pre", "optlab-printed");
  said.setAttribute("role", "status");
  printed.setAttribute("aria-label", "what the program prints");
  printed.tabIndex = 0;
  /** @type {RunView} */
  const view = { lab, act, said, printed, patience };
  const show = () => showRun(view);
  show();
  const undo = [addFilesLine(lab, line, patience), follow(lab.model, ["ran", "program"], show), followSliders(lab.sliders, show)];
  return () => {
    clearTimeout(view.timer);
    undo.forEach((stop) => stop());
  };
}

/** @type {(view: RunView) => void} */
function runOrStop(view) {
  const { model, sliders, strides } = view.lab;
  if (view.act.getAttribute("aria-disabled") === "true") return;
  const slot = model.get("ran").state === "running" ? -1 : slotOf(sliders, strides);
  model.set("wish", { slot, count: (model.get("wish").count ?? 0) + 1 });
  model.save_changes();
  clearTimeout(view.timer);
  view.timer = setTimeout(() => (view.said.textContent = NOT_YET), view.patience);
}

/** @type {(view: RunView) => void} */
function showRun(view) {
  const { lab: { model, sliders, strides }, act, said, printed } = view;
  clearTimeout(view.timer);
  const words = runWords(model.get("ran"), slotOf(sliders, strides));
  const open = YOURS.test(model.get("program").text ?? "");
  act.textContent = words.act;
  act.setAttribute("aria-disabled", String(open));
  label(act, open ? FILL_IN : RUN_WORDS);
  said.textContent = open ? FILL_IN : words.said;
  if (printed.textContent === words.printed && printed.hidden === !words.printed) return;
  const follows = printed.scrollTop + printed.clientHeight >= printed.scrollHeight - 4;
  printed.textContent = words.printed;
  printed.hidden = !words.printed;
  printed.parentElement?.classList.toggle("optlab-ran", !printed.hidden); // the program gives way
  if (follows) printed.scrollTop = printed.scrollHeight;
}

// What the button, the line beside it and the box below say where the sliders stand at a slot.
/** @type {(ran: Partial<Ran>, slot: number) => { act: string, said: string, printed: string }} */
export function runWords({ slot: of, state = "", text = "", said = "" }, slot) {
  const running = state === "running";
  const act = running ? "stop" : "run it here";
  if (of === slot) return { act, said, printed: text };
  return { act, said: running ? "The program of another setting is running." : "", printed: "" };
}
