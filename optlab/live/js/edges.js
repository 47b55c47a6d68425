// @ts-check
// What leaves the axes says so at the edge, with its value and an arrow; a figure that shows nothing says why.
// The same in Python, for pictures: optlab/live/edges.py. Both are tested on the cases of tests/js/edges.json.
/** @import { Axes, Film, Frame, LineStyle, Note, Panel, PointStyle, Style, TextStyle } from "./types" */

import { coordinates, pointsOf, short, WHOLE } from "./coordinates.js";
import { inWords, isToCome } from "./film.js";
import { LETTER, readable } from "./letters.js";

const BEYOND = 0.004; // of the axes: what ends on the edge itself has not left
const MOST = 4; // notes at one edge
const ALIKE = 3; // notes at one edge that say the same are one
const WIDE = 8; // points: words at the end of such a line lie on it
const ARROWS = [["↙", "↓", "↘"], ["←", "", "→"], ["↖", "↑", "↗"]];

/** @type {(style: Style) => style is PointStyle} */
const isPoints = (style) => style.kind === "line" || style.kind === "scatter";

/** @type {(style: PointStyle) => boolean} */
const inData = (style) => !("in_data" in style) || style.in_data.every(Boolean);

// The marks whose ends are told; what theory says and what only decorates may leave.
/** @type {(style: Style) => boolean} */
export const isWatched = (style) => ["main", "other", "here", "end"].includes(style.role) || (style.role === "plain" && style.named);

/** @type {(panel: Panel, frame: Frame, film: Film) => Note[]} */
export function edgeNotes(panel, frame, film) {
  const watched = panel.artists.filter(isPoints).filter((style) => isWatched(style) && inData(style) && style.axes >= 0);
  const there = watched.filter((style) => film === WHOLE || !isToCome(style, frame, film));
  return there.flatMap((style) => {
    const own = style.kind === "line" && style.ending; // it stands in the text
    const told = { axes: style.axes, color: readable(colorOf(style)), name: style.named && "label" in style && !own ? style.label : "" };
    return notesOf(panel.axes[style.axes], style, frame.values, film).map((note) => ({ ...note, ...told }));
  });
}

/** @type {(style: PointStyle) => string} */
function colorOf(style) {
  if (style.kind === "scatter") return style.faces[0] ?? style.edges[0] ?? "#000";
  if (style.width > WIDE) return "#222222";
  return style.width || !style.marker || /00$/.test(style.marker.face.slice(7)) ? style.color : style.marker.face;
}

/** @typedef {{ text: string, u: number, v: number }} Told */

// Many points lie about: how many are outside; of a curve that grows, a path and a marker the last one; of a curve
// over an axis both ends.
/** @type {(axes: Axes, style: PointStyle, values: Float32Array, film: Film) => Told[]} */
function notesOf(axes, style, values, film) {
  const { xs, ys } = coordinates(style, values, film);
  if (isCloud(style)) return mostOutside(axes, xs, ys);
  if (!("x" in style && style.x) && hasNoEnd(xs, ys)) return [];
  const last = endOf(axes, style, xs, ys, -1);
  const first = "x" in style && style.x && style.grows == null ? endOf(axes, style, xs, ys, 1) : null;
  const lead = style.kind === "line" && style.ending ? `${style.ending} ` : "";
  const ends = [last, first && first.i !== last?.i ? first : null];
  return ends.flatMap((end) => (end?.text ? [{ text: lead + end.text, u: end.u, v: end.v }] : []));
}

// A ring, and sticks that are one line with gaps.
/** @type {(xs: Float32Array, ys: Float32Array) => boolean} */
function hasNoEnd(xs, ys) {
  const known = Array.from(xs, (x, i) => !Number.isNaN(x) && !Number.isNaN(ys[i]));
  const [first, last] = [known.indexOf(true), known.lastIndexOf(true)];
  const ring = last - first > 1 && xs[first] === xs[last] && ys[first] === ys[last];
  return ring || known.slice(first, last).includes(false);
}

// One end of a line, and what is to be said of it: nothing where it is within the axes.
/** @type {(axes: Axes, style: PointStyle, xs: Float32Array, ys: Float32Array, way: 1 | -1) => (Told & { i: number }) | null} */
function endOf(axes, style, xs, ys, way) {
  const fixed = "x" in style && Boolean(style.x);
  for (let i = way > 0 ? 0 : ys.length - 1; i >= 0 && i < ys.length; i += way) {
    const [x, y] = [xs[i], ys[i]];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    const [u, v] = shares(axes, x, y);
    const [across, up] = [sideOf(u), sideOf(v)];
    if (fixed && across) continue; // a curve that goes on beyond the end of the axis
    const never = style.role === "end" && !Number.isFinite(x + y);
    const text = (across || up) && !never ? `${valueOf(style, x, y, across, up)} ${ARROWS[up + 1][across + 1]}` : "";
    return { text, u, v, i };
  }
  return null;
}

/** @type {(style: PointStyle) => boolean} */
const isCloud = (style) => pointsOf(style) > 1 && (style.kind === "scatter" || (!style.width && !style.x));

// Where they leave on one side, the note stands there; few that lie about on several sides are not counted.
/** @type {(axes: Axes, xs: Float32Array, ys: Float32Array) => Told[]} */
function mostOutside(axes, xs, ys) {
  const all = Array.from(xs, (x, i) => [x, ys[i]]).filter(([x, y]) => !Number.isNaN(x) && !Number.isNaN(y));
  const out = all.map(([x, y]) => shares(axes, x, y)).filter(([u, v]) => !isWithin(u, v));
  const arrows = new Set(out.map(([u, v]) => ARROWS[sideOf(v) + 1][sideOf(u) + 1]));
  const middle = (/** @type {0 | 1} */ k) => out.reduce((sum, share) => sum + Math.max(-1, Math.min(2, share[k])), 0) / out.length;
  if (arrows.size === 1) return [{ text: `${out.length} of ${all.length} ${[...arrows][0]}`, u: middle(0), v: middle(1) }];
  return out.length > all.length / 2 ? [{ text: `${out.length} of ${all.length} outside`, u: 1, v: 2 }] : [];
}

// Where a point is, as a share of the axes from the left and from the bottom; 0 and less lie below every log axis.
/** @type {(axes: Axes, x: number, y: number) => [u: number, v: number]} */
function shares(axes, x, y) {
  const [u, v] = [(axes.x(x) - axes.left) / axes.width, 1 - (axes.y(y) - axes.top) / axes.height];
  return [Number.isNaN(u) ? -Infinity : u, Number.isNaN(v) ? -Infinity : v];
}

/** @type {(u: number, v: number) => boolean} */
const isWithin = (u, v) => sideOf(u) === 0 && sideOf(v) === 0;

/** @type {(share: number) => -1 | 0 | 1} */
const sideOf = (share) => (share > 1 + BEYOND ? 1 : share < -BEYOND ? -1 : 0);

/** @type {(style: PointStyle, x: number, y: number, across: number, up: number) => string} */
function valueOf(style, x, y, across, up) {
  if (across && up) return Number.isFinite(x + y) ? `(${told(x)}, ${told(y)})` : "∞";
  return style.grows != null && up > 0 && !Number.isFinite(y) ? "diverged" : told(across ? x : y);
}

/** @type {(value: number) => string} */
function told(value) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "≈ 0"; // or too small for the 32 bits in which it came
  const plain = (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5);
  return plain ? short(value, 3) : value.toExponential(1).replace(/(^|e)-/g, "$1−");
}

// Which axes show nothing of what they were made for, and the words in their middle.
/** @type {(panel: Panel, frame: Frame) => { axes: number, text: string }[]} */
export function emptyWords(panel, frame) {
  if (frame.coming) return [];
  return panel.axes.flatMap((axes, k) => {
    const own = panel.artists.filter((style) => style.axes === k);
    const declared = /** @type {TextStyle | undefined} */ (own.find(({ role }) => role === "empty"));
    const counts = own.filter(({ role }) => !declared || role !== "theory");
    if ((axes.still && !declared) || counts.some((style) => isSeen(axes, style, frame.values))) return [];
    return [{ axes: k, text: (declared && frame.texts[declared.text]) || reason(own.filter(isPoints), frame.values) }];
  });
}

/** @type {(styles: PointStyle[], values: Float32Array) => string} */
function reason(styles, values) {
  const numbers = styles.flatMap((style) => Array.from(coordinates(style, values).ys));
  if (numbers.some((y) => !Number.isFinite(y) && !Number.isNaN(y))) return "diverged: nothing is within the axes";
  return numbers.some(Number.isFinite) ? "nothing here is within the axes" : "nothing to draw at this setting";
}

/** @type {(axes: Axes, style: Style, values: Float32Array) => boolean} */
function isSeen(axes, style, values) {
  if (style.kind === "text") return false;
  if (style.kind === "image") return values.subarray(style.start, style.start + style.size).some(Number.isFinite);
  const { xs, ys } = coordinates(style, values);
  const [dataX, dataY] = "in_data" in style ? style.in_data : [true, true];
  const line = /** @type {Partial<LineStyle>} */ (style);
  let last = null;
  for (let i = 0; i < ys.length; i++) {
    const placed = shares(axes, xs[i], ys[i]);
    const [u, v] = [dataX ? placed[0] : xs[i], dataY ? placed[1] : ys[i]];
    const now = Number.isFinite(u) && Number.isFinite(v) ? [u, v] : null;
    if (now && (isWithin(now[0], now[1]) || (last && line.width && crosses(last, now)))) return true;
    last = now;
  }
  return false;
}

// Whether a straight line comes into the axes (Liang and Barsky).
/** @type {(from: number[], to: number[]) => boolean} */
export function crosses(from, to) {
  let [enter, leave] = [0, 1];
  for (const k of [0, 1]) {
    const move = to[k] - from[k];
    if (!move && (from[k] < 0 || from[k] > 1)) return false;
    if (!move) continue;
    const [a, b] = [-from[k] / move, (1 - from[k]) / move];
    [enter, leave] = [Math.max(enter, Math.min(a, b)), Math.min(leave, Math.max(a, b))];
  }
  return enter <= leave;
}

// To the nearest tenth of the axes.
/** @type {(share: number) => number} */
const tenth = (share) => Math.round(10 * Math.max(0, Math.min(1, share)));

// At each edge of each axes no more than can be read, and nothing twice; what is left out is counted.
/** @type {(notes: Note[]) => Note[]} */
export function fewer(all) {
  const same = (/** @type {Note} */ a, /** @type {Note} */ b) => a.axes === b.axes && a.text === b.text && a.color === b.color && a.u === b.u && a.v === b.v;
  const notes = all.filter((note, k) => all.findIndex((other) => same(note, other)) === k); // the end of a path, and the mark on it
  const edge = (/** @type {Note} */ { axes, u, v }) => `${axes} ${sideOf(u)} ${sideOf(v)} ${sideOf(v) ? "" : tenth(v)}`; // beside it each stands in its own row
  const edges = [...new Set(notes.map(edge))];
  return edges.flatMap((one) => {
    const group = alike(notes.filter((note) => edge(note) === one));
    if (group.length <= MOST) return group;
    return [...group.slice(0, MOST - 1), { ...group[MOST - 1], text: `and ${group.length - MOST + 1} more`, color: "#444444" }];
  });
}

// Several lines that all say the same at one place say it together, where the first of them does.
/** @type {(group: Note[]) => Note[]} */
function alike(group) {
  const said = (/** @type {Note} */ { text, u, v }) => `${text} ${tenth(u)} ${tenth(v)}`;
  const same = (/** @type {Note} */ note) => group.filter((other) => said(other) === said(note));
  return group.flatMap((note) => {
    const [first, ...more] = same(note);
    if (more.length + 1 < ALIKE) return [note];
    return note === first ? [{ ...note, text: `${note.text} (${more.length + 1} lines)`, color: "#444444" }] : [];
  });
}

// Where the notes stand, in CSS pixels: at their edge, none over another.
/** @type {(panel: Panel, notes: Note[], size: number) => (Note & { x: number, y: number })[]} */
export function placeNotes(panel, notes, size) {
  /** @type {{ left: number, right: number, y: number }[]} */
  const taken = [];
  return notes.map((note) => {
    const { left, top, width, height } = panel.axes[note.axes];
    const long = LETTER * size * note.text.length;
    const middle = left + Math.max(0, Math.min(1, note.u)) * width;
    const x = Math.max(left + 3, Math.min(left + width - 3 - long, middle - long / 2));
    const down = note.v > 0.5 ? 1 : -1;
    const [highest, lowest] = [top + size + 1, top + height - 0.5 * size];
    let y = Math.max(highest, Math.min(lowest, top + (1 - Math.max(0, Math.min(1, note.v))) * height + size / 3));
    const meets = () => taken.some((other) => other.left < x + long && x < other.right && Math.abs(other.y - y) < 1.15 * size);
    for (let tries = 0; tries < 12 && meets(); tries++) y += down * 1.2 * size;
    taken.push({ left: x, right: x + long, y });
    return { ...note, x, y };
  });
}

// A frame for a screen reader, with all that has left the axes.
/** @type {(panel: Panel, frame: Frame, film: Film) => string} */
export function spoken(panel, frame, film) {
  if (frame.coming) return frame.coming;
  const outside = edgeNotes(panel, frame, film).map(({ name, text }) => `${name} ${text}`.trim());
  const words = emptyWords(panel, frame).map(({ text }) => text);
  return [inWords(panel, frame, film), ...words, outside.length ? `outside the axes: ${outside.join(", ")}` : ""].filter(Boolean).join("; ");
}
