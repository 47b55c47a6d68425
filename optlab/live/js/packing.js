// @ts-check
// Pages of frames as they travel: deflated; a header as JSON, then the numbers, one plane of bytes after the other.
// The other half is optlab/live/packing.py.
/** @import { Frame, Page, Planes } from "./types" */

import { bytes } from "./bytes.js";

/** @type {(view: DataView) => Promise<Page>} */
export async function unpacked(view) {
  const stream = new Blob([bytes(view)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const plain = new Uint8Array(await new Response(stream).arrayBuffer());
  const end = 4 + new DataView(plain.buffer).getUint32(0, true);
  const { rows, size, kept, ...lists } = JSON.parse(new TextDecoder().decode(plain.subarray(4, end)));
  const count = rows * size;
  const parts = Array.from({ length: kept }, (_, k) => plain.subarray(end + k * count, end + (k + 1) * count));
  return { ...lists, planes: { parts, size } };
}

// The numbers of one frame. A byte that did not travel is 0.
/** @type {(planes: Planes, row: number) => Float32Array} */
export function numbersOf({ parts, size }, row) {
  const bits = new Uint32Array(size);
  parts.forEach((part, k) => {
    const shift = 24 - 8 * k;
    for (let i = 0; i < size; i += 1) bits[i] |= part[row * size + i] << shift;
  });
  return new Float32Array(bits.buffer);
}

// A frame that stays packed until it is looked at: of tens of thousands few ever are.
export class PackedFrame {
  /** @param {Page} page @param {number} row */
  constructor(page, row) {
    this.page = page;
    this.row = row;
  }

  /** @type {() => Frame} */
  open() {
    const { planes, texts, labels, scenes, goals } = this.page;
    const values = planes ? numbersOf(planes, this.row) : new Float32Array(0);
    return { values, texts: texts[this.row], label: labels[this.row], scene: scenes[this.row], goals: goals[this.row] };
  }
}
