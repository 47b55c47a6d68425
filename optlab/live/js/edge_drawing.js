// @ts-check
// How the words at the edges of axes, and in the middle of empty ones, are drawn.
/** @import { Film, Frame, Panel } from "./types" */

import { edgeNotes, emptyWords, fewer, placeNotes } from "./edges.js";
import { FONT, withHalo, write } from "./letters.js";

/** @type {(context: CanvasRenderingContext2D, panel: Panel, frame: Frame, film: Film) => void} */
export function drawEdges(context, panel, frame, film) {
  const size = 8.5 * panel.dot;
  withHalo(context, size, () => {
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
  });
}
