// The stage: which labs a notebook has, in which columns figures become largest, and which keys turn from lab to lab.

import assert from "node:assert/strict";
import test from "node:test";

import { pageTurn } from "../../optlab/live/js/stage.js";
import { labsHere, lastHeading, outputsOf } from "../../optlab/live/js/stage_labs.js";
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
    { id: "a", cell: 1, title: "A lesson" }, { id: "b", cell: 3, title: "A lesson" }, { id: "c", cell: 5, title: "Three" },
  ]);
  assert.equal(lastHeading("## The **cloud** ##\n```\n# a comment\n```"), "The cloud");
  assert.equal(lastHeading("#hashtag"), null);
});

test("of these the labs, not the guesses, and none of an earlier kernel", async () => {
  const classes = { a: ["optlab-lab"], guess: ["optlab-guess"], b: ["mine", "optlab-lab"] };
  const manager = {
    context: { model: { cells: [code("b", "gone"), code("guess"), code("a")] } },
    has_model: (id) => id in classes,
    get_model: async (id) => ({ get: () => classes[id] }),
  };
  assert.deepEqual((await labsHere(manager)).map(({ id }) => id), ["b", "a"]);
});

test("page keys turn wherever the focus is, letters only where nobody types", () => {
  const press = (key, more = {}) => pageTurn({ key, ...more }, false);
  assert.deepEqual(["PageDown", "n", "PageUp", "p", "x", "ArrowRight"].map((key) => press(key)), [1, 1, -1, -1, 0, 0]);
  assert.equal(press("n", { ctrlKey: true }), 0);
  assert.equal(pageTurn({ key: "n" }, true), 0);
  assert.equal(pageTurn({ key: "PageDown" }, true), 1);
});
