// @ts-check
// The files that a program reads, such as a learner's own data: the kernel writes them beside the notebook when the program
// is taken there.
/** @import { LabTools, Model } from "./types" */

import { append } from "./elements.js";
import { follow } from "./models.js";

const NO_ANSWER = "The kernel, which writes what the program reads, is busy or gone.";

/** @type {(model: Model) => string[]} */
const filesOf = (model) => model.get("program").files ?? [];

// Ask for the files; nothing happens for a program that reads none.
/** @type {(model: Model) => void} */
export function keepFiles(model) {
  if (!filesOf(model).length) return;
  model.set("keep", model.get("keep") + 1);
  model.save_changes();
}

// A line that says where they are, and from when on.
/** @type {(lab: LabTools, line: HTMLElement, patience: number) => () => void} */
export function addFilesLine({ model }, line, patience) {
  const said = append(line, "span", "optlab-program-files");
  said.setAttribute("role", "status");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const show = () => {
    clearTimeout(timer);
    said.textContent = filesWords(filesOf(model), model.get("kept"));
    if (filesOf(model).length && model.get("keep") > (model.get("kept").count ?? 0)) timer = setTimeout(() => (said.textContent = NO_ANSWER), patience);
  };
  show();
  const undo = follow(model, ["program", "keep", "kept"], show);
  return () => {
    clearTimeout(timer);
    undo();
  };
}

/** @type {(files: string[], kept: { said?: string }) => string} */
export function filesWords(files, { said = "" }) {
  if (!files.length) return "";
  return said || `It reads ${files.join(" and ")}, written beside the notebook when you copy the program or put it into a cell.`;
}
