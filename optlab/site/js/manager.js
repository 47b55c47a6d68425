// @ts-check
// Models of widgets from files beside the page. None is made before it is asked for; the pictures and front ends of a
// model come with it, but what it does not open with and frames when its lab is looked at.

import "@lumino/widgets/style/index.css";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets-base.css";
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import { Widget } from "@lumino/widgets";
import anywidget from "anywidget"; // Python's package has it; the build says where
import { file } from "./files.js";
import { atOnce, standIn } from "./pictures.js";

/** @type {Record<string, any>} */
const MODULES = { "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls, anywidget: anywidget(base) };
export class PageManager extends ManagerBase {
  /** @param {any} described @param {string} folder */
  constructor(described, folder) {
    super();
    this.described = described;
    this.folder = folder;
    /** @type {Map<string, { promise: Promise<void>, resolve: () => void }>} */
    this.waiting = new Map(); // frames wait here until their lab is looked at
    /** @type {Map<string, import("./pictures.js").Filed[]>} */
    this.later = new Map(); // and so do pictures of its figures
  }

  /** @param {string} name */
  file(name) {
    return file(`${this.folder}/${name}`);
  }

  /** @param {string} id @returns {Promise<any>} */
  async get_model(id) {
    if (this.described.frames[id]) {
      await this.wait(id).promise;
      return { attributes: { value: new DataView(await this.file(this.described.frames[id])) } };
    }
    return this.has_model(id) ? super.get_model(id) : this.made(id);
  }

  /** @param {string} frames */
  wait(frames) {
    const found = this.waiting.get(frames) ?? resolvable();
    this.waiting.set(frames, found);
    return found;
  }

  // Lets frames come, and says when they are here: of several figures the first ones, and then the rest with their pictures.
  /** @param {string[]} frames @param {() => void} begun */
  async look(frames, begun) {
    const first = frames.filter((one) => this.described.first.includes(one));
    await this.bring(first);
    if (first.length) begun();
    const figures = [...this.later.keys()].filter((id) => this.described.models[id].state.pages.some((/** @type {string} */ page) => frames.includes(nameOf(page))));
    const rest = frames.filter((one) => !first.includes(one));
    await Promise.all([...figures.map((id) => this.complete(id)), ...rest.map((one) => this.file(this.described.frames[one]))]);
    await this.bring(rest);
  }

  /** @param {string[]} frames */
  async bring(frames) {
    frames.forEach((one) => this.wait(one).resolve());
    await Promise.all(frames.map((one) => this.file(this.described.frames[one])));
  }

  // Gives a figure the rest of its pictures.
  /** @param {string} id */
  async complete(id) {
    const files = this.later.get(id);
    if (!files) return; // they are being fetched, for another view
    this.later.delete(id);
    const model = await this.get_model(id);
    const backgrounds = model.get("backgrounds").map((/** @type {object} */ one) => ({ ...one }));
    await this.fill({ state: { backgrounds }, files, texts: {} });
    model.set("backgrounds", backgrounds);
  }

  // `new_model` registers a model before it first waits, so that models may refer to each other in a circle.
  /** @param {string} id */
  made(id) {
    const model = this.described.models[id];
    if (!model) throw new Error(`no model ${id}`);
    const { _model_name, _model_module, _model_module_version } = model.state;
    const options = { model_name: _model_name, model_module: _model_module, model_module_version: _model_module_version, model_id: id };
    return this.new_model(options, model);
  }

  /** @param {any} options @param {any} model */
  async _make_model(options, model) {
    const [now, later] = atOnce(model);
    await this.fill({ ...model, files: now });
    standIn(model, later);
    if (later.length) this.later.set(options.model_id, later);
    if (model.begins) await this.fill(model.begins);
    return super._make_model(options, { ...model.state, ...model.begins?.state });
  }

  // From the state in which a model begins to the one that it then comes to.
  /** @param {string} id */
  async goOn(id) {
    const [model, { state, begins }] = [await this.get_model(id), this.described.models[id]];
    if (begins) model.set(Object.fromEntries(Object.keys(begins.state).map((key) => [key, state[key]])));
  }

  // Puts what lies in files into a model's state.
  /** @param {any} model */
  async fill({ state, files, texts }) {
    const content = await Promise.all(files.map((/** @type {any} */ [, text, name]) =>
      name ? this.file(name) : Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer));
    base.put_buffers(state, files.map((/** @type {any} */ [path]) => path), content.map((one) => new DataView(one)));
    const words = await Promise.all(Object.values(texts).map((name) => this.file(name)));
    Object.keys(texts).forEach((key, k) => (state[key] = new TextDecoder().decode(words[k])));
  }

  /** @param {string} name @param {string} module */
  async loadClass(name, module) {
    if (!MODULES[module]?.[name]) throw new Error(`no widget ${module} ${name} on this page`);
    return MODULES[module][name];
  }

  /** @returns {Promise<any>} */
  async _create_comm() {
    throw new Error("there is no kernel");
  }

  async _get_comm_info() {
    return {};
  }

  // A view of a model in an element.
  /** @param {string} id @param {HTMLElement} el */
  async show(id, el) {
    const model = await this.get_model(id);
    const view = await this.create_view(model);
    Widget.attach(view.luminoWidget, el);
    return view;
  }
}

// "IPY_MODEL_f0" gives "f0".
/** @type {(reference: string) => string} */
const nameOf = (reference) => reference.replace("IPY_MODEL_", "");

/** @type {() => { promise: Promise<void>, resolve: () => void }} */
function resolvable() {
  let resolve = () => {};
  const promise = new Promise((done) => (resolve = () => done(undefined)));
  return { promise: /** @type {Promise<void>} */ (promise), resolve };
}
