// @ts-check
// The labs of a notebook, in its order, those too that JupyterLab has not put onto the page yet.
/** @import { CellModel, LabPlace, Manager } from "./types" */

const VIEW = "application/vnd.jupyter.widget-view+json";

/** @type {(manager: Manager) => Promise<LabPlace[]>} */
export async function labsHere(manager) {
  const shown = manager.context ? outputsOf(Array.from(manager.context.model.cells)) : onThePage();
  const known = await Promise.all(shown.map(({ id }) => isLab(manager, id)));
  return shown.filter((_, k) => known[k]);
}

// What the notebook's outputs show as widgets, each once, with its cell and the heading above it.
/** @type {(cells: CellModel[]) => LabPlace[]} */
export function outputsOf(cells) {
  /** @type {Map<string, LabPlace>} */
  const found = new Map();
  let title = "";
  cells.forEach((cell, index) => {
    if (cell.type === "markdown") title = lastHeading(cell.sharedModel.getSource()) ?? title;
    for (const id of viewsIn(cell)) if (!found.has(id)) found.set(id, { id, cell: index, title });
  });
  return [...found.values()];
}

/** @type {(cell: CellModel) => string[]} */
function viewsIn({ outputs }) {
  const all = Array.from({ length: outputs?.length ?? 0 }, (_, k) => outputs?.get(k).data[VIEW]?.model_id);
  return all.filter((id) => typeof id === "string");
}

// The last heading of a text, without its marks; null without one.
/** @type {(text: string) => string | null} */
export function lastHeading(text) {
  const found = [...text.replace(/```.*?```/gs, "").matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)];
  return found.at(-1)?.[1].replace(/[*`$\\]/g, "") ?? null;
}

// Where there is no JupyterLab: as they stand on the page.
/** @type {() => LabPlace[]} */
function onThePage() {
  const boxes = [...document.querySelectorAll(".optlab-toolbar[data-lab]")];
  const ids = boxes.map((box) => /** @type {HTMLElement} */ (box).dataset.lab ?? "");
  return [...new Set(ids)].map((id) => ({ id, cell: -1, title: "" }));
}

/** @type {(manager: Manager, id: string) => Promise<boolean>} */
async function isLab(manager, id) {
  if (!manager.has_model(id)) return false; // of an earlier kernel
  const model = await manager.get_model(id);
  return (model.get("_dom_classes") ?? []).includes("optlab-lab");
}
