// The program that is run here: its words, and its dots on the figures.

import assert from "node:assert/strict";
import { test } from "node:test";

import { canInsert, insertBelow } from "../../optlab/live/js/cell_below.js";
import { inside, paintDots } from "../../optlab/live/js/dots.js";
import { addFilesLine, filesWords, keepFiles } from "../../optlab/live/js/program_files.js";
import { runWords } from "../../optlab/live/js/run_here.js";
import { panel, recorder } from "./made.js";

const DONE = { slot: 3, state: "done", text: "epoch 1  loss 2\n", said: "1 dot" };

test("the output is that of the setting on the sliders", () => {
  assert.deepEqual(runWords({}, 3), { act: "run it here", said: "", printed: "" });
  assert.deepEqual(runWords(DONE, 3), { act: "run it here", said: "1 dot", printed: "epoch 1  loss 2\n" });
  assert.deepEqual(runWords(DONE, 4), { act: "run it here", said: "", printed: "" });
});

test("while it runs the button stops it, wherever the sliders are", () => {
  const running = { ...DONE, state: "running" };
  assert.equal(runWords(running, 3).act, "stop");
  assert.deepEqual(runWords(running, 4), { act: "stop", said: "The program of another setting is running.", printed: "" });
});

test("dots are where the axes have their data, and none outside", () => {
  const dots = { slot: 3, points: [[0, 0], [5, 0.5], [10, 1], [11, 0.5], [5, 1.5], [NaN, 0]] };
  assert.deepEqual(inside(panel([]), dots), [[100, 120], [200, 70], [300, 20]]);
  assert.deepEqual(inside(panel([]), null), []);
  assert.deepEqual(inside(panel([], []), dots), []);
});

test("they are drawn over the run of their own setting alone", () => {
  const draw = (slot) => {
    const { calls, context } = recorder();
    const box = { dataset: {} };
    const store = { shown: { slot }, dots: { slot: 3, points: [[5, 0.5]] } };
    paintDots({ badges: { getContext: () => context }, box, store }, panel([]));
    return [calls.filter(([name]) => name === "arc").map(([, x, y]) => [x, y]), box.dataset.dots];
  };
  assert.deepEqual(draw(3), [[[200, 70]], "1"]);
  assert.deepEqual(draw(4), [[], "0"]);
});

test("the program becomes a cell below the lab's, where the page hands JupyterLab out", async () => {
  assert.equal(canInsert(), false);
  const nodes = ["first", "the lab's", "last"];
  const sources = [];
  const activeCell = { model: { sharedModel: { setSource: (text) => sources.push(text) } } };
  const notebook = { widgets: nodes.map((node) => ({ node })), activeCellIndex: 2, activeCell };
  const asked = [];
  const commands = { hasCommand: () => true, execute: async (name) => void asked.push([name, notebook.activeCellIndex]) };
  globalThis.jupyterapp = { commands, shell: { currentWidget: { content: notebook } } };
  assert.equal(canInsert(), true);
  await insertBelow({ closest: () => "the lab's" }, "print(1)");
  await insertBelow({ closest: () => null }, "print(2)"); // on the stage: below the active cell
  delete globalThis.jupyterapp;
  assert.deepEqual(asked, [["notebook:insert-cell-below", 1], ["notebook:insert-cell-below", 1]]);
  assert.deepEqual(sources, ["print(1)", "print(2)"]);
});

test("a program that reads files says where they are, or when they will be written", () => {
  assert.equal(filesWords([], {}), "");
  assert.match(filesWords(["a.npz", "b.pt"], {}), /^It reads a.npz and b.pt, written beside the notebook when you copy/);
  assert.equal(filesWords(["a.npz"], { said: "a.npz is beside the notebook." }), "a.npz is beside the notebook.");
});

test("taking the program asks for its files once, and says so where no kernel answers", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const traits = { program: { files: ["a.npz"] }, keep: 0, kept: { count: 0, said: "" } };
  const heard = new Set();
  const model = {
    get: (name) => traits[name],
    set: (name, value) => {
      traits[name] = value;
      heard.forEach((act) => act());
    },
    save_changes: () => (model.saved = (model.saved ?? 0) + 1),
    on: (_, act) => heard.add(act),
    off: (_, act) => heard.delete(act),
  };
  const said = { setAttribute: () => {} };
  globalThis.document = { createElement: () => said };
  const stop = addFilesLine({ model }, { appendChild: (child) => child }, 1500);
  keepFiles(model);
  assert.deepEqual([traits.keep, model.saved], [1, 1]);
  assert.match(said.textContent, /^It reads a.npz, written/);
  context.mock.timers.tick(1500);
  assert.match(said.textContent, /The kernel, .* is busy or gone/);
  model.set("kept", { count: 1, said: "a.npz is beside the notebook." });
  assert.equal(said.textContent, "a.npz is beside the notebook.");
  stop();
  assert.equal(heard.size, 0);
  model.set("program", { files: [] });
  keepFiles(model);
  assert.equal(model.saved, 1);
  delete globalThis.document;
});
