// @ts-check
// The program of a setting, put together from pieces: the other half is optlab/site/texts.py.

/** @typedef {string | { texts: string[], sliders: number[], table: number[] }} Piece */

/** @type {(pieces: Piece[], shape: number[], stops: number[]) => string} */
export function textAt(pieces, shape, stops) {
  return pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const row = piece.sliders.reduce((sum, slider) => sum * shape[slider] + stops[slider], 0);
    return piece.texts[piece.table[row]];
  }).join("");
}

// Where each slider is at a slot, the last slider fastest.
/** @type {(shape: number[], slot: number) => number[]} */
export function stopsAt(shape, slot) {
  const stops = [];
  for (const size of [...shape].reverse()) {
    stops.unshift(slot % size);
    slot = Math.floor(slot / size);
  }
  return stops;
}
