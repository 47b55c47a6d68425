// @ts-check
// A text as a cell of its own, below the lab's: where the page hands JupyterLab out, as that of optlab's own server does.

const INSERT = "notebook:insert-cell-below";

/** @type {() => any} */
const application = () => /** @type {any} */ (globalThis).jupyterapp;

/** @type {() => boolean} */
export const canInsert = () => Boolean(application()?.commands?.hasCommand(INSERT));

// Below the cell that holds an element; below the active one where none does.
/** @type {(element: HTMLElement, text: string) => Promise<void>} */
export async function insertBelow(element, text) {
  const app = application();
  const notebook = app.shell.currentWidget.content;
  const cell = element.closest(".jp-Cell");
  const index = notebook.widgets.findIndex((/** @type {{ node: HTMLElement }} */ { node }) => node === cell);
  if (index >= 0) notebook.activeCellIndex = index;
  await app.commands.execute(INSERT);
  notebook.activeCell.model.sharedModel.setSource(text);
}
