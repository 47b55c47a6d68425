// @ts-check
// A figure's table of frames, and the place in it that belongs to a slot.
/** @import { Frame, Store } from "./types" */

import { PackedFrame } from "./packing.js";

// A frame is unpacked each time it is asked for: of tens of thousands few ever are.
/** @extends {Map<number, any>} */
export class FrameTable extends Map {
  /** @param {number} place @returns {Frame | undefined} */
  get(place) {
    const frame = super.get(place);
    return frame instanceof PackedFrame ? frame.open() : frame;
  }
}

// Settings that differ in nothing that a figure shows share one frame, and so one place.
/** @type {(store: Pick<Store, "strides" | "placeStrides">, slot: number) => number} */
export function placeOf({ strides, placeStrides }, slot) {
  if (!placeStrides.length || !strides.length || slot < 0) return slot;
  return strides.reduce((place, stride, k) => {
    const count = k ? strides[k - 1] / stride : Infinity;
    return place + (Math.floor(slot / stride) % count) * placeStrides[k];
  }, 0);
}
