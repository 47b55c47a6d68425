// @ts-check
// What is drawn on: a canvas, wiped.
/** @import { Panel } from "./types" */

// A canvas wiped, its unit a CSS pixel.
/** @type {(canvas: HTMLCanvasElement, panel: Pick<Panel, "width" | "height">) => CanvasRenderingContext2D} */
export function cleared(canvas, { width, height }) {
  const context = contextOf(canvas);
  context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** @type {(canvas: HTMLCanvasElement) => CanvasRenderingContext2D} */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
