// The mouse on a figure moves sliders to their nearest stops.

import assert from "node:assert/strict";
import test from "node:test";

import { gapTo, moveTo, nearestStops, steerAt } from "../../optlab/live/js/steering.js";
import { follow, followSliders } from "../../optlab/live/js/models.js";
import { moveSlider, moveSliders } from "../../optlab/live/js/moving.js";
import { PLACE, model, panel } from "./made.js";

const slider = (index = 0) => model({ index });
const indices = (sliders) => sliders.map((one) => one.get("index"));
const FLAT = panel([]); // x 0 to 10 from 100 to 300 px, y 0 to 1 from 120 up to 20 px

test("a press goes to the nearest stop along x, wherever along y", () => {
  const steer = { axes: 0, given: [], sliders: [1], sizes: [3], xs: [0, 4, 10], ys: [null, null, null] };
  const sliders = [slider(7), slider(0)];
  for (const [px, stop] of [[100, 0], [139, 0], [141, 1], [239, 1], [241, 2], [900, 2], [-900, 0]]) {
    assert.deepEqual(nearestStops(FLAT, steer, sliders, [px, 33]), [stop], `${px}`);
  }
});

test("near is what is near on the screen: on a log axis 3 is nearer to 10 than to 0.1, and 0 is nowhere", () => {
  const log = panel([], [{ ...PLACE, xlim: [0.01, 100], xlog: true }]); // 50 px a decade
  const steer = { axes: 0, given: [], sliders: [0], sizes: [4], xs: [0, 0.1, 10, 1e300], ys: [null, null, null, null] };
  const there = (px) => nearestStops(log, steer, [slider()], [px, 50])[0];
  const pixel = (x) => 100 + 50 * (Math.log10(x) + 2);
  assert.deepEqual([0.5, 0.9, 1.1, 3, 99].map((x) => there(pixel(x))), [1, 1, 2, 2, 2]);
  assert.equal(there(100), 1);
});

test("a point over two sliders goes to the nearest pair, and only sliders that change are told", () => {
  const xs = [2, 2, 2, 8, 8, 8];
  const ys = [0, 0.5, 1, 0, 0.5, 1];
  const steer = { axes: 0, given: [], sliders: [2, 0], sizes: [2, 3], xs, ys };
  const sliders = [slider(0), slider(9), slider(0)];
  assert.deepEqual(nearestStops(FLAT, steer, sliders, [250, 30]), [1, 2]);
  const told = [];
  sliders.forEach((one, k) => (one.save_changes = () => told.push(k)));
  moveTo(sliders, steer, [1, 0]);
  assert.deepEqual([indices(sliders), told], [[0, 9, 1], [2]]);
  moveTo(sliders, steer, [1, 2]);
  assert.deepEqual([indices(sliders), told], [[2, 9, 1], [2, 0]]);
});

test("the kernel is told where sliders go together, once and before the first of them moves", () => {
  const said = [];
  const sliders = [0, 3, 5].map((index, k) => {
    const one = slider(index);
    one.save_changes = () => said.push(k);
    one.on("change:index", () => one.save_changes()); // as ipywidgets' view does, whoever moves its slider
    return Object.assign(one, { comm_live: true, send: (content) => said.push(content) });
  });
  moveSliders(sliders, [1, null, 4]);
  assert.deepEqual([indices(sliders), said], [[1, 3, 4], [{ stops: [1, 3, 4] }]]);
  said.length = 0;
  sliders[2]._pending_msgs = 1; // where it was before is still to be told: it would be told last
  moveSliders(sliders, [0, 3, 5]);
  assert.deepEqual([indices(sliders), said.slice(0, 2)], [[0, 3, 5], [{ stops: [0, 3, 5] }, 2]]);
  moveSliders(sliders, [1, 3, 4]);
  said.length = 0;
  moveSliders(sliders, [1, 2, 4]); // one alone says it by itself
  assert.deepEqual([indices(sliders), new Set(said)], [[1, 2, 4], new Set([1])]);
  sliders[0].comm_live = false;
  moveSliders(sliders, [0, 0, 0]); // nobody is there to be told
  assert.deepEqual([indices(sliders), new Set(said)], [[0, 0, 0], new Set([0, 1, 2])]);
});

test("who follows sliders that move together hears once, when all are there", () => {
  const sliders = [0, 3, 5].map((index) => slider(index));
  const [all, some] = [[], []];
  followSliders(sliders, () => all.push(indices(sliders)));
  followSliders(sliders.slice(0, 2), () => some.push(indices(sliders)));
  moveSliders(sliders, [1, 2, 4]);
  assert.deepEqual([all, some], [[[1, 2, 4]], [[1, 2, 5]]]);
  moveSlider(sliders[1], 0);
  assert.deepEqual([all.at(-1), some.at(-1)], [[1, 0, 4], [1, 0, 4]]);
});

test("after a follower has failed in the middle of a move the others still hear", () => {
  const sliders = [0, 3, 5].map((index) => slider(index));
  let heard = 0;
  follow(sliders[0], ["index"], () => assert.fail("a follower's own fault"));
  followSliders(sliders, () => (heard += 1));
  assert.throws(() => moveSliders(sliders, [1, 2, 4]), /own fault/);
  moveSlider(sliders[2], 0);
  assert.equal(heard, 1);
});

test("what is given picks the places: of other surfaces no start is offered", () => {
  const steer = { axes: 0, given: [1], sliders: [0], sizes: [2, 2], xs: [1, 2, 9, 8], ys: [0, 0, 0, 0] };
  const at = (surface, px) => nearestStops(FLAT, steer, [slider(0), slider(surface)], [px, 120]);
  assert.deepEqual([at(0, 300), at(1, 300), at(1, 100)], [[1], [0], [1]]);
});

test("a press beside all axes takes hold of nothing; of two the one that stands nearer", () => {
  const one = { axes: 0, given: [], sliders: [0], sizes: [2], xs: [1, 2], ys: [null, null] };
  const other = { axes: 0, given: [], sliders: [1], sizes: [2], xs: [9, 8], ys: [null, null] };
  const sliders = [slider(1), slider(0)]; // at 2, which is 140 px, and at 9, 280 px
  const found = (px, py = 60) => steerAt(FLAT, [one, other], sliders, [px, py]);
  assert.equal(found(150), one);
  assert.equal(found(260), other);
  assert.equal(found(105, 128), one); // just below the axis
  assert.equal(found(50), null);
  assert.equal(found(150, 190), null);
  assert.equal(steerAt(FLAT, [], sliders, [150, 60]), null);
  assert.equal(steerAt(FLAT, [one], [], [150, 60]), null); // no sliders are there yet
  assert.equal(Math.round(gapTo(FLAT, one, sliders, [145, 60])), 5);
});
