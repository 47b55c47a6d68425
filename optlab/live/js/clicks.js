// @ts-check
// A click on a figure: where it was, in data. What it leads to is for the kernel to say.
/** @import { Model, Panel, View } from "./types" */

/** @type {(view: View, model: Model) => void} */
export function followClicks(view, model) {
  if (!model.get("clickable")) return;
  view.box.classList.add("optlab-clickable");
  view.front.addEventListener("click", ({ offsetX, offsetY }) => {
    const found = view.panel && view.store.shown && dataAt(view.panel, [offsetX, offsetY]);
    if (!found) return;
    model.set("clicked", { slot: view.store.shown?.slot, ...found, count: 1 + (model.get("clicked").count ?? 0) });
    model.save_changes();
  });
}

// The point in the data of the axes under a pointer; null where there are none.
/** @type {(panel: Panel, pointer: [number, number]) => { x: number, y: number } | null} */
export function dataAt(panel, [px, py]) {
  const axes = panel.axes.findLast((a) => px >= a.left && px <= a.left + a.width && py >= a.top && py <= a.top + a.height);
  return axes ? { x: axes.fromX(px), y: axes.fromY(py) } : null;
}
