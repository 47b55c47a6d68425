// The front end of Toolbar: from left to right the player of the film, pinning, and taking the setting away; below, what
// is pinned, the goals, and the program when it is asked for. Each part is in a file of its own.

async function render({ model, el }) {
  const references = model.get("sliders").map((reference) => reference.replace("IPY_MODEL_", ""));
  const sliders = await Promise.all(references.map((id) => model.widget_manager.get_model(id)));
  const box = append(el, "div", "optlab-toolbar");
  const row = append(box, "div", "optlab-tools");
  const lab = { model, params: model.get("params"), strides: model.get("strides"), sliders, box, row };
  box.addEventListener("keydown", keepToOurselves);
  const undo = [addPlayer, addPinning, addGoals, addSharing].map((add) => add(lab));
  return () => undo.forEach((part) => part());
}

// While a button has the focus these keys are its own: JupyterLab would move to another cell, or edit this one.
const OUR_KEYS = [" ", "Enter", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

function keepToOurselves(event) {
  const modified = event.shiftKey || event.ctrlKey || event.altKey || event.metaKey;
  if (OUR_KEYS.includes(event.key) && !modified) event.stopPropagation();
}

// Which position of all sliders this is, the last slider fastest.
const slotOf = ({ sliders, strides }) => sliders.reduce((slot, slider, k) => slot + slider.get("index") * strides[k], 0);

// The sliders that are not at their defaults, as [name, what stands before the value, value].
function settingOf({ params, strides }, slot) {
  const place = (k) => Math.floor(slot / strides[k]) % params[k].texts.length;
  const moved = params.map((param, k) => ({ ...param, at: place(k) })).filter((param) => param.at !== param.default);
  return moved.map(({ name, lead, texts, at }) => [name, lead, texts[at]]);
}

// Call a function on every change of a model, and give what stops that.
function follow(model, events, act) {
  events.forEach((event) => model.on(`change:${event}`, act));
  return () => events.forEach((event) => model.off(`change:${event}`, act));
}

function followSliders({ sliders }, act) {
  const undo = sliders.map((slider) => follow(slider, ["index"], act));
  return () => undo.forEach((stop) => stop());
}

function addGoals({ model, box }) {
  const texts = model.get("goals");
  const list = append(box, "ul", "optlab-goals");
  list.hidden = !texts.length;
  const items = texts.map(() => append(list, "li"));
  const show = () => items.forEach((item, k) => {
    const reached = Boolean(model.get("reached")[k]);
    item.classList.toggle("optlab-reached", reached);
    item.textContent = `${reached ? "✔" : "○"} Goal: ${texts[k]}`;
    item.setAttribute("aria-label", `Goal ${reached ? "reached" : "not reached"}: ${texts[k]}`);
  });
  show();
  return follow(model, ["reached"], show);
}

export default { render };
