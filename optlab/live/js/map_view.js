// @ts-check
// What a map shows now: read from the sliders, the chosen axes and the table, and painted.
/** @import { Ink, MapPart, MapScene, MapView } from "./types" */

import { cleared } from "./canvas.js";
import { areaOf, xOfStop, yOfStop, yOfValue } from "./map_layout.js";
import { paintAcross, paintColorBar, paintCurve, paintDot, paintPlane, paintStar, paintUp, paintValues } from "./map_paint.js";
import { axisThrough, bestAtStops, bestOfCells, cellOf, planeThrough, rangeOf } from "./map_table.js";
import { countInWords, isolationInWords, movable, planeInWords, slidersInWords } from "./map_words.js";
import { slotOf, stopOf } from "./setting.js";

const BAR = 58; // CSS pixels beside the plane, for its colours
const BEST_LOOK = { color: "#0072b2", dash: [] };
const HERE_LOOK = { color: "#d55e00", dash: [5, 3] };

/** @type {(view: MapView) => MapScene} */
export function sceneOf(view) {
  const { store: { table }, lab, plane, isolation } = view;
  const { model, strides, sign } = lab;
  const [across, up] = model.get("axes");
  const slot = slotOf(lab.sliders, strides);
  return {
    across, up, slot, count: table.count,
    range: rangeOf(table, { low: model.get("low"), high: model.get("high"), log: model.get("log") }),
    rows: planeThrough(table, lab, slot, across, up),
    best: knownBest(view, across) ?? bestAtStops(table, lab, across, sign),
    here: axisThrough(table, lab, slot, across),
    areas: { plane: areaIn(plane, BAR), isolation: areaIn(isolation, 10) },
  };
}

// While nothing new is known, a moved slider leaves the best as it is.
/** @type {(view: MapView, across: number) => import("./types").Best[] | null} */
const knownBest = ({ scene, store: { table } }, across) =>
  scene && scene.across === across && scene.count === table.count ? scene.best : null;

/** @type {(part: MapPart, right: number) => import("./types").Area} */
const areaIn = ({ frame }, right) => areaOf(frame.clientWidth, frame.clientHeight, right);

/** @type {(view: MapView) => void} */
export function paintView(view) {
  const { store: { table }, lab, plane, isolation, count, selects } = view;
  if (!plane.frame.clientWidth || !table.values.length) return;
  const scene = sceneOf(view);
  const { across, up, slot, rows, best } = scene;
  const ink = inkOf(view);
  view.scene = scene;
  selects.forEach((select, side) => (select.value = String([across, up][side])));
  count.textContent = countInWords(table.count, table.values.length);
  const others = movable(lab, [across, up]);
  plane.title.textContent = others.length ? `at ${slidersInWords(lab, slot, others)}` : "\u00a0";
  paintPlanePart(view, scene, ink);
  paintIsolationPart(view, scene, ink);
  const top = bestOfCells(rows.flat(), lab.sign);
  plane.canvas.setAttribute("aria-label", planeInWords(lab, slot, across, up, cellOf(table, slot), top, lab.label));
  isolation.canvas.setAttribute("aria-label", isolationInWords(lab, across, best, lab.label));
  Object.assign(plane.canvas.dataset, { slot: String(slot), known: String(table.count) });
}

/** @type {(view: MapView, scene: MapScene, ink: Ink) => void} */
function paintPlanePart({ lab, plane }, { across, up, slot, rows, range, areas: { plane: area } }, ink) {
  const [columns, lines] = [rows[0].length, rows.length];
  const pen = penOn(plane);
  paintPlane(pen, area, rows, range, ink);
  paintColorBar(pen, area, range, ink);
  paintAcross(pen, area, lab.params[across].texts, lab.params[across].title, ink);
  paintUp(pen, area, lab.params[up].texts, lab.params[up].title, ink);
  const best = bestOfCells(rows.flat(), lab.sign);
  if (best) paintStar(pen, xOfStop(area, columns, stopOf(lab, best.slot, across)), yOfStop(area, lines, stopOf(lab, best.slot, up)));
  paintDot(pen, xOfStop(area, columns, stopOf(lab, slot, across)), yOfStop(area, lines, stopOf(lab, slot, up)));
}

/** @type {(view: MapView, scene: MapScene, ink: Ink) => void} */
function paintIsolationPart({ lab, isolation }, { across, slot, best, here, range, areas: { isolation: area } }, ink) {
  const pen = penOn(isolation);
  const stop = stopOf(lab, slot, across);
  paintValues(pen, area, range, lab.label, ink);
  paintAcross(pen, area, lab.params[across].texts, lab.params[across].title, ink);
  paintCurve(pen, area, here, range, HERE_LOOK);
  paintCurve(pen, area, best, range, BEST_LOOK);
  if (Number.isFinite(here[stop].value)) paintDot(pen, xOfStop(area, here.length, stop), yOfValue(area, range, here[stop].value));
}

/** @type {(part: MapPart) => CanvasRenderingContext2D} */
function penOn({ canvas, frame: { clientWidth: width, clientHeight: height } }) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  return cleared(canvas, { width, height });
}

// The page's own colour of letters, light or dark.
/** @type {(view: MapView) => Ink} */
const inkOf = ({ box, lab: { colors } }) => ({ text: getComputedStyle(box).color, colors });
