// The view of a LiveFigure: from back to front the picture by matplotlib, the pinned runs, the ghost, the run on the
// screen, and the numbers of the pins, each on a canvas of its own.

const LAYERS = ["back", "pins", "ghost", "front", "badges"];

function createView(store, model, el) {
  const box = append(el, "div", "optlab-figure");
  const view = { store, box };
  for (const layer of LAYERS) {
    view[layer] = append(box, "canvas", `optlab-${layer}`);
    view[layer].setAttribute("aria-hidden", "true");
  }
  view.front.removeAttribute("aria-hidden");
  view.tip = append(box, "div", "optlab-tip");
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

// Give the canvases as many pixels as they cover on the screen, and draw all.
function fit(view) {
  const ratio = window.devicePixelRatio || 1;
  for (const canvas of LAYERS.map((layer) => view[layer])) {
    canvas.width = Math.round(view.box.clientWidth * ratio);
    canvas.height = Math.round(view.box.clientHeight * ratio);
  }
  view.onBack = null;
  paint(view);
}

function paint(view) {
  const { store, front } = view;
  const { slot, frame } = store.shown;
  const film = filmOf(store);
  const scene = store.scenes[frame.scene];
  front.classList.toggle("optlab-waiting", store.waiting);
  if (!scene || !front.width) return;
  if (view.onBack !== scene) paintBack(view, scene);
  draw(cleared(front, view.panel), view.panel, frame, film);
  paintGhost(view, film);
  paintPins(view, film);
  showTip(view);
  front.setAttribute("aria-label", inWords(view.panel, frame, film));
  front.dataset.slot = slot;
  front.dataset.step = film.step;
  front.dataset.draws = 1 + Number(front.dataset.draws || 0);
}

function paintBack(view, scene) {
  const { back, box } = view;
  const context = back.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(scene.picture, 0, 0, back.width, back.height);
  view.panel = layOut(scene, box.clientWidth, box.clientHeight);
  view.onBack = scene;
}

// A canvas wiped, its unit a CSS pixel.
function cleared(canvas, { width, height }) {
  const context = canvas.getContext("2d");
  context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function filmOf({ toolbar }) {
  const [step, last] = toolbar ? [toolbar.get("step"), toolbar.get("last")] : [0, 0];
  return step < last ? { step, unit: toolbar.get("unit") } : WHOLE;
}

function inWords(panel, frame, film) {
  if (!isRunning(panel, frame, film)) return frame.label;
  return panel.axes.map((_, k) => moment(panel, k, frame, film)).join("; ");
}
