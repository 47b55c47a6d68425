// @ts-check
// The front end of ReplayPlayer: a few runs, of which one is shown. When the kernel asks for it, those before are shown
// for a moment, and then the last one grows as a film over them; the kernel tells the answer when it has been seen.
/** @import { Model } from "./types" */

import { openStage, TO_LAB } from "./covered.js";
import { append, button } from "./elements.js";
import { keepToOurselves } from "./keys.js";
import { follow, modelOf } from "./models.js";
import { pinLook } from "./pin_colors.js";
import { addPlayer } from "./player.js";
import { addFact } from "./show_me.js";

const BEFORE_ALONE = 1200; // ms that what was before stands alone

/** @typedef {{ model: Model, box: HTMLElement, timer?: ReturnType<typeof setTimeout>, undo: () => void }} ReplayView */

/** @type {(widget: { model: Model, el: HTMLElement }) => () => void} */
function render({ model, el }) {
  addFact(model, el);
  /** @type {ReplayView} */
  const view = { model, box: append(el, "div", "optlab-toolbar"), undo: () => {} };
  view.box.addEventListener("keydown", keepToOurselves);
  const undo = [
    follow(model, ["runs", "answered"], () => layOutRow(view)),
    follow(model, ["plays"], () => beginReplay(view)),
    follow(model, ["verdict", "index", "step"], () => void showVerdict(model)),
  ];
  layOutRow(view);
  beginReplay(view);
  return () => {
    clearTimeout(view.timer);
    [...undo, view.undo].forEach((stop) => stop());
  };
}

// The film's row once there is an answer, and below it the runs: a click shows one.
/** @type {(view: ReplayView) => void} */
function layOutRow(view) {
  const { model, box } = view;
  view.undo();
  box.replaceChildren();
  const row = append(box, "div", "optlab-tools");
  const stop = model.get("answered") ? addPlayer({ model, row, sliders: [] }) : () => {};
  const ways = model.get("answered") ? addWaysOn(view, row) : () => {};
  row.hidden = !row.childElementCount;
  const items = addRuns(view);
  const undo = [follow(model, ["index"], items), follow(model, ["told", "index", "step"], ways)];
  items();
  ways();
  view.undo = () => [stop, ...undo].forEach((act) => act());
}

// Until the answer is told one can skip the film; from then on the lab can be asked to go where it was decided.
/** @type {(view: ReplayView, row: HTMLElement) => () => void} */
function addWaysOn(view, row) {
  const { model } = view;
  const skip = button(row, null, "Show the answer without its film", () => {
    clearTimeout(view.timer);
    showWhole(model, model.get("runs").length - 1);
  });
  const toLab = button(row, null, "Move the lab's sliders to this run", () => {
    model.set("to_lab", model.get("to_lab") + 1);
    model.save_changes();
    goToLab(model.get("lab"));
  });
  skip.textContent = "skip the film";
  toLab.textContent = "show in the lab";
  return () => {
    const focused = document.activeElement === skip;
    skip.hidden = model.get("told") || isWhole(model);
    toLab.hidden = !model.get("told") || !model.get("lab");
    if (focused && skip.hidden) toLab.focus();
  };
}

// Into sight: on the stage, or where it stands on the page, if it does.
/** @type {(lab: string) => void} */
function goToLab(lab) {
  if (openStage()) return void document.dispatchEvent(new CustomEvent(TO_LAB, { detail: lab }));
  document.querySelector(`.optlab-toolbar[data-lab="${lab}"]`)?.closest(".optlab-lab")?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

/** @type {(view: ReplayView) => () => void} */
function addRuns({ model, box }) {
  /** @type {{ words: string }[]} */
  const runs = model.get("runs");
  const list = append(box, "ul", "optlab-legend");
  const buttons = runs.map(({ words }, k) => {
    const item = append(list, "li");
    const asked = model.get("answered") && !model.get("fact") && k === runs.length - 1;
    const badge = append(item, "span", asked ? "optlab-badge optlab-asked" : "optlab-badge");
    badge.textContent = asked ? "✔" : String(k + 1);
    if (!asked) badge.style.background = pinLook(k).color;
    const show = append(item, "button", "optlab-button");
    show.type = "button";
    show.textContent = model.get("fact") ? words : nameOf(words, k, runs.length, asked);
    show.addEventListener("click", () => showWhole(model, k));
    return show;
  });
  return () => buttons.forEach((show, k) => show.setAttribute("aria-pressed", String(model.get("index") === k)));
}

// What a run is called.
/** @type {(words: string, k: number, count: number, asked: boolean) => string} */
export function nameOf(words, k, count, asked) {
  if (asked) return count > 1 ? `${words}: the answer` : words;
  return k === 0 && count <= 2 ? `${words}: before` : words;
}

// Whether the last run stands there to its end.
/** @type {(model: Model) => boolean} */
const isWhole = (model) => model.get("index") === model.get("runs").length - 1 && model.get("step") >= model.get("last");

// What the kernel says at the end of the film is said by the page first: a kernel that has died says nothing more. It is
// told nothing, as it sets the same itself.
/** @type {(model: Model) => Promise<void>} */
export async function showVerdict(model) {
  /** @type {[string, Record<string, unknown>][]} */
  const verdict = model.get("verdict");
  if (model.get("told") || !isWhole(model)) return;
  for (const [reference, traits] of verdict) {
    const part = await modelOf(model, reference);
    for (const [name, value] of Object.entries(traits)) part?.set(name, value);
  }
}

/** @type {(model: Model, k: number) => void} */
function showWhole(model, k) {
  model.set("index", k);
  model.set("step", model.get("last"));
  model.save_changes();
}

// Of several views only one begins: it takes the request off the model. On the page below a stage nobody sees it.
/** @type {(view: ReplayView) => void} */
function beginReplay(view) {
  const { model, box } = view;
  if (!model.get("plays")) return;
  view.timer = setTimeout(() => {
    if (!model.get("plays") || openStage()?.contains(box) === false) return;
    const answer = model.get("runs").length - 1;
    model.set("plays", 0);
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return showWhole(model, answer);
    box.scrollIntoView?.({ block: "nearest", behavior: "smooth" });
    view.timer = setTimeout(() => playAnswer(view, answer), answer ? BEFORE_ALONE : 0);
    model.save_changes();
  }, 300); // the figures above come onto the page, and this row too
}

/** @type {(view: ReplayView, answer: number) => void} */
function playAnswer({ model, box }, answer) {
  model.set("step", model.get("last") ? 0 : model.get("step")); // first: it is not whole for a moment
  model.set("index", answer);
  const [first] = box.querySelectorAll("button");
  if (model.get("last")) first.click(); // the player's own: it can be stopped, too
  else model.save_changes();
}

export default { render };
