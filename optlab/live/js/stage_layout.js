// @ts-check
// How a lab fills a stage: sliders above the figures or beside them, whichever leaves the figures more room.

const BETWEEN = 8; // CSS pixels between figures
const STRIP = 22; // below each figure, for its buttons: see css/figure.css
const MUCH = 1.12; // so much larger must figures become before they stand in more rows, or the sliders beside them

/** @typedef {{ columns: number, wide: number }} Packing */

// The columns in which `count` figures of one shape become largest, and how wide they are then.
/** @type {(count: number, aspect: number, width: number, height: number) => Packing} */
export function packed(count, aspect, width, height) {
  let best = { columns: Math.max(1, count), wide: 0 };
  for (let columns = count; columns >= 1; columns -= 1) {
    const rows = Math.ceil(count / columns);
    const across = (width - BETWEEN * (columns - 1)) / columns;
    const up = (height - BETWEEN * (rows - 1)) / rows - STRIP;
    const wide = Math.max(0, Math.floor(Math.min(across, up * aspect)));
    if (!best.wide || wide > MUCH * best.wide) best = { columns, wide };
  }
  return best;
}

// Try both ways, and keep the better one. Nothing is to change places under the hand: where only a strip has grown, by a
// pin or a goal, the sliders stay where they are.
/** @type {(lab: HTMLElement, anew?: boolean) => void} */
export function arrange(lab, anew = true) {
  const row = /** @type {HTMLElement | null} */ (lab.querySelector(".optlab-figures"));
  const figures = [.../** @type {NodeListOf<HTMLElement>} */ (row?.querySelectorAll(".optlab-figure") ?? [])];
  if (!row || !figures.length) return;
  const aspect = Math.min(...figures.map(({ style }) => Number(style.getPropertyValue("--optlab-aspect")) || 1.4));
  const held = lab.dataset.sliders;
  const tried = (anew || !held ? ["above", "beside"] : [held]).map((sliders) => {
    lab.dataset.sliders = sliders;
    return { sliders, ...packed(figures.length, aspect, row.clientWidth, row.clientHeight) };
  });
  const best = tried[1]?.wide > MUCH * tried[0].wide ? tried[1] : tried[0];
  lab.dataset.sliders = best.sliders;
  row.style.setProperty("--optlab-columns", String(best.columns));
  row.style.setProperty("--optlab-wide", `${best.wide}px`);
}

// Fill the stage with a lab as soon as all of it is there, and again whenever there is more or less room.
/** @type {(room: HTMLElement, ready: () => void) => () => void} */
export function keepArranged(room, ready) {
  const sizes = new ResizeObserver((changed) => {
    const lab = labIn(room);
    if (lab) arrange(lab, changed.some(({ target }) => target === room));
  });
  const parts = new MutationObserver(() => {
    const lab = labIn(room);
    if (!lab || !isComplete(lab)) return;
    parts.disconnect();
    const strip = [...lab.children].filter((part) => !part.matches(".optlab-figures"));
    for (const part of [room, ...strip.flatMap((one) => [one, ...one.children])]) sizes.observe(part);
    arrange(lab);
    ready();
  });
  parts.observe(room, { childList: true, subtree: true });
  return () => {
    parts.disconnect();
    sizes.disconnect();
  };
}

/** @type {(room: HTMLElement) => HTMLElement | null} */
const labIn = (room) => room.querySelector(".optlab-lab");

// The parts of a lab come onto the page one by one.
/** @type {(lab: HTMLElement) => boolean} */
function isComplete(lab) {
  const row = lab.querySelector(".optlab-figures");
  const count = [...(row?.classList ?? [])].map((name) => Number(name.split("optlab-figures-")[1])).find(Boolean);
  return Boolean(lab.querySelector(".optlab-tools")) && Boolean(lab.querySelector(".optlab-sliders :is(.noUi-handle, select)")) && row?.querySelectorAll(".optlab-figure").length === count;
}
