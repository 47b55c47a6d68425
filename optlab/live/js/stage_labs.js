// @ts-check
// The labs of a notebook, in its order, those too that JupyterLab has not put onto the page yet; and the guesses that each
// decides.
/** @import { CellModel, LabPlace, Manager, Model } from "./types" */

const ABOUT = "optlab-about-"; // begins a class of a guess; the model of its lab follows
const SAYS_NOTHING = /^(labs?|algorithm)?$/i; // a heading that every lesson has

const VIEW = "application/vnd.jupyter.widget-view+json";

/** @type {(manager: Manager) => Promise<LabPlace[]>} */
export async function labsHere(manager) {
  const shown = manager.context ? outputsOf(Array.from(manager.context.model.cells)) : onThePage();
  const classes = await Promise.all(shown.map(({ id }) => classesOf(manager, id)));
  const about = (/** @type {string} */ id) => shown.filter((_, k) => classes[k].includes(ABOUT + id)).map((place) => place.id);
  const labs = shown.filter((_, k) => classes[k].includes("optlab-lab"));
  return Promise.all(labs.map(async (lab) => ({ ...lab, title: await titleOf(manager, lab), guesses: about(lab.id) })));
}

// The heading above a lab; where that says nothing, the lab's own name.
/** @type {(manager: Manager, lab: LabPlace) => Promise<string>} */
async function titleOf(manager, { id, title }) {
  if (!SAYS_NOTHING.test(title)) return title;
  return nameInWords((await toolbarOf(manager, await manager.get_model(id)))?.get("call")?.maker ?? "") || title;
}

// From `labs.cloud_lab` to "Cloud lab".
/** @type {(maker: string) => string} */
export function nameInWords(maker) {
  const words = maker.split(".").at(-1)?.replaceAll("_", " ").trim() ?? "";
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// Of the parts of a lab the one that knows its name.
/** @type {(manager: Manager, model: Model) => Promise<Model | null>} */
async function toolbarOf(manager, model) {
  for (const child of model.get("children") ?? []) {
    const part = typeof child === "string" ? await manager.get_model(child.replace("IPY_MODEL_", "")) : child;
    const found = part.get("call") ? part : await toolbarOf(manager, part);
    if (found) return found;
  }
  return null;
}

// What the notebook's outputs show as widgets, each once, with its cell and the heading above it.
/** @type {(cells: CellModel[]) => LabPlace[]} */
export function outputsOf(cells) {
  /** @type {Map<string, LabPlace>} */
  const found = new Map();
  let title = "";
  cells.forEach((cell, index) => {
    if (cell.type === "markdown") title = lastHeading(cell.sharedModel.getSource()) ?? title;
    for (const id of viewsIn(cell)) if (!found.has(id)) found.set(id, { id, cell: index, title, guesses: [] });
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
  return [...new Set(ids)].map((id) => ({ id, cell: -1, title: "", guesses: [] }));
}

/** @type {(manager: Manager, id: string) => Promise<string[]>} */
async function classesOf(manager, id) {
  if (!manager.has_model(id)) return []; // of an earlier kernel
  return (await manager.get_model(id)).get("_dom_classes") ?? [];
}
