// The front end of LiveFigure. matplotlib has drawn everything that stands still into a picture; the artists that live
// are drawn on a canvas above it. From top to bottom: the table of frames, the view, hovering. How the artists are
// drawn is in drawing.js: the two files are sent as one module, for a page without a server could not load a second.
//
// frame: { values: Float32Array, texts: [string], label: string, scene: number }
// slot:  one number for a position of all sliders, the last slider fastest; -1 is "no position".

export default () => {
  const store = { table: new Map(), read: new Set(), scenes: [], shown: null, wanted: -1, waiting: false, views: new Set() };
  return {
    initialize: ({ model }) => connect(store, model),
    render: ({ model, el }) => createView(store, model, el),
  };
};

// ---------------------------------------------------------------- the table of frames

function connect(store, model) {
  const steering = { sliders: [], strides: [], move: () => seek(store, steering) };
  let inOrder = Promise.resolve(); // pages and sliders are fetched one batch after the other: a newer page must win
  const queue = (work) => (inOrder = inOrder.then(work).catch((error) => console.warn("optlab:", error)));

  model.on("change:backgrounds", () => loadScenes(store, model));
  model.on("change:pushed", () => addRows(store, pageOf(model.get("pushed"), model), true));
  model.on("change:pages", () => queue(() => loadPages(store, model)));
  model.on("change:sliders", () => queue(() => steer(steering, model)));
  loadScenes(store, model);
  addRows(store, pageOf(model.get("pushed"), model), true);
  queue(() => steer(steering, model));
  queue(() => loadPages(store, model));
  return () => release(steering);
}

const fetchModels = (model, references) =>
  Promise.all(references.map((reference) => model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""))));

async function loadPages(store, model) {
  const references = model.get("pages").filter((reference) => !store.read.has(reference));
  references.forEach((reference) => store.read.add(reference));
  for (const page of await fetchModels(model, references)) addRows(store, pageOf(page.attributes, model), false);
}

async function steer(steering, model) {
  release(steering);
  steering.sliders = await fetchModels(model, model.get("sliders"));
  steering.strides = model.get("strides");
  steering.sliders.forEach((slider) => slider.on("change:index", steering.move));
  if (steering.sliders.length) steering.move();
}

function release(steering) {
  steering.sliders.forEach((slider) => slider.off("change:index", steering.move));
}

// A page's matrix is cut into frames without copying a number.
function pageOf({ slots, data, texts, labels, scenes }, model) {
  const values = floats(data);
  const size = model.get("artists").reduce((sum, style) => sum + style.size, 0);
  const frame = (row) => ({
    values: values.subarray(row * size, (row + 1) * size),
    texts: texts[row],
    label: labels[row],
    scene: scenes[row],
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
  store.wanted = sliders.reduce((slot, slider, k) => slot + slider.get("index") * strides[k], 0);
  const frame = store.table.get(store.wanted);
  if (frame) return show(store, store.wanted, frame);
  store.waiting = true;
  store.views.forEach(paint);
}

function show(store, slot, frame) {
  store.shown = { slot, frame };
  store.waiting = false;
  store.views.forEach(paint);
}

// New backgrounds take over only when all of them are decoded: until then the old ones stay, so nothing flickers.
async function loadScenes(store, model) {
  const backgrounds = model.get("backgrounds");
  const artists = model.get("artists").map((style) => ({ ...style, x: style.x && floats(style.x) }));
  const decode = ({ background }) => createImageBitmap(new Blob([background], { type: "image/png" }));
  const pictures = await Promise.all(backgrounds.map(decode));
  if (backgrounds !== model.get("backgrounds")) return; // overtaken by newer ones
  store.scenes = backgrounds.map((scene, k) => ({ ...scene, picture: pictures[k], artists }));
  store.views.forEach(fit);
}

const bytes = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
const floats = (view) => new Float32Array(bytes(view)); // copied: a message's buffer need not be aligned

// ---------------------------------------------------------------- the view

function createView(store, model, el) {
  const box = append(el, "div", "optlab-figure");
  const view = { store, box, back: append(box, "canvas"), front: append(box, "canvas"), tip: append(box, "div", "optlab-tip") };
  view.back.setAttribute("aria-hidden", "true");
  view.front.setAttribute("role", "img");
  view.tip.hidden = true;
  reserveSpace(view, model);
  const resized = () => reserveSpace(view, model);
  model.on("change:size", resized);
  const observer = new ResizeObserver(() => {
    fit(view);
    clearTimeout(view.asking);
    view.asking = setTimeout(() => askForLayout(view, model), 200); // once the window has come to rest
  });
  observer.observe(box);
  view.front.addEventListener("pointermove", (event) => point(view, [event.offsetX, event.offsetY]));
  view.front.addEventListener("pointerleave", () => point(view, null));
  store.views.add(view);
  askForFinerPicture(model);
  return () => {
    observer.disconnect();
    clearTimeout(view.asking);
    model.off("change:size", resized);
    store.views.delete(view);
  };
}

function append(parent, tag, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  return parent.appendChild(element);
}

// The height follows from the width before any picture is there, so the page never jumps.
function reserveSpace({ box }, model) {
  const [width, height] = model.get("size");
  box.style.width = `${width}px`;
  box.style.aspectRatio = `${width} / ${height}`;
}

function askForFinerPicture(model) {
  if (window.devicePixelRatio <= model.get("pixel_ratio")) return;
  model.set("pixel_ratio", window.devicePixelRatio);
  model.save_changes();
}

// Letters may shrink to 80 % of their size; on a narrower page the kernel lays the figure out anew on less room.
// Without a kernel it goes on shrinking.
function askForLayout({ box }, model) {
  const [width] = model.get("size");
  const room = Math.min(width, Math.round(box.clientWidth / 0.8));
  if (!room || Math.abs(room - (model.get("room") || width)) < 8) return;
  model.set("room", room);
  model.save_changes();
}

// Give the canvases as many pixels as they cover on the screen, and draw both.
function fit(view) {
  const ratio = window.devicePixelRatio || 1;
  for (const canvas of [view.back, view.front]) {
    canvas.width = Math.round(view.box.clientWidth * ratio);
    canvas.height = Math.round(view.box.clientHeight * ratio);
  }
  view.onBack = null;
  paint(view);
}

function paint(view) {
  const { store, front } = view;
  const { slot, frame } = store.shown;
  const scene = store.scenes[frame.scene];
  front.classList.toggle("optlab-waiting", store.waiting);
  if (!scene || !front.width) return;
  if (view.onBack !== scene) paintBack(view, scene);
  const context = front.getContext("2d");
  context.clearRect(0, 0, view.panel.width, view.panel.height);
  draw(context, view.panel, frame);
  showTip(view);
  front.setAttribute("aria-label", frame.label);
  front.dataset.slot = slot;
  front.dataset.draws = 1 + Number(front.dataset.draws || 0);
}

function paintBack(view, scene) {
  const { back, front, box } = view;
  const context = back.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(scene.picture, 0, 0, back.width, back.height);
  view.panel = layOut(scene, box.clientWidth, box.clientHeight);
  front.getContext("2d").setTransform(front.width / view.panel.width, 0, 0, front.height / view.panel.height, 0, 0);
  view.onBack = scene;
}

// ---------------------------------------------------------------- hovering

function point(view, pointer) {
  view.pointer = pointer;
  showTip(view);
}

function showTip(view) {
  const text = view.pointer && view.panel ? valuesAt(view.panel, view.store.shown.frame, view.pointer) : "";
  view.tip.hidden = !text;
  if (!text) return;
  const [x, y] = view.pointer;
  const right = x > view.panel.width / 2;
  view.tip.textContent = text;
  view.tip.style.left = right ? "auto" : `${x + 14}px`;
  view.tip.style.right = right ? `${view.panel.width - x + 14}px` : "auto";
  view.tip.style.top = `${Math.min(y + 8, view.panel.height - view.tip.offsetHeight)}px`;
}

// What the lines of the axes under the pointer say at the x nearest to it, as text; "" where there is nothing.
function valuesAt(panel, frame, [px, py]) {
  const k = panel.axes.findLastIndex((a) => px >= a.left && px <= a.left + a.width && py >= a.top && py <= a.top + a.height);
  const lines = panel.artists.filter((style) => style.kind === "line" && style.axes === k && !style.label.startsWith("_"));
  const found = lines.map((style) => ({ ...nearest(panel, style, frame.values, px), label: style.label }));
  const near = found.filter(({ gap }) => gap < Infinity).sort((a, b) => a.gap - b.gap);
  if (!near.length) return "";
  const head = `${panel.axes[k].xlabel}: ${short(near[0].x)}`;
  return [head, ...near.map(({ label, y }) => `${label}: ${short(y)}`)].join("\n");
}

function nearest(panel, style, values, px) {
  const { xs, ys } = coordinates(style, values);
  const best = { gap: Infinity };
  const { x: toPixel } = panel.axes[style.axes];
  xs.forEach((x, i) => {
    const gap = Math.abs(toPixel(x) - px);
    if (gap < best.gap && Number.isFinite(ys[i])) Object.assign(best, { gap, x, y: ys[i] });
  });
  return best;
}

const short = (value) => String(Number(value.toPrecision(4)));
