// Marks, panels and models made up for the tests.

import { layOut } from "../../optlab/live/js/layout.js";

const MARK = { id: 0, role: "plain", named: false, axes: 0, clip: true, start: 0, size: 0, text: 0, grows: null, every: 1, at: null, appears: false };
const LINE = {
  kind: "line", label: "", color: "#000", width: 2, dashes: [], dash_offset: 0, cap: "butt", steps: "default",
  in_data: [true, true], x: null, marker: null, ending: "",
};
const TEXT = { kind: "text", axes: 0, color: "#000", font_size: 10, font_style: "normal", weight: "400", ha: "left", va: "top", rotation: 0 };

export const line = (traits) => ({ ...MARK, ...LINE, ...traits });
export const scatter = (traits) => ({ ...MARK, kind: "scatter", path: "", sizes: [1], faces: ["red"], edges: ["red"], widths: [1], ...traits });
export const image = (traits) => ({ ...MARK, kind: "image", rows: 1, clim: [0, 1], upper: true, smooth: false, ...traits });
export const text = (traits) => ({ ...MARK, ...TEXT, ...traits });
export const marker = { path: "M0 0L1 1", size: 9, face: "gold", edge: "black", width: 1 };

// One axes from (100, 20) to (300, 120) CSS pixels in a figure of 400 by 200: x 0 to 10, y 0 to 1.
export const PLACE = { box: [0.25, 0.4, 0.5, 0.5], xlim: [0, 10], ylim: [0, 1], xlog: false, ylog: false, spines: [1, 1, 1, 1], xlabel: "step" };

export function panel(artists, axes = [PLACE], places = artists.map(() => [0, 0])) {
  return layOut({ width: 400, axes, places, artists, picture: null, limits: "" }, 400, 200);
}

export const frame = (values, more = {}) =>
  ({ values: Float32Array.from(values), texts: [], label: "the whole run", scene: 0, goals: [], ...more });

export const at = (step) => ({ step, unit: "step" });

// A model as anywidget hands it out, with its traits, and the models that it can be asked for. `real` is the one that it
// stands in for: listeners are given that one.
export function model(traits = {}, others = {}) {
  const listeners = [];
  const self = {
    attributes: traits,
    widget_manager: { get_model: async (id) => others[id] ?? Promise.reject(new Error(`no model ${id}`)) },
    get: (name) => traits[name],
    set(name, value) {
      traits[name] = value;
      for (const [events, act] of listeners) if (events.split(" ").includes(`change:${name}`)) act(self.real);
    },
    save_changes() {},
    on: (events, act) => listeners.push([events, act]),
    off: (events, act) => listeners.splice(listeners.findIndex(([e, a]) => e === events && a === act), 1),
    listeners,
    real: { _state_lock: null },
  };
  return self;
}

// A canvas context that notes which of its functions were called, with what.
export function recorder() {
  const calls = [];
  const get = (own, name) => own[name] ?? ((...given) => void calls.push([name, ...given]));
  return { calls, context: new Proxy({ measureText: () => ({ width: 0 }) }, { get }) };
}
