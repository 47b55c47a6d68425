// The front end of LiveFigure. matplotlib has drawn everything that stands still into a picture; the artists that live
// are drawn on canvases above it. Here: the table of frames, and which of them is shown. The view, films, comparing,
// hovering and drawing are in files of their own, sent as one module: a page without a server could load no second.
//
// frame: { values: Float32Array, texts: [string], label: string, scene: number, goals: [bool] }
// slot:  one number for a position of all sliders, the last slider fastest; -1 is "no position".

export default () => {
  const store = { table: new Map(), read: new Set(), scenes: [], views: new Set(), toolbar: null };
  Object.assign(store, { shown: null, wanted: -1, waiting: false, ghost: null, fading: false, movement: 0 });
  return {
    initialize: ({ model }) => connect(store, model),
    render: ({ model, el }) => createView(store, model, el),
  };
};

// ---------------------------------------------------------------- the table of frames

function connect(store, model) {
  const steering = { sliders: [], strides: [], move: () => seek(store, steering), repaint: () => store.views.forEach(paint) };
  let inOrder = Promise.resolve(); // pages and sliders are fetched one batch after the other: a newer page must win
  const queue = (work) => (inOrder = inOrder.then(work).catch((error) => console.warn("optlab:", error)));

  model.on("change:backgrounds", () => loadScenes(store, model));
  model.on("change:pushed", () => addRows(store, pageOf(model.get("pushed"), model), true));
  model.on("change:pages", () => queue(() => loadPages(store, model)));
  model.on("change:sliders", () => queue(() => steer(store, steering, model)));
  loadScenes(store, model);
  addRows(store, pageOf(model.get("pushed"), model), true);
  queue(() => steer(store, steering, model));
  queue(() => loadPages(store, model));
  return () => release(store, steering);
}

const fetchModels = (model, references) =>
  Promise.all(references.map((reference) => model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""))));

async function loadPages(store, model) {
  const references = model.get("pages").filter((reference) => !store.read.has(reference));
  references.forEach((reference) => store.read.add(reference));
  for (const page of await fetchModels(model, references)) addRows(store, pageOf(page.attributes, model), false);
}

async function steer(store, steering, model) {
  release(store, steering);
  steering.sliders = await fetchModels(model, model.get("sliders"));
  steering.strides = model.get("strides");
  steering.sliders.forEach((slider) => slider.on("change:index", steering.move));
  [store.toolbar = null] = await fetchModels(model, [model.get("toolbar")].filter(Boolean));
  store.toolbar?.on("change:step change:pins", steering.repaint);
  if (steering.sliders.length) steering.move();
}

function release(store, steering) {
  steering.sliders.forEach((slider) => slider.off("change:index", steering.move));
  store.toolbar?.off("change:step change:pins", steering.repaint);
}

// A page's matrix is cut into frames without copying a number.
function pageOf({ slots, data, texts, labels, scenes, goals }, model) {
  const values = floats(data);
  const size = model.get("artists").reduce((sum, style) => sum + style.size, 0);
  const frame = (row) => ({
    values: values.subarray(row * size, (row + 1) * size),
    texts: texts[row],
    label: labels[row],
    scene: scenes[row],
    goals: goals[row],
  });
  return slots.map((slot, row) => [slot, frame(row)]);
}

// `pushed` rows without a position are shown at once; every other row is shown if the sliders stand on it.
function addRows(store, rows, pushed) {
  for (const [slot, frame] of rows) {
    if (slot >= 0) store.table.set(slot, frame);
    if (slot === store.wanted || (pushed && (slot < 0 || store.wanted < 0))) show(store, slot, frame);
  }
}

// A slider has moved: show its frame if it is there, otherwise dim the old one until the new one comes.
function seek(store, { sliders, strides }) {
  const before = store.wanted;
  store.wanted = sliders.reduce((slot, slider, k) => slot + slider.get("index") * strides[k], 0);
  const frame = store.table.get(store.wanted);
  if (before >= 0 && before !== store.wanted) leaveGhost(store);
  if (frame) return show(store, store.wanted, frame);
  store.waiting = true;
  store.toolbar?.set("reached", []);
  store.views.forEach(paint);
}

function show(store, slot, frame) {
  store.shown = { slot, frame };
  store.waiting = false;
  if (frame.goals.length) store.toolbar?.set("reached", frame.goals);
  store.views.forEach(paint);
}

// New backgrounds take over only when all of them are decoded: until then the old ones stay, so nothing flickers.
async function loadScenes(store, model) {
  const backgrounds = model.get("backgrounds");
  const artists = model.get("artists").map((style) => ({ ...style, x: style.x && floats(style.x) }));
  const decode = ({ background }) => createImageBitmap(new Blob([background], { type: "image/png" }));
  const pictures = await Promise.all(backgrounds.map(decode));
  if (backgrounds !== model.get("backgrounds")) return; // overtaken by newer ones
  const limits = ({ axes }) => JSON.stringify(axes.map(({ xlim, ylim }) => [xlim, ylim]));
  store.scenes = backgrounds.map((scene, k) => ({ ...scene, picture: pictures[k], artists, limits: limits(scene) }));
  store.views.forEach(fit);
}

const bytes = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
const floats = (view) => new Float32Array(bytes(view)); // copied: a message's buffer need not be aligned
