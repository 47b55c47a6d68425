// The film of a guess: as long as it has steps, and at its end the verdict, whether there is a kernel or not.

import assert from "node:assert/strict";
import test from "node:test";

import { secondsOf } from "../../optlab/live/js/player.js";
import { showVerdict } from "../../optlab/live/js/replay.js";
import { model } from "./made.js";

test("a film of few steps is short, and none is longer than five seconds", () => {
  assert.deepEqual([1, 3, 9, 10, 100].map(secondsOf), [0.5, 1.5, 4.5, 5, 5]);
});

test("the verdict comes at the end of the film, from the page, once", async () => {
  const feedback = model({ value: "now the run decides" });
  const choice = model({ _options_labels: ["rises", "falls"], index: 1 });
  const verdict = [
    ["IPY_MODEL_f", { value: "right" }],
    ["gone", { value: "" }],
    ["c", { _options_labels: ["rises", "falls (right)"] }],
  ];
  const player = model({ verdict, told: false, runs: [{}, {}], index: 0, step: 3, last: 3 }, { f: feedback, c: choice });
  const shown = async (traits) => {
    for (const [name, value] of Object.entries(traits)) player.set(name, value);
    await showVerdict(player);
    return [feedback.get("value"), choice.get("_options_labels")[1]];
  };
  const secret = ["now the run decides", "falls"];
  assert.deepEqual(await shown({}), secret); // the run before stands there
  assert.deepEqual(await shown({ index: 1, step: 2 }), secret);
  assert.deepEqual(await shown({ step: 3 }), ["right", "falls (right)"]);
  assert.equal(choice.get("index"), 1);
  feedback.set("value", "right. Your sketch …");
  assert.equal((await shown({ told: true }))[0], "right. Your sketch …"); // the kernel has said more since
});
