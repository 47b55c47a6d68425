// @ts-check
// How far a sketch is off from the run, in words: the other half is optlab/live/sketch.py.

const CLOSE = 0.06; // so far off on average, as a fraction of the axis' height, is a good sketch
const ONE_SIDED = 0.7; // above or below by so much of what it is off: it lies on one side

/** @typedef {{ true: (number | null)[], x: number[], limits: [number, number], log: boolean, name: string }} Target */

/** @type {(target: Target, drawn: (number | null)[]) => string} */
export function toldOf({ true: run, x, limits, log, name }, drawn) {
  const scale = log ? Math.log10 : Number;
  const [low, high] = limits.map(scale);
  const height = (/** @type {number} */ value) => Math.max(0, Math.min(1, (scale(value) - low) / (high - low)));
  const gaps = run.flatMap((y, k) => {
    const ours = drawn[k] ?? null;
    return y === null || ours === null ? [] : [{ k, ours, y, gap: height(ours) - height(y) }];
  }).filter(({ gap }) => Number.isFinite(gap));
  if (drawn.length !== run.length || !gaps.length) return "";
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [off, side] = [mean(gaps.map(({ gap }) => Math.abs(gap))), mean(gaps.map(({ gap }) => gap))];
  const amount = log ? `by a factor of ${general(10 ** (off * (high - low)), 2)}` : `by ${general(off * (high - low), 2)}`;
  if (off < CLOSE) return `Your sketch is close: off ${amount} on average.`;
  const worst = gaps.reduce((best, one) => (Math.abs(one.gap) > Math.abs(best.gap) ? one : best));
  const words = Math.abs(side) > ONE_SIDED * off ? `is too ${side > 0 ? "high" : "low"}, on average` : "is too high here and too low there, off";
  return `Your sketch ${words} ${amount}; at ${name} ${general(x[worst.k], 6)} it is furthest off: `
    + `you drew ${general(worst.ours, 2)}, the run has ${general(worst.y, 2)}.`;
}

// A number as Python's format "g" writes it.
/** @type {(value: number, digits: number) => string} */
export function general(value, digits) {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  const short = (/** @type {string} */ text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent >= -4 && exponent < digits) return short(value.toFixed(digits - 1 - exponent));
  return `${short(mantissa)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
