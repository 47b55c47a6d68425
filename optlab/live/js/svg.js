// @ts-check
// A stand-in for a canvas context that writes SVG: the code that draws on a canvas draws a vector graphic too.
// It has what that code uses, and no more.

import { escaped } from "./markup.js";

/** @typedef {[a: number, b: number, c: number, d: number, e: number, f: number]} Matrix */
/** @typedef {{ svg?: { path: string, matrix: Matrix } }} Stamp an outline that knows its own text, where it was put */

/** @type {Record<string, string>} */
const ANCHORS = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
/** @type {Matrix} */
const IDENTITY = [1, 0, 0, 1, 0, 0];
const KEPT = [ // by save() and restore()
  "fillStyle", "strokeStyle", "lineWidth", "lineCap", "lineJoin", "lineDashOffset", "globalAlpha", "font", "textAlign",
  "textBaseline", "imageSmoothingEnabled", "dashes", "matrix", "clipping",
];

export class SvgContext {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  lineCap = "butt";
  lineJoin = "miter";
  lineDashOffset = 0;
  globalAlpha = 1;
  font = "10px sans-serif";
  textAlign = "start";
  textBaseline = "alphabetic";
  imageSmoothingEnabled = true;
  /** @type {number[]} */
  dashes = [];
  matrix = IDENTITY;
  clipping = "";
  /** @type {string[]} */
  parts = [];
  /** @type {string[]} */
  path = [];
  /** @type {any[]} */
  stack = [];
  clips = 0;

  // `prefix` keeps the names in one document apart; `urlOf` gives a picture as a data URL.
  /** @param {string} prefix @param {(picture: any) => string} urlOf */
  constructor(prefix, urlOf) {
    this.prefix = prefix;
    this.urlOf = urlOf;
  }

  text() {
    return this.parts.join("\n");
  }

  save() {
    this.stack.push(Object.fromEntries(KEPT.map((name) => [name, /** @type {any} */ (this)[name]])));
  }

  restore() {
    Object.assign(this, this.stack.pop());
  }

  /** @param {Matrix} matrix */
  setTransform(...matrix) {
    this.matrix = matrix;
  }

  /** @param {number} x @param {number} y */
  translate(x, y) {
    this.matrix = product(this.matrix, [1, 0, 0, 1, x, y]);
  }

  /** @param {number} x @param {number} y */
  scale(x, y) {
    this.matrix = product(this.matrix, [x, 0, 0, y, 0, 0]);
  }

  /** @param {number} angle */
  rotate(angle) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.matrix = product(this.matrix, [cos, sin, -sin, cos, 0, 0]);
  }

  clearRect() {}

  beginPath() {
    this.path = [];
  }

  closePath() {
    this.path.push("Z");
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.path.push(`M${digits(x, y)}`);
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.path.push(`L${digits(x, y)}`);
  }

  // Whole circles are all that is drawn.
  /** @param {number} x @param {number} y @param {number} r */
  arc(x, y, r) {
    const half = (/** @type {number} */ to) => `A${digits(r, r)} 0 1 1 ${digits(to, y)}`;
    this.path.push(`M${digits(x - r, y)}${half(x + r)}${half(x - r)}Z`);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.path.push(`M${digits(x, y)}h${digits(width)}v${digits(height)}h${digits(-width)}Z`);
  }

  /** @param {number[]} dashes */
  setLineDash(dashes) {
    this.dashes = dashes;
  }

  clip() {
    const name = `${this.prefix}${(this.clips += 1)}`;
    this.parts.push(`<clipPath id="${name}"><path d="${this.path.join("")}"${this.placing()}/></clipPath>`);
    this.clipping = `url(#${name})`;
  }

  /** @param {Stamp} [stamp] */
  fill(stamp) {
    this.add("path", { d: this.outline(stamp), ...inked("fill", this.fillStyle) });
  }

  /** @param {Stamp} [stamp] */
  stroke(stamp) {
    const pen = { "stroke-width": digits(this.lineWidth), "stroke-linecap": this.lineCap, "stroke-linejoin": this.lineJoin };
    /** @type {Record<string, string>} */
    const dashes = this.dashes.length ? { "stroke-dasharray": digits(...this.dashes), "stroke-dashoffset": digits(this.lineDashOffset) } : {};
    this.add("path", { d: this.outline(stamp), fill: "none", ...inked("stroke", this.strokeStyle), ...pen, ...dashes });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    this.add("rect", { ...placed(x, y, width, height), ...inked("fill", this.fillStyle) });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  strokeRect(x, y, width, height) {
    this.add("rect", { ...placed(x, y, width, height), fill: "none", ...inked("stroke", this.strokeStyle), "stroke-width": digits(this.lineWidth) });
  }

  /** @param {string} words @param {number} x @param {number} y */
  fillText(words, x, y) {
    this.add("text", { ...this.lettering(x, y), ...inked("fill", this.fillStyle) }, words);
  }

  /** @param {string} words @param {number} x @param {number} y */
  strokeText(words, x, y) {
    const pen = { "stroke-width": digits(this.lineWidth), "stroke-linejoin": this.lineJoin };
    this.add("text", { ...this.lettering(x, y), fill: "none", ...inked("stroke", this.strokeStyle), ...pen }, words);
  }

  /** @param {number} x @param {number} y @returns {Record<string, string>} */
  lettering(x, y) {
    const place = { x: digits(x), y: digits(y), "text-anchor": ANCHORS[this.textAlign], style: `font:${this.font};white-space:pre` };
    return this.textBaseline === "middle" ? { ...place, "dominant-baseline": "central" } : place;
  }

  // Roughly: nobody has measured its letters.
  /** @param {string} words */
  measureText(words) {
    return { width: 0.6 * Number(/([\d.]+)px/.exec(this.font)?.[1] ?? 10) * words.length };
  }

  /** @param {{ width: number, height: number }} picture @param {number} x @param {number} y */
  drawImage(picture, x, y, width = picture.width, height = picture.height) {
    /** @type {Record<string, string>} */
    const rough = this.imageSmoothingEnabled ? {} : { style: "image-rendering:pixelated" };
    this.add("image", { ...placed(x, y, width, height), preserveAspectRatio: "none", href: this.urlOf(picture), ...rough });
  }

  /** @param {string} tag @param {Record<string, string>} attributes */
  add(tag, attributes, words = "") {
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
    const faint = this.globalAlpha < 1 ? ` opacity="${digits(this.globalAlpha)}"` : "";
    const element = `<${tag}${written}${this.placing()}${faint}>${escaped(words)}</${tag}>`;
    this.parts.push(this.clipping ? `<g clip-path="${this.clipping}">${element}</g>` : element);
  }

  placing() {
    const moved = this.matrix.some((value, k) => value !== IDENTITY[k]);
    return moved ? ` transform="matrix(${this.matrix.map((value) => Number(value.toFixed(6))).join(" ")})"` : "";
  }

  // What was traced, or an outline with its points where it was put.
  /** @param {Stamp} [stamp] */
  outline(stamp) {
    return stamp?.svg ? moved(stamp.svg.path, stamp.svg.matrix) : this.path.join("");
  }
}

/** @type {(...numbers: number[]) => string} */
const digits = (...numbers) => numbers.map((value) => Number(value.toFixed(2))).join(" ");

/** @type {(x: number, y: number, width: number, height: number) => Record<string, string>} */
const placed = (x, y, width, height) => ({ x: digits(x), y: digits(y), width: digits(width), height: digits(height) });

// A colour's own opacity stands apart: not every program reads #rrggbbaa.
/** @type {(kind: "fill" | "stroke", color: string) => Record<string, string>} */
function inked(kind, color) {
  if (color === "transparent") return { [kind]: "none" };
  if (!/^#[0-9a-f]{8}$/i.test(color)) return { [kind]: color };
  return { [kind]: color.slice(0, 7), [`${kind}-opacity`]: digits(parseInt(color.slice(7), 16) / 255) };
}

/** @type {(a: Matrix, b: Matrix) => Matrix} */
const product = ([a, b, c, d, e, f], [g, h, i, j, k, l]) =>
  [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];

// An outline whose commands are all absolute pairs, as matplotlib writes them.
/** @type {(path: string, matrix: Matrix) => string} */
const moved = (path, [a, b, c, d, e, f]) =>
  path.replaceAll(/(-?[\d.]+(?:e[-+]?\d+)?)[ ,]+(-?[\d.]+(?:e[-+]?\d+)?)/g, (_, x, y) => digits(a * x + c * y + e, b * x + d * y + f));
