// Taking a setting away: as a line of text for another lab, and as a PyTorch program.

const PATIENCE = 1500; // ms: after that we say that the kernel has not answered

function addSharing(lab) {
  const { model, row } = lab;
  const share = button(row, ICONS.link, "", () => copy(stateOf(lab)).then((done) => say(lab, done ? "copied" : "not copied")));
  const tell = () => label(share, `Copy this setting, for Lab(..., state=...): "${stateOf(lab)}"`);
  tell();
  const undo = [follow(model, ["pins", "step"], tell), followSliders(lab, tell)];
  if (model.get("has_program")) undo.push(addProgram(lab));
  lab.said = append(row, "span", "optlab-said");
  lab.said.setAttribute("role", "status");
  return () => undo.forEach((stop) => stop());
}

// As `optlab.state.write_state` has it.
function stateOf(lab) {
  const { model } = lab;
  const setting = (slot) => settingOf(lab, slot).map(([name, , value]) => `${name}=${value}`).join(", ");
  const pins = taken(model.get("pins")).map((slot) => `pin ${setting(slot)}`.trim());
  const step = model.get("step") < model.get("last") ? [`at ${model.get("step")}`] : [];
  return [setting(slotOf(lab)), ...pins, ...step].filter(Boolean).join("; ");
}

function addProgram(lab) {
  const { model, row, box } = lab;
  const view = { lab, timer: null };
  view.button = button(row, null, "This setting as a complete PyTorch program", () => toggleProgram(view));
  view.button.textContent = "as PyTorch";
  view.pane = append(box, "div", "optlab-program");
  view.code = append(view.pane, "pre");
  view.note = append(view.pane, "span", "optlab-note");
  const take = button(view.pane, ICONS.copy, "Copy the program", () =>
    copy(view.code.textContent).then((done) => (view.note.textContent = done ? "copied" : "not copied")));
  take.classList.add("optlab-take");
  view.code.tabIndex = 0;
  view.pane.hidden = true;
  const show = () => showProgram(view);
  const undo = [follow(model, ["program"], show), followSliders(lab, show)];
  return () => {
    clearTimeout(view.timer);
    undo.forEach((stop) => stop());
  };
}

function toggleProgram(view) {
  view.pane.hidden = !view.pane.hidden;
  view.button.setAttribute("aria-expanded", !view.pane.hidden);
  showProgram(view);
}

// The kernel writes the program. Until it has answered, the old one stays, dimmed.
function showProgram(view) {
  const { model } = view.lab;
  const slot = slotOf(view.lab);
  clearTimeout(view.timer);
  if (view.pane.hidden) return;
  const { slot: written, text } = model.get("program");
  view.pane.classList.toggle("optlab-waiting", written !== slot);
  view.note.textContent = "";
  if (written === slot) return void (view.code.textContent = text);
  view.timer = setTimeout(() => (view.note.textContent = "The kernel, which writes the program, is busy or gone."), PATIENCE);
  model.set("asked", slot);
  model.save_changes();
}

function say({ said }, words) {
  said.textContent = words;
  setTimeout(() => (said.textContent = ""), 2000);
}

// The clipboard asks for a secure page and the user's leave; the older way needs neither.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

function copyTheOldWay(text) {
  const focused = document.activeElement;
  const area = append(document.body, "textarea");
  area.value = text;
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}
