// The stage: which labs a notebook has, in which columns figures become largest, and which keys turn from lab to lab.

import assert from "node:assert/strict";
import test from "node:test";

import { guessWords } from "../../optlab/live/js/stage.js";
import { stageAct } from "../../optlab/live/js/stage_keys.js";
import { labsHere, lastHeading, nameInWords, outputsOf } from "../../optlab/live/js/stage_labs.js";
import { packed } from "../../optlab/live/js/stage_layout.js";

const VIEW = "application/vnd.jupyter.widget-view+json";
const words = (text) => ({ type: "markdown", sharedModel: { getSource: () => text } });
const code = (...ids) => ({
  type: "code", sharedModel: { getSource: () => "# no heading" },
  outputs: { length: ids.length, get: (k) => ({ data: ids[k] ? { [VIEW]: { model_id: ids[k] } } : { "text/plain": "1" } }) },
});

test("two figures stand side by side on a wide stage, four in two rows, and each is as large as it can be", () => {
  assert.deepEqual(packed(1, 1.5, 900, 1000), { columns: 1, wide: 900 });
  assert.deepEqual(packed(1, 1.5, 2000, 422), { columns: 1, wide: 600 });
  assert.deepEqual(packed(2, 1.5, 1608, 900), { columns: 2, wide: 800 });
  assert.deepEqual(packed(4, 1.5, 1500, 852), { columns: 2, wide: 600 });
  assert.deepEqual(packed(2, 1.5, 500, 952), { columns: 1, wide: 500 });
});

test("three stay in one row unless two rows make them much larger", () => {
  assert.equal(packed(3, 1.5, 1800, 700).columns, 3);
  assert.equal(packed(3, 1.5, 1200, 1000).columns, 2);
});

test("whatever the room, the figures and the strips of buttons below them fit in", () => {
  for (const count of [1, 2, 3, 4, 5, 7]) {
    for (const [width, height] of [[1900, 900], [640, 300], [300, 1200], [5, 5], [0, 0]]) {
      const { columns, wide } = packed(count, 1.44, width, height);
      const rows = Math.ceil(count / columns);
      assert.ok(wide >= 0 && columns >= 1 && columns <= count);
      if (wide) assert.ok(columns * wide + 8 * (columns - 1) <= width && rows * (wide / 1.44 + 22) + 8 * (rows - 1) <= height + 1e-9);
    }
  }
});

test("what a notebook shows as widgets: each once, with its cell and the heading above", () => {
  const cells = [words("# A lesson\ntext"), code("a", null), words("no heading"), code("b", "a"), words("## *Two* `ways`\nx\n### Three"), code("c")];
  assert.deepEqual(outputsOf(cells), [
    { id: "a", cell: 1, title: "A lesson", guesses: [] }, { id: "b", cell: 3, title: "A lesson", guesses: [] },
    { id: "c", cell: 5, title: "Three", guesses: [] },
  ]);
  assert.equal(lastHeading("## The **cloud** ##\n```\n# a comment\n```"), "The cloud");
  assert.equal(lastHeading("#hashtag"), null);
});

// A notebook's widgets: their classes, and for a lab what made it.
function managerOf(cells, widgets) {
  const model = (traits) => ({ get: (name) => traits[name] });
  const parts = Object.entries(widgets).map(([id, { classes, maker }]) => {
    const below = model({ children: [`IPY_MODEL_${id}-bar`] });
    return [[id, model({ _dom_classes: classes, children: maker ? [model({}), below] : [] })], [`${id}-bar`, model({ call: { maker } })]];
  });
  const models = new Map(parts.flat());
  return { context: { model: { cells } }, has_model: (id) => models.has(id), get_model: async (id) => models.get(id) };
}

test("of these the labs, each with the guesses that it decides, and none of an earlier kernel", async () => {
  const widgets = {
    a: { classes: ["optlab-lab"] }, b: { classes: ["mine", "optlab-lab"] }, other: { classes: ["optlab-guess"] },
    one: { classes: ["optlab-guess", "optlab-about-b"] }, two: { classes: ["optlab-guess", "optlab-about-b"] },
  };
  const manager = managerOf([code("one"), code("other", "gone"), code("two"), code("b", "gone"), code("a")], widgets);
  const found = await labsHere(manager);
  assert.deepEqual(found.map(({ id, guesses }) => [id, guesses]), [["b", ["one", "two"]], ["a", []]]);
});

test("a lab is called by the heading above it; where every lesson has that one, by its own name", async () => {
  const widgets = { a: { classes: ["optlab-lab"], maker: "labs.cloud_lab" }, b: { classes: ["optlab-lab"], maker: "labs.shrink_lab" }, mine: { classes: ["optlab-lab"] } };
  const manager = managerOf([words("## Lab"), code("a"), words("### Three clouds"), code("b"), words("# Lab"), code("mine")], widgets);
  assert.deepEqual((await labsHere(manager)).map(({ title }) => title), ["Cloud lab", "Three clouds", "Lab"]);
  assert.equal(nameInWords(""), "");
});

test("the button of the guesses says how many there are, and where it leads", () => {
  assert.deepEqual([-1, 0].map((asked) => guessWords(asked, 1)), ["guess", "guess: to the lab"]);
  assert.deepEqual([-1, 0, 1].map((asked) => guessWords(asked, 2)), ["2 guesses", "guess 1 of 2: next", "guess 2 of 2: to the lab"]);
});

test("page keys turn wherever the focus is, letters only where nobody types, and Space plays where it presses nothing", () => {
  const press = (key, more = {}, typing = false, pressing = false) => stageAct({ key, ...more }, typing, pressing);
  assert.deepEqual(["PageDown", "n", "PageUp", "p", "g", "m", "f", "x", "ArrowRight"].map((key) => press(key)),
    ["next", "next", "before", "before", "guess", "map", "close", null, null]);
  assert.equal(press("?", { shiftKey: true }), "help"); // as most keyboards send it
  assert.equal(press("n", { ctrlKey: true }), null);
  assert.deepEqual([press("n", {}, true), press("PageDown", {}, true)], [null, "next"]);
  assert.deepEqual([press(" "), press(" ", {}, false, true), press("n", {}, false, true)], ["play", null, "next"]);
});
