// @ts-check
// Binary traits, which arrive as views of a message's buffer.

/** @type {(view: DataView) => ArrayBuffer} */
export const bytes = (view) => /** @type {ArrayBuffer} */ (view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

/** @type {(view: DataView) => Float32Array} */
export const floats = (view) => new Float32Array(bytes(view)); // copied: a message's buffer need not be aligned
