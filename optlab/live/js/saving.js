// @ts-check
// A menu to take away what is on the screen: its numbers as CSV, the figures as PNG and SVG. All of it is made in the
// browser.
/** @import { Cells, Figured, LabTools } from "./types" */

import { csvText, fileName } from "./csv.js";
import { append, button } from "./elements.js";
import { ICONS } from "./icons.js";
import { escaped } from "./markup.js";
import { pinLook } from "./pin_colors.js";
import { showAt } from "./popup.js";
import { stateNow } from "./moving.js";
import { FREE, settingInWords, stateText, taken, wholeSetting } from "./setting.js";

const RATIO = 2; // pixels of a picture to a CSS pixel
const MARGIN = 10; // CSS pixels around the figures
const LINE = 18; // and of a line of words below them
const FONT = '12px "DejaVu Sans", Verdana, sans-serif';
const HEAD = ["figure", "run", "setting", "line", "x axis", "x", "y"];

/** @typedef {{ figure: Figured, left: number, top: number, width: number, height: number }} Placed */

/** @type {(lab: LabTools) => () => void} */
export function addSaving(lab) {
  const { row, box } = lab;
  const menu = append(box, "div", "optlab-menu");
  menu.popover = "auto";
  const opener = button(row, ICONS.save, "Save what is shown: numbers or pictures", () => {});
  opener.popoverTargetElement = menu;
  menu.addEventListener("toggle", (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    opener.setAttribute("aria-expanded", String(open));
    if (!open) return;
    showAt(menu, opener);
    menu.querySelector("button")?.focus();
  });
  addChoice(lab, menu, "Numbers (CSV)", "csv", () => new Blob([csvText(tableOf(lab))], { type: "text/csv" }));
  addChoice(lab, menu, "Picture (PNG)", "png", () => pictureOf(lab));
  addChoice(lab, menu, "Drawing (SVG)", "svg", () => new Blob([drawingOf(lab)], { type: "image/svg+xml" }));
  return () => {};
}

/** @type {(lab: LabTools, menu: HTMLElement, words: string, ending: string, make: () => Blob | Promise<Blob>) => void} */
function addChoice(lab, menu, words, ending, make) {
  const choice = button(menu, null, "", () => {
    menu.hidePopover();
    void Promise.resolve(make()).then((blob) => download(blob, nameOf(lab, ending)));
  });
  choice.textContent = words;
}

/** @type {(blob: Blob, name: string) => void} */
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @type {(lab: LabTools, ending: string) => string} */
function nameOf(lab, ending) {
  const { slot, step } = stateNow(lab);
  const film = step < lab.model.get("last") ? step : null;
  return fileName(lab.model.get("call").maker ?? "", stateText(lab, { slot, pins: [], step: film }), ending);
}

// The figures of this view of the lab, and where they stand next to each other.
/** @type {(lab: LabTools) => Placed[]} */
function figuresOf({ box }) {
  const boxes = /** @type {HTMLElement[]} */ ([...(box.closest(".optlab-lab")?.querySelectorAll(".optlab-figure") ?? [])]);
  const shown = boxes.filter((part) => "optlabFigure" in part && part.clientWidth);
  const places = shown.map((part) => part.getBoundingClientRect());
  const [left, top] = [Math.min(...places.map((place) => place.left)), Math.min(...places.map((place) => place.top))];
  return shown.map((part, k) => ({
    figure: /** @type {any} */ (part).optlabFigure,
    left: places[k].left - left + MARGIN, top: places[k].top - top + MARGIN, width: part.clientWidth, height: part.clientHeight,
  }));
}

/** @type {(lab: LabTools) => Cells[]} */
function tableOf(lab) {
  return [HEAD, ...figuresOf(lab).flatMap(({ figure }, k) => figure.numbers().flatMap(({ pin, slot, rows }) =>
    rows.map(({ axes, line, xlabel, x, y }) =>
      [`${k + 1}${axes ? `.${axes + 1}` : ""}`, pin ? `pin ${pin}` : "shown", wholeSetting(lab, slot), line, xlabel, x, y])))];
}

// What the sliders say, and each pin in its colour.
/** @type {(lab: LabTools) => { words: string, color: string }[]} */
function captions(lab) {
  const { slot, pins } = stateNow(lab);
  const named = pins.flatMap((pin, place) =>
    (pin === FREE ? [] : [{ words: `${place + 1}: ${settingInWords(lab, pin, [slot, ...taken(pins)])}`, color: pinLook(place).color }]));
  return [{ words: wholeSetting(lab, slot), color: "#000" }, ...named];
}

/** @type {(figures: Placed[], lines: number) => [width: number, height: number, foot: number]} */
function sizeOf(figures, lines) {
  const [right, foot] = [Math.max(...figures.map((f) => f.left + f.width)), Math.max(...figures.map((f) => f.top + f.height))];
  return [right + MARGIN, foot + lines * LINE + MARGIN, foot];
}

/** @type {(lab: LabTools) => Promise<Blob>} */
function pictureOf(lab) {
  const [figures, lines] = [figuresOf(lab), captions(lab)];
  const [width, height, foot] = sizeOf(figures, lines.length);
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(width * RATIO), height: Math.round(height * RATIO) });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(RATIO, RATIO);
  for (const { figure, left, top, width: w, height: h } of figures) context.drawImage(figure.picture(RATIO), left, top, w, h);
  context.font = FONT;
  lines.forEach(({ words, color }, k) => {
    context.fillStyle = color;
    context.fillText(words, MARGIN, foot + (k + 1) * LINE);
  });
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png"));
}

/** @type {(lab: LabTools) => string} */
function drawingOf(lab) {
  const [figures, lines] = [figuresOf(lab), captions(lab)];
  const [width, height, foot] = sizeOf(figures, lines.length);
  const parts = figures.map(({ figure, left, top }, k) => `<g transform="translate(${left} ${top})">\n${figure.drawing(`f${k + 1}`)}\n</g>`);
  const words = lines.map(({ words: text, color }, k) =>
    `<text x="${MARGIN}" y="${foot + (k + 1) * LINE}" fill="${color}" style="${escaped(`font:${FONT}`)}">${escaped(text)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" fill="#fff"/>`, ...parts, ...words, "</svg>",
  ].join("\n");
}
