// Pinning: keep the run on the screen in sight while the sliders move on. A place for each of three runs.

const FREE = -1;

function addPinning(lab) {
  const { model, row, box } = lab;
  const pin = button(row, ICONS.pin, "", () => togglePin(lab));
  const legend = append(box, "ul", "optlab-legend");
  const show = () => {
    const pins = model.get("pins");
    const here = pins.includes(slotOf(lab));
    const full = !here && taken(pins).length === PIN_COLORS.length;
    const tip = here ? "Unpin this run" : full ? "Three runs are pinned: unpin one first" : "Pin this run, to compare others with it";
    pin.setAttribute("aria-pressed", here);
    pin.setAttribute("aria-disabled", full);
    label(pin, tip);
  };
  const list = () => {
    const pins = model.get("pins");
    legend.hidden = !taken(pins).length;
    legend.replaceChildren(...pins.flatMap((slot, place) => (slot === FREE ? [] : [chip(lab, slot, place)])));
    show();
  };
  list();
  const undo = [follow(model, ["pins"], list), followSliders(lab, show)];
  return () => undo.forEach((stop) => stop());
}

const taken = (pins) => pins.filter((slot) => slot !== FREE);

function togglePin(lab) {
  const pins = [...lab.model.get("pins")];
  const slot = slotOf(lab);
  if (pins.includes(slot)) return setPin(lab, pins.indexOf(slot), FREE);
  const free = pins.includes(FREE) ? pins.indexOf(FREE) : pins.length;
  if (free < PIN_COLORS.length) setPin(lab, free, slot);
}

function setPin({ model }, place, slot) {
  const pins = [...model.get("pins")];
  pins[place] = slot;
  model.set("pins", pins);
  model.save_changes();
}

// One line of the legend: the run's number and colour, its setting, and a button that takes it off.
function chip(lab, slot, place) {
  const item = document.createElement("li");
  const text = settingOf(lab, slot).map(([, lead, value]) => `${lead} ${value}`).join(", ") || "defaults";
  const badge = append(item, "span", "optlab-badge");
  badge.textContent = place + 1;
  badge.style.background = PIN_COLORS[place];
  append(item, "span").textContent = text;
  button(item, ICONS.close, `Unpin ${place + 1}: ${text}`, () => setPin(lab, place, FREE));
  return item;
}
