// What is taken away: numbers as a table, names of files, and a drawing as SVG.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { WHOLE } from "../../optlab/live/js/coordinates.js";
import { csvText, fileName } from "../../optlab/live/js/csv.js";
import { draw } from "../../optlab/live/js/drawing.js";
import { numbersShown } from "../../optlab/live/js/numbers.js";
import { SvgContext } from "../../optlab/live/js/svg.js";
import { at, frame, line, panel, text } from "./made.js";

const x = Float32Array.of(0, 5, 10);

test("a table is quoted where it has to be", () => {
  assert.equal(csvText([["a", "b"], [1.5, 'x, "y"\nz'], ["", -1e-7]]), 'a,b\r\n1.5,"x, ""y""\nz"\r\n,-1e-7\r\n');
});

test("a file's name says lab and setting, and no system refuses it", () => {
  assert.equal(fileName("labs.cloud_lab", "lr=1, l2=0; at 12", "csv"), "cloud_lab lr=1, l2=0 at 12.csv");
  assert.equal(fileName("", "", "png"), "lab defaults.png");
  const odd = fileName("my_lab", `rule=a/b\\c:d*e?"f"<g>|h, ${"long ".repeat(100)}`, "svg");
  assert.match(odd, /^my_lab rule=a b c d e f g h, long [\w ]+\.svg$/);
  assert.ok(odd.length <= 130);
});

test("the numbers are those of the lines that say something of the run, as far as the film has come", () => {
  const loss = line({ size: 3, x, label: "loss", named: true, role: "main", grows: 0 });
  const path = line({ start: 3, size: 4, label: "_path", role: "main" });
  const frill = line({ start: 7, size: 2, label: "_box", role: "plain" });
  const upright = line({ start: 7, size: 4, role: "here", in_data: [true, false] });
  const run = frame([1 / 3, NaN, 0.1000061, 1, 2, 3, 100000, 9, 9, 0, 1]);
  const all = numbersShown(panel([loss, path, frill, upright]), [loss, path, frill, upright], run, WHOLE);
  const row = (label, a, b) => ({ axes: 0, line: label, xlabel: "step", x: a, y: b });
  assert.deepEqual(all, [row("loss", 0, 0.33333), row("loss", 10, 0.10001), row("path", 1, 3), row("path", 2, 100000)]);
  assert.deepEqual(numbersShown(panel([loss]), [loss], run, at(0)).map(({ y }) => y), [0.33333]);
});

// Draw a panel on a stand-in for a canvas.
function drawn(artists, values, more) {
  const context = new SvgContext("f1-", () => "data:,");
  draw(context, panel(artists), frame(values, more), WHOLE);
  return context.text();
}

test("a line is drawn as a path through the pixels of its points, clipped to its axes", () => {
  const svg = drawn([line({ size: 3, x, color: "#0072b280", dashes: [2, 1] })], [0, 0.5, 1]);
  const dot = 400 / 400 * 100 / 72;
  // x 0, 5, 10 are at 100, 200, 300 pixels; y 0, 0.5, 1 at 120, 70, 20
  assert.match(svg, /d="M100 120L200 70L300 20"/);
  assert.match(svg, /<g clip-path="url\(#f1-1\)"><path[^>]* fill="none" stroke="#0072b2" stroke-opacity="0.5"/);
  assert.match(svg, new RegExp(`stroke-width="${(2 * dot).toFixed(2)}"`));
  assert.match(svg, new RegExp(`stroke-dasharray="${(2 * dot).toFixed(2)} ${dot.toFixed(2)}"`));
  assert.match(svg, /<clipPath id="f1-1"><path d="M101\.39 21\.39h197/); // off the spines
});

test("a gap is a gap", () => {
  assert.match(drawn([line({ size: 3, x })], [0, NaN, 1]), /d="M100 120M300 20"/);
});

test("a text keeps its place, its anchor and its letters", () => {
  const title = text({ axes: -1, ha: "center", rotation: 90 });
  const svg = drawn([title], [], { texts: ["a < b & c"] });
  assert.match(svg, /<text x="0" y="[\d.]+" text-anchor="middle"/);
  assert.match(svg, /transform="matrix\(0 -1 1 0 0 200\)"/); // at (0, 0) of the figure, turned upwards
  assert.match(svg, />a &lt; b &amp; c<\/text>/);
});

test("a marker's outline has its points where it was put", () => {
  const context = new SvgContext("", () => "");
  context.fillStyle = "#ffd700";
  context.fill({ svg: { path: "M0 0L1 0.5C1 1 2 2 3 3Z", matrix: [10, 0, 0, -10, 100, 50] } });
  assert.match(context.text(), /<path d="M100 50L110 45C110 40 120 30 130 20Z" fill="#ffd700">/);
});

test("a picture is placed by the canvas' own moves", () => {
  const context = new SvgContext("", ({ name }) => `data:${name}`);
  context.save();
  context.imageSmoothingEnabled = false;
  context.translate(30, 40);
  context.scale(2, 3);
  context.drawImage({ name: "heat", width: 5, height: 4 }, 0, 0);
  context.restore();
  context.fillRect(1, 2, 3, 4);
  assert.match(context.text(), /<image x="0" y="0" width="5" height="4"[^>]* href="data:heat" style="image-rendering:pixelated" transform="matrix\(2 0 0 3 30 40\)">/);
  assert.match(context.text(), /<rect x="1" y="2" width="3" height="4" fill="#000"><\/rect>$/);
});

test("it has all that a figure asks of a canvas", () => {
  const folder = new URL("../../optlab/live/js/", import.meta.url);
  const asked = new Set(["drawing.js", "edges.js", "compare.js", "view.js"].flatMap((name) =>
    [...readFileSync(new URL(name, folder), "utf-8").matchAll(/\b(?:context|above)\.(\w+)\(/g)].map(([, method]) => method)));
  assert.ok(asked.size > 10);
  assert.deepEqual([...asked].filter((method) => typeof SvgContext.prototype[method] !== "function"), []);
});
