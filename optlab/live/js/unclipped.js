// @ts-check
// JupyterLab's outputs cut off what overflows them by scrolling, and then nothing in them can stay in sight: those that
// hold a lab are marked, for css/lab.css.
/** @import { LabTools } from "./types" */

const OUTPUTS = [".jp-OutputArea-output", ".jp-OutputArea-child", ".jp-OutputArea"];

/** @type {(lab: LabTools) => () => void} */
export function markOutput({ box }) {
  /** @type {any[]} */
  let marked = [];
  const observer = new ResizeObserver(() => { // it tells when the lab has come onto the page
    if (marked.length || !box.isConnected) return;
    marked = OUTPUTS.map((kind) => box.closest(kind)).filter((output) => output !== null);
    marked.forEach((output) => count(output, 1));
  });
  observer.observe(box);
  return () => {
    observer.disconnect();
    marked.forEach((output) => count(output, -1));
  };
}

// Two labs may stand in one output, and a cell that runs again has two for a moment.
/** @type {(output: any, by: number) => void} */
function count(output, by) {
  output.optlabLabs = (output.optlabLabs ?? 0) + by;
  output.classList.toggle("optlab-output", output.optlabLabs > 0);
}
