// A number typed beside a slider: what it says, and the stop that it goes to.

import assert from "node:assert/strict";
import test from "node:test";

import { isLogarithmic, nearestStop, numberIn } from "../../optlab/live/js/typed.js";

const RATES = [0.001, 0.01, 0.1, 1, 10];
const LABELS = ["0.001 /epoch", "0.01 /epoch", "1 pixel", "2 pixels", "−0.5 °"];

test("a number is read however people write it", () => {
  const cases = {
    "0.5": 0.5, " .5 ": 0.5, "5e-1": 0.5, "1E3": 1000, "+2": 2, "−0.5": -0.5, "-0.5 °": -0.5, "0,5": 0.5, "12,5": 12.5,
    "1,000": 1000, "10,000": 10000, "1/4": 0.25, "0.1 /epoch": 0.1, "3 pixels": 3, "1 pixel": 1,
    "∞": Infinity, "inf": Infinity, "−∞ /epoch": -Infinity, "Infinity": Infinity,
  };
  for (const [typed, value] of Object.entries(cases)) assert.equal(numberIn(typed, LABELS), value, typed);
});

test("what is no number is none", () => {
  for (const typed of ["", "abc", "0.00.518", "1 apple", "--2", "e5", "1e", "/2", "info", "∞ apples"]) assert.ok(Number.isNaN(numberIn(typed, LABELS)), typed);
});

test("it goes to the nearest stop: by ratio where the stops are spaced by ratio", () => {
  const places = (stops, ...typed) => typed.map((value) => stops[nearestStop(stops, value)]);
  assert.deepEqual(places(RATES, 0.5, 0.31, 0.32, 0.3), [1, 0.1, 1, 0.1]); // half way from 0.1 to 1 is 0.316
  assert.deepEqual(places([0, 1, 2, 3], 0.4, 0.6, 1.5, 2.51), [0, 1, 1, 3]);
  assert.deepEqual(places([8, 4, 2, 1], 2.7, 2.9, 100, 0), [2, 4, 8, 1]); // half way from 2 to 4 is 2.83
  assert.deepEqual(places(RATES, -5, 0, 1e9), [0.001, 0.001, 10]);
  assert.deepEqual(places([0, 0.001, 0.01, 0.1], 0, 0.0004, 0.0006, 0.003, 0.004), [0, 0, 0.001, 0.001, 0.01]);
  assert.deepEqual(places([5], 7), [5]);
  assert.deepEqual(places([0.1, 1, 10, Infinity], 3, 3.2, 1e9, Infinity), [1, 10, 10, Infinity]); // half way from 1 to 10 is 3.16
});

test("stops are logarithmic where their ratios are more alike than their differences", () => {
  assert.ok(isLogarithmic(RATES) && isLogarithmic([0, 0.01, 0.032, 0.1, 0.32, 1]) && isLogarithmic([1, 2, 5, 10, 20, 50]) && isLogarithmic([0.1, 1, 10, Infinity]));
  assert.ok(!isLogarithmic([0, 15, 30, 45, 60]) && !isLogarithmic([0.1, 0.2, 0.3, 0.4]) && !isLogarithmic([-1, 1]));
});
