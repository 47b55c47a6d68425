// The front end of SliderMarks: ticks and bands below a slider's track, picked from a table by the other sliders.

const NARROWEST = 3; // pixels: a band that has nearly left the track can still be seen

async function render({ model, el }) {
  el.classList.add("optlab-marks");
  const references = model.get("sliders").map((reference) => reference.replace("IPY_MODEL_", ""));
  const sliders = await Promise.all(references.map((id) => model.widget_manager.get_model(id)));
  const redraw = () => draw(el, shown(model, sliders));
  const observer = new ResizeObserver(redraw); // it also tells when the strip has come onto the page
  observer.observe(el);
  sliders.forEach((slider) => slider.on("change:index", redraw));
  return () => {
    observer.disconnect();
    sliders.forEach((slider) => slider.off("change:index", redraw));
  };
}

function shown(model, sliders) {
  const strides = model.get("strides");
  return model.get("table")[sliders.reduce((row, slider, k) => row + slider.get("index") * strides[k], 0)] ?? [];
}

function draw(el, marks) {
  const track = el.closest(".optlab-control")?.querySelector(".noUi-base")?.getBoundingClientRect();
  if (!track) return;
  const left = track.left - el.getBoundingClientRect().left;
  el.setAttribute("role", "note");
  el.setAttribute("aria-label", marks.map(({ label }) => label).join("; "));
  el.replaceChildren(...marks.flatMap((mark) => drawn(mark, marks, left, track.width, el.clientWidth)));
}

// A best value and a limit beside it can both be read: the tick has its label on its left and the band on its right, or
// the other way round where the tick stands inside the band.
function drawn({ label, from, to }, marks, left, length, room) {
  const band = to > from;
  const shape = document.createElement("div");
  const text = document.createElement("div");
  const x = left + from * length;
  shape.className = band ? "optlab-band" : "optlab-tick";
  shape.style.left = `${x}px`;
  if (band) shape.style.width = `${Math.max(NARROWEST, (to - from) * length)}px`;
  text.className = `optlab-mark ${shape.className}-label`;
  text.textContent = band ? label : `★ ${label}`;
  if (band !== crossed(marks)) text.style.left = `${x + 4}px`;
  else text.style.right = `${room - x + 1}px`;
  return [shape, text];
}

function crossed(marks) {
  const bands = marks.filter(({ from, to }) => to > from);
  const ticks = marks.filter(({ from, to }) => to === from);
  return bands.some((band) => ticks.some((tick) => band.from < tick.from && tick.from <= band.to));
}

export default { render };
