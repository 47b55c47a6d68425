// @ts-check
// How the words at the edges of axes, and in the middle of empty ones, are drawn.
/** @import { Film, Frame, Panel } from "./types" */

import { edgeNotes, emptyWords, fewer, placeNotes } from "./edges.js";

const FONT = '"DejaVu Sans", Verdana, sans-serif';

/** @type {(context: CanvasRenderingContext2D, panel: Panel, frame: Frame, film: Film) => void} */
export function drawEdges(context, panel, frame, film) {
  const size = 8.5 * panel.dot;
  context.save();
  context.setLineDash([]);
  context.lineJoin = "round";
  context.strokeStyle = "rgb(255 255 255 / 85%)"; // what lies below stays away from the letters
  context.lineWidth = 0.3 * size;
  context.font = `bold ${size}px ${FONT}`;
  for (const { text, color, x, y } of placeNotes(panel, fewer(edgeNotes(panel, frame, film)), size)) {
    context.fillStyle = color;
    write(context, text, x, y, "left");
  }
  context.font = `${1.2 * size}px ${FONT}`;
  context.fillStyle = "#444444";
  for (const { axes, text } of emptyWords(panel, frame)) {
    const { left, top, width, height } = panel.axes[axes];
    const lines = text.split("\n");
    lines.forEach((line, i) => write(context, line, left + width / 2, top + height / 2 + (i - (lines.length - 1) / 2) * 1.5 * size, "center"));
  }
  context.restore();
}

/** @type {(context: CanvasRenderingContext2D, text: string, x: number, y: number, align: CanvasTextAlign) => void} */
function write(context, text, x, y, align) {
  context.textAlign = align;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}
