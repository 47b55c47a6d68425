// @ts-check
// Letters over a figure: their font, their colours, and what keeps off them what lies below.

export const FONT = '"DejaVu Sans", Verdana, sans-serif';
export const LETTER = 0.62; // about how wide a letter is, in units of the font size

// Letters that `act` draws with `write` stand out from what lies below them.
/** @type {(context: CanvasRenderingContext2D, size: number, act: () => void) => void} */
export function withHalo(context, size, act) {
  context.save();
  context.setLineDash([]);
  context.lineJoin = "round";
  context.strokeStyle = "rgb(255 255 255 / 85%)";
  context.lineWidth = 0.3 * size;
  act();
  context.restore();
}

/** @type {(context: CanvasRenderingContext2D, text: string, x: number, y: number, align: CanvasTextAlign) => void} */
export function write(context, text, x, y, align) {
  context.textAlign = align;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

// A colour dark enough for letters on white: a contrast of 4.5 to 1; the hue of a paler one stays (as looks.readable).
/** @type {(color: string) => string} */
export function readable(color) {
  const coded = [1, 3, 5].map((k) => parseInt(color.slice(k, k + 2), 16) / 255);
  const linear = coded.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  const darker = linear.map((part) => part * Math.min(1, (1.05 / 4.55 - 0.05) / Math.max(luminance, 1e-9)));
  const again = darker.map((part) => (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055));
  return `#${again.map((part) => Math.round(255 * part).toString(16).padStart(2, "0")).join("")}`;
}
