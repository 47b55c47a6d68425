// @ts-check
// The front end of Told: what is said of an answer. The keyboard's focus can be put on it, as ipywidgets' `focus` does.
/** @import { Model } from "./types" */

import { follow } from "./models.js";

/** @type {(widget: { model: Model, el: HTMLElement }) => () => void} */
function render({ model, el }) {
  el.classList.add("optlab-told");
  el.tabIndex = -1;
  const show = () => void (el.innerHTML = model.get("value")); // HTML that Python has escaped
  show();
  return follow(model, ["value"], show);
}

export default { render };
