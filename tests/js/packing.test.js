// Pages as they travel, and which frame of them belongs to a slot.

import assert from "node:assert/strict";
import test from "node:test";
import { deflateSync } from "node:zlib";

import { addRows, createStore, framesOf, loadPages, seek } from "../../optlab/live/js/figure.js";
import { PackedFrame, unpacked } from "../../optlab/live/js/packing.js";
import { placeOf } from "../../optlab/live/js/table.js";
import { frame, line, model } from "./made.js";

// As optlab/live/packing.py packs it: rows of float32, the first `kept` bytes of each, deflated.
function packed(rows, lists, kept) {
  const size = rows[0].length;
  const header = Buffer.from(JSON.stringify({ ...lists, rows: rows.length, size, kept }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const numbers = Buffer.alloc(4 * rows.length * size);
  rows.flat().forEach((value, k) => numbers.writeFloatBE(value, 4 * k));
  const planes = Array.from({ length: kept }, (_, k) => numbers.filter((_, i) => i % 4 === k));
  const { buffer, byteOffset, byteLength } = deflateSync(Buffer.concat([length, header, ...planes]));
  return new DataView(buffer, byteOffset, byteLength);
}

const lists = (slots) => ({
  slots, texts: slots.map((slot) => [`α = ${slot}`]), labels: slots.map((slot) => `slot ${slot}`),
  scenes: slots.map(() => 0), goals: slots.map(() => [true]),
});

test("all four bytes come back as they were, three without the last", async () => {
  const rows = [[0.1, -3, NaN], [1e30, 0, 65536]];
  for (const [kept, most] of [[4, 0], [3, 2 ** -15]]) {
    const page = await unpacked(packed(rows, lists([4, 2]), kept));
    framesOf(page, model()).forEach(([slot, found], row) => {
      const { values, texts, label, goals } = found.open();
      assert.deepEqual([slot, texts, label, goals], [[4, 2][row], [`α = ${slot}`], `slot ${slot}`, [true]]);
      [...values].forEach((value, k) => {
        const truth = Math.fround(rows[row][k]);
        assert.ok(Object.is(value, truth) || Math.abs(value - truth) <= most * Math.abs(truth), `${value} for ${truth}`);
      });
    });
  }
});

test("packed pages fill the table, and a frame is opened when it is asked for", async () => {
  const store = createStore();
  const others = { a: model({ value: packed([[1, 2], [3, 4]], lists([0, 1]), 3) }) };
  await loadPages(store, model({ artists: [line({ size: 2 })], pages: ["IPY_MODEL_a"] }, others));
  assert.deepEqual([...store.table.keys()], [0, 1]);
  assert.deepEqual([...store.table.get(1).values], [3, 4]);
  seek(store, 1);
  assert.ok(!(store.shown.frame instanceof PackedFrame));
  assert.equal(store.shown.frame.label, "slot 1");
});

// Sliders of 3, 4 and 2 stops; the picture depends on the first and the last.
const shared = { strides: [8, 2, 1], placeStrides: [2, 0, 1] };

test("slots that share a picture have one place", () => {
  const places = Array.from({ length: 24 }, (_, slot) => placeOf(shared, slot));
  places.forEach((place, slot) => assert.equal(place, 2 * Math.floor(slot / 8) + (slot % 2)));
  assert.equal(placeOf({ ...shared, placeStrides: [] }, 17), 17);
  assert.equal(placeOf({ ...shared, strides: [] }, 17), 17); // nothing steers yet
  assert.equal(placeOf(shared, -1), -1);
});

test("a slider that makes no difference finds the frame that is there", () => {
  const store = Object.assign(createStore(), shared);
  addRows(store, [[3, frame([7])]], false); // a page's place
  for (const slot of [9, 11, 15]) {
    seek(store, slot);
    assert.deepEqual([store.shown.slot, store.waiting, store.shown.frame.values[0]], [slot, false, 7]);
  }
  seek(store, 8);
  assert.ok(store.waiting);
  addRows(store, [[2, frame([8])]], false);
  assert.deepEqual([store.shown.slot, store.waiting], [8, false]);
  clearTimeout(store.resting);
});

test("what is pushed for one setting only is shown and not kept", () => {
  const store = Object.assign(createStore(), shared);
  seek(store, 9);
  addRows(store, [[9, frame([1])]], true, { kept: false });
  assert.deepEqual([store.shown.slot, store.waiting, store.table.size], [9, false, 0]);
  clearTimeout(store.resting);
});
