// @ts-check
// A figure opens with the pictures that its first frames lie on. The others come with the rest of its frames: before, no
// slider can ask for them.

/** @typedef {[path: (string | number)[], text: string, name: string]} Filed */

// Of a model's files those that it needs at once, and those that may come later.
/** @type {(model: { opens?: number[], files: Filed[] }) => [now: Filed[], later: Filed[]]} */
export function atOnce({ opens = [], files }) {
  const waits = (/** @type {Filed} */ [[key, k]]) => opens.length > 0 && key === "backgrounds" && !opens.includes(Number(k));
  return [files.filter((one) => !waits(one)), files.filter(waits)];
}

// Until they come the first picture stands in their places: a figure takes none with a gap.
/** @type {(model: { opens?: number[], state: any }, later: Filed[]) => void} */
export function standIn({ opens = [], state: { backgrounds } }, later) {
  for (const [[, k]] of later) backgrounds[k].background = backgrounds[opens[0]].background;
}
