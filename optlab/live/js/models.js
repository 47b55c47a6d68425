// @ts-check
// The models that a widget's traits refer to.
/** @import { Model } from "./types" */

// The model behind a reference such as "IPY_MODEL_6b2…"; null, and a line in the console, where it cannot be had.
/** @type {(model: Model, reference: string) => Promise<Model | null>} */
export async function modelOf(model, reference) {
  try {
    return await model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""));
  } catch (error) {
    console.warn(`optlab: ${reference} cannot be had:`, error);
    return null;
  }
}

// Models that are of use only together: none of them if one cannot be had.
/** @type {(model: Model, references: string[]) => Promise<Model[] | null>} */
export async function allModels(model, references) {
  const found = await Promise.all(references.map((reference) => modelOf(model, reference)));
  const models = found.filter((one) => one !== null);
  return models.length === found.length ? models : null;
}

// Whether a model is changing as the kernel says, and not on the page: ipywidgets holds what the kernel has sent in
// `_state_lock` while it puts it into a model. It must be the model itself, as `follow` and `modelOf` give it: what
// anywidget hands to a front end stands in for it and has no such thing.
/** @type {(model: Model) => boolean} */
export const comesFromKernel = (model) => Boolean(/** @type {any} */ (model)._state_lock);

// Whether an earlier change of a model is still to be told to the kernel, once it has answered the one before; ipywidgets
// keeps it in `_msg_buffer`. What is told then must be the newest.
/** @type {(model: Model) => boolean} */
export const waitsToTell = (model) => Boolean(/** @type {any} */ (model)._pending_msgs);

// Call a function on every change of a model, with the model itself, and return what stops that.
/** @type {(model: Model, traits: string[], act: (changed: Model) => void) => () => void} */
export function follow(model, traits, act) {
  const events = traits.map((trait) => `change:${trait}`).join(" ");
  model.on(events, act);
  return () => model.off(events, act);
}

// Of sliders that move together (moving.js) it hears once, when the last of them has moved.
/** @type {(sliders: Model[], act: () => void) => () => void} */
export function followSliders(sliders, act) {
  const heard = () => void (sliders.some(({ optlabMoves }) => optlabMoves) || act());
  const undo = sliders.map((slider) => follow(slider, ["index"], heard));
  return () => undo.forEach((stop) => stop());
}
