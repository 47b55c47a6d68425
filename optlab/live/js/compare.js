// @ts-check
// Runs behind the one on the screen, to compare it with: the ghost of the setting before, and those that are pinned.
// Of them only the main marks are shown, and where their sliders stood.
/** @import { Film, Frame, Panel, PinLook, PointStyle, Store, Style, View } from "./types" */

import { cleared } from "./canvas.js";
import { coordinates, pointsOf, WHOLE } from "./coordinates.js";
import { drawStyle } from "./drawing.js";
import { enlarged, isInside, pixels } from "./layout.js";
import { pinLook } from "./pin_colors.js";
import { placeOf } from "./table.js";

const SETTLED = 900; // ms: a slider that has rested for so long begins a new movement, and the ghost starts to fade
const FADED = 3000; // ms after that it is gone

// Before another setting is shown: the run that a movement set out from becomes its ghost.
/** @type {(store: Store) => void} */
export function leaveGhost(store) {
  const movement = movementOf(store);
  if (movement !== store.movement) store.ghost = store.shown;
  store.movement = movement;
  store.fading = false;
  clearTimeout(store.resting);
  store.resting = setTimeout(() => fadeGhost(store), SETTLED);
}

// All figures of a lab count the same movements, however long one of them takes to paint before the next is told.
/** @type {(store: Store) => number} */
function movementOf(store) {
  const lab = movementsOf(store.toolbar ?? store);
  const now = performance.now();
  if (lab.slot !== store.wanted && now - lab.at > SETTLED) lab.count += 1;
  Object.assign(lab, { slot: store.wanted, at: now });
  return lab.count;
}

/** @type {(owner: any) => { count: number, slot: number, at: number }} */
const movementsOf = (owner) => (owner.movements ??= { count: 0, slot: -1, at: -Infinity });

/** @type {(store: Store) => void} */
function fadeGhost(store) {
  store.fading = true;
  store.repaint();
  store.resting = setTimeout(() => {
    store.ghost = null;
    store.repaint();
  }, FADED);
}

/** @type {(view: View, panel: Panel, shown: Frame, film: Film) => void} */
export function paintGhost({ ghost, store }, panel, shown, film) {
  const context = cleared(ghost, panel);
  ghost.classList.toggle("optlab-fading", store.fading);
  const seen = [store.shown?.slot, ...(store.toolbar?.get("pins") ?? [])]; // they are drawn already
  if (!store.ghost || seen.includes(store.ghost.slot) || !isComparable(store, shown, store.ghost.frame)) return;
  for (const style of traces(panel)) drawStyle(context, panel, style, store.ghost.frame, film);
}

/** @type {(view: View, panel: Panel, shown: Frame, film: Film) => void} */
export function paintPins({ pins, badges, store }, panel, shown, film) {
  const context = cleared(pins, panel);
  const above = cleared(badges, panel); // the numbers are not to be crossed by the run on the screen
  pinned(store).forEach(({ frame, place }) => {
    if (!frame || !isComparable(store, shown, frame)) return;
    const styles = traces(panel).map((style) => inPinLook(style, pinLook(place)));
    for (const style of styles) drawStyle(context, panel, style, frame, film);
    const style = anchor(styles, frame);
    const point = style && badgeAt(panel, style, frame, film, place);
    if (point) drawBadge(above, point, place, enlarged(panel));
  });
}

/** @type {(store: Store) => { place: number, slot: number, frame: Frame | undefined }[]} */
export const pinned = (store) =>
  (store.toolbar?.get("pins") ?? []).map((/** @type {number} */ slot, /** @type {number} */ place) =>
    ({ place, slot, frame: store.table.get(placeOf(store, slot)) }));

// A run on another surface has another place for every number.
/** @type {(store: Store, shown: Frame, frame: Frame) => boolean} */
export const isComparable = ({ scenes }, shown, frame) => scenes[frame.scene]?.limits === scenes[shown.scene].limits;

// The marks that a pin and a ghost show.
/** @type {(panel: Panel) => Style[]} */
export const traces = (panel) => panel.artists.filter(isTrace);

/** @type {(style: Style) => boolean} */
export const isTrace = ({ role }) => role === "main" || role === "here";

// A mark in a pin's colour and dashes: a thin line, a lone marker as a ring.
/** @type {(style: Style, look: PinLook) => Style} */
export function inPinLook(style, { color, dashes }) {
  if (style.kind !== "line") return style;
  const ring = pointsOf(style) === 1 && style.marker && { ...style.marker, face: "transparent", edge: color, width: 2 };
  return { ...style, color, dashes: dashes ?? style.dashes, width: Math.min(style.width, 1.4), marker: ring || null };
}

// The mark that a pin's number stands on: the one that says "you are here", where it has a place; or the first main one.
/** @type {(styles: Style[], frame: Frame) => PointStyle | undefined} */
export function anchor(styles, { values }) {
  const placed = /** @type {PointStyle[]} */ (styles.filter(({ kind }) => kind === "line" || kind === "scatter"));
  const here = placed.find((style) => style.role === "here" && hasPlace(coordinates(style, values, WHOLE)));
  return here ?? placed.find(({ role }) => role === "main");
}

/** @type {(points: { xs: Float32Array, ys: Float32Array }) => boolean} */
const hasPlace = ({ xs, ys }) => xs.some((x, i) => Number.isFinite(x) && Number.isFinite(ys[i]));

const ALONG = [0.55, 0.67, 0.79, 0.43, 0.31, 0.19, 0.91, 0.07]; // of a curve: where the number of each pin stands

// Where the number stands: part of the way along a curve; near the start of a path, where paths still differ; on an
// upright line below its top.
/** @type {(panel: Panel, style: PointStyle, frame: Frame, film: Film, place: number) => [number, number] | undefined} */
export function badgeAt(panel, style, frame, film, place) {
  const axes = panel.axes[style.axes];
  const points = pixels(panel, style, frame.values, film).filter((point) => point !== null);
  if (isUpright(style)) return points.length && isInside(axes, [points[0][0], axes.top]) ? [points[0][0], axes.top + (9 + 15 * place) * enlarged(panel)] : undefined;
  const seen = points.filter((point) => isInside(axes, point));
  const isCurve = "x" in style && style.x;
  const k = isCurve ? Math.floor(seen.length * ALONG[place]) : 1 + 2 * place;
  return seen[Math.min(k, seen.length - 1)];
}

/** @type {(style: PointStyle) => boolean} */
const isUpright = (style) => "in_data" in style && style.in_data[0] && !style.in_data[1];

// A disc with the pin's number; a ring for a pin whose lines are dashed.
/** @type {(context: CanvasRenderingContext2D, point: [number, number], place: number, times: number) => void} */
function drawBadge(context, [x, y], place, times) {
  const { color, dashes } = pinLook(place);
  context.beginPath();
  context.arc(x, y, (dashes ? 6.25 : 7) * times, 0, 2 * Math.PI);
  context.fillStyle = dashes ? "#fff" : color;
  context.strokeStyle = color;
  context.lineWidth = 1.5 * times;
  context.fill();
  if (dashes) context.stroke();
  context.fillStyle = dashes ? color : "#fff";
  context.font = `bold ${10 * times}px "DejaVu Sans", Verdana, sans-serif`;
  context.textAlign = "center";
  context.fillText(String(place + 1), x, y + 3.5 * times);
}
