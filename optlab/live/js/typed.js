// @ts-check
// A number that is typed beside a slider, and the stop nearest to it.

const NUMBER = /^([-+]?(?:(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|∞|inf(?:inity)?))(?:\s*\/\s*(\d+\.?\d*))?/i;
const UNIT = /^[-−+]?[\d.]+(?:e[-+−]?\d+)?\s*(.*)$/i;

// What was typed, as a number: "0.5", ".5", "0,5", "5e-1", "1/2", "−0.5", with the slider's unit or without, "∞" or "inf";
// NaN: none.
/** @type {(typed: string, labels: string[]) => number} */
export function numberIn(typed, labels) {
  const plain = typed.trim().replaceAll("−", "-");
  const text = /^[^.]*\d,\d[^.,]*$/.test(plain) && !/^[-+]?\d{1,3},\d{3}\b/.test(plain) ? plain.replace(",", ".") : plain.replaceAll(/(?<=\d),(?=\d{3})/g, "");
  const found = NUMBER.exec(text);
  if (!found) return NaN;
  const rest = text.slice(found[0].length).trim();
  const units = labels.map((label) => UNIT.exec(label)?.[1].trim() ?? "");
  return rest === "" || units.includes(rest) ? Number(found[1].replace(/∞|inf(?:inity)?/i, "Infinity")) / Number(found[2] ?? 1) : NaN;
}

// Where a number belongs: the index of the nearest stop; nearest by ratio where the stops are spaced by ratio.
/** @type {(stops: number[], value: number) => number} */
export function nearestStop(stops, value) {
  const byRatio = isLogarithmic(stops);
  const order = stops.map((_, k) => k).sort((a, b) => stops[a] - stops[b]);
  const above = order.findIndex((k) => stops[k] >= value);
  if (above === -1) return order[order.length - 1];
  if (above === 0 || stops[order[above]] === value) return order[above];
  const [low, high] = [order[above - 1], order[above]];
  const [a, b] = [stops[low], stops[high]];
  return value > (byRatio && a > 0 ? Math.sqrt(a * b) : (a + b) / 2) ? high : low;
}

// Whether the ratios of neighbours are more alike than their differences; 0 and less have no ratio.
/** @type {(stops: number[]) => boolean} */
export function isLogarithmic(stops) {
  const positive = stops.filter((stop) => stop > 0 && stop < Infinity).sort((a, b) => a - b);
  return positive.length > 2 && unevenness(positive.map(Math.log)) < unevenness(positive);
}

// How much the distances of neighbours vary, next to their mean.
/** @type {(ascending: number[]) => number} */
function unevenness(ascending) {
  const gaps = ascending.slice(1).map((stop, k) => stop - ascending[k]);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return Math.max(...gaps.map((gap) => Math.abs(gap - mean))) / mean;
}
