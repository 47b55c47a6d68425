// @ts-check
// The stage: one lab over the whole window. It is a second view of the same lab, so that JupyterLab's cells stay where
// they are, labs that are not on the page are reached as well, and nothing of it needs the kernel.
/** @import { LabPlace, LabTools, Manager, WidgetView } from "./types" */

import { openStage, STAGE_CHANGED, TO_LAB } from "./covered.js";
import { append, button, label } from "./elements.js";
import { ICONS } from "./icons.js";
import { createSay } from "./popup.js";
import { addKeyList, isPressing, isTyping, stageAct } from "./stage_keys.js";
import { labsHere } from "./stage_labs.js";
import { keepArranged } from "./stage_layout.js";

const LAB = -1; // in place of the index of a guess: the lab itself is shown

/**
 * @typedef {{
 *   manager: Manager, dialog: HTMLDialogElement, room: HTMLElement, words: HTMLElement, before: HTMLElement, after: HTMLElement,
 *   map: HTMLElement, guess: HTMLElement, keys: { toggle: () => void }, say: (anchor: HTMLElement, words: string) => void,
 *   labs: LabPlace[], first: number, at: number, asked: number, view: WidgetView | null, turn: number, stop: () => void,
 * }} Stage
 */

/** @type {(lab: LabTools) => () => void} */
export function addStage({ model, row, box }) {
  const id = model.get("lab");
  const manager = /** @type {Manager} */ (model.widget_manager);
  box.dataset.lab = id;
  if (!id || typeof manager?.create_view !== "function") return () => {};
  const opener = button(row, ICONS.stage, "", () => toggle(manager, id));
  opener.classList.add("optlab-opener");
  const show = () => {
    const on = openStage()?.dataset.lab === id;
    opener.setAttribute("aria-pressed", String(on));
    label(opener, on ? "Back to the page (Escape, or f)" : "This lab over the whole window (f)");
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (stageAct(event, isTyping(event.target)) === "close" && isIn(event.target, box.closest(".optlab-lab"))) toggle(manager, id);
  };
  show();
  document.addEventListener(STAGE_CHANGED, show);
  document.addEventListener("keydown", press);
  return () => {
    document.removeEventListener(STAGE_CHANGED, show);
    document.removeEventListener("keydown", press);
  };
}

/** @type {(manager: Manager, id: string) => void} */
function toggle(manager, id) {
  const open = openStage();
  if (open) open.close();
  else void enter(manager, id).catch((error) => console.warn("optlab: no stage:", error));
}

/** @type {(manager: Manager, id: string) => Promise<void>} */
async function enter(manager, id) {
  const found = await labsHere(manager);
  const labs = found.some((lab) => lab.id === id) ? found : [{ id, cell: -1, title: "", guesses: [] }];
  if (openStage()) return; // pressed twice
  const stage = createStage(manager, labs, labs.findIndex((lab) => lab.id === id));
  const toLab = (/** @type {Event} */ event) => {
    const at = labs.findIndex((lab) => lab.id === /** @type {CustomEvent} */ (event).detail);
    if (at >= 0) void turnTo(stage, at);
  };
  // On the whole page: a button that has been disabled by its press leaves the focus to nothing inside the stage.
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (event.target === document.body || isIn(event.target, stage.dialog)) pressOn(stage, event);
  };
  document.addEventListener(TO_LAB, toLab);
  document.addEventListener("keydown", press, { capture: true });
  stage.dialog.addEventListener("close", () => {
    document.removeEventListener(TO_LAB, toLab);
    document.removeEventListener("keydown", press, { capture: true });
    leave(stage);
  }, { once: true });
  stage.dialog.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab has keys of its own
  stage.dialog.showModal();
  await turnTo(stage, stage.first);
}

/** @type {(manager: Manager, labs: LabPlace[], first: number) => Stage} */
function createStage(manager, labs, first) {
  const dialog = append(document.body, "dialog", "optlab-stage");
  const bar = append(dialog, "div", "optlab-stage-bar");
  const before = button(bar, ICONS.before, "The lab before (PageUp, or p)", () => void turnBy(stage, -1));
  const words = append(bar, "span", "optlab-stage-words");
  const after = button(bar, ICONS.after, "The next lab (PageDown, or n)", () => void turnBy(stage, 1));
  const guess = button(bar, null, "The guesses that this lab decides (g)", () => void turnGuess(stage));
  const map = button(bar, null, "The map of all settings, below the figures (m)", () => toggleMap(stage));
  const keys = addKeyList(bar);
  button(bar, ICONS.close, "Back to the page (Escape, or f)", () => dialog.close());
  const room = append(dialog, "div", "optlab-stage-room");
  words.setAttribute("role", "status");
  map.textContent = "map";
  map.hidden = true;
  /** @type {Stage} */
  const stage = {
    manager, dialog, room, words, before, after, map, guess, keys, say: createSay(bar),
    labs, first, at: first, asked: LAB, view: null, turn: 0, stop: () => {},
  };
  return stage;
}

/** @type {(stage: Stage, event: KeyboardEvent) => void} */
function pressOn(stage, event) {
  const act = stageAct(event, isTyping(event.target), isPressing(event.target));
  if (!act) return;
  event.preventDefault();
  event.stopPropagation(); // a slider takes PageDown for a large step
  if (event.repeat && act !== "next" && act !== "before") return;
  const acts = {
    next: () => turnBy(stage, 1), before: () => turnBy(stage, -1), play: () => playFilm(stage), guess: () => turnGuess(stage),
    map: () => toggleMap(stage), help: stage.keys.toggle, close: () => stage.dialog.close(),
  };
  void acts[act]();
}

/** @type {(stage: Stage) => void} */
function playFilm({ room, words, say }) {
  /** @type {HTMLElement | null} */
  const play = room.querySelector(".optlab-play");
  if (play) play.click();
  else say(words, "nothing here plays as a film");
}

// A map takes half of the figures' room, so it is there only when asked for.
/** @type {(stage: Stage) => void} */
function toggleMap({ dialog, map, words, say }) {
  if (map.hidden) return say(words, "this lab has no map");
  const on = map.getAttribute("aria-pressed") !== "true";
  map.setAttribute("aria-pressed", String(on));
  dialog.classList.toggle("optlab-with-map", on);
}

/** @type {(stage: Stage, by: number) => Promise<void>} */
async function turnBy(stage, by) {
  const next = stage.at + by;
  if (stage.labs[next]) await turnTo(stage, next);
  else stage.say(stage.words, by > 0 ? "this is the last lab" : "this is the first lab");
}

// From a lab to its guesses, one after the other, and back to the lab.
/** @type {(stage: Stage) => Promise<void>} */
async function turnGuess(stage) {
  const { guesses } = stage.labs[stage.at];
  if (!guesses.length) return stage.say(stage.words, "no guess here is about this lab");
  await turnTo(stage, stage.at, stage.asked + 1 < guesses.length ? stage.asked + 1 : LAB);
}

/** @type {(stage: Stage, at: number, asked?: number) => Promise<void>} */
async function turnTo(stage, at, asked = LAB) {
  const { dialog, room, labs, manager } = stage;
  const turn = ++stage.turn;
  Object.assign(stage, { at, asked });
  nameIt(stage);
  const view = await manager.create_view(await manager.get_model(labs[at].guesses[asked] ?? labs[at].id));
  if (turn !== stage.turn || !dialog.open) return void view.remove(); // overtaken
  stage.stop();
  stage.view?.remove();
  stage.view = view;
  stage.map.hidden = true;
  room.scrollTop = 0;
  stage.stop = asked !== LAB ? () => {} : keepArranged(room, () => {
    stage.map.hidden = !room.querySelector(".optlab-map");
    (firstSlider(room) ?? stage.after).focus({ preventScroll: true });
  });
  attach(view, room);
  if (asked !== LAB) stage.guess.focus({ preventScroll: true });
  dialog.dataset.lab = labs[at].id;
  document.dispatchEvent(new Event(STAGE_CHANGED));
}

// The widgets' own way onto a page; it says "attached" to all that is inside.
/** @type {(view: WidgetView, host: HTMLElement) => void} */
function attach({ luminoWidget, pWidget }, host) {
  const widget = luminoWidget ?? pWidget;
  widget.constructor.attach(widget, host);
}

/** @type {(stage: Stage) => void} */
function nameIt({ dialog, words, before, after, guess, labs, at, asked }) {
  const title = labs[at].title && ` · ${labs[at].title}`;
  const { length } = labs[at].guesses;
  guess.hidden = !length;
  guess.setAttribute("aria-pressed", String(asked !== LAB));
  guess.textContent = guessWords(asked, length);
  words.textContent = `Lab ${at + 1} of ${labs.length}${title}`;
  dialog.setAttribute("aria-label", `${words.textContent}, over the whole window`);
  before.setAttribute("aria-disabled", String(at === 0));
  after.setAttribute("aria-disabled", String(at === labs.length - 1));
}

// What the button of the guesses says.
/** @type {(asked: number, count: number) => string} */
export function guessWords(asked, count) {
  const which = count > 1 ? ` ${asked + 1} of ${count}` : "";
  if (asked === LAB) return count > 1 ? `${count} guesses` : "guess";
  return `guess${which}: ${asked + 1 < count ? "next" : "to the lab"}`;
}

// Back to the page, to the lab that was shown last.
/** @type {(stage: Stage) => void} */
function leave(stage) {
  const { dialog, labs, at, first } = stage;
  stage.turn += 1;
  stage.stop();
  stage.view?.remove();
  dialog.remove();
  document.dispatchEvent(new Event(STAGE_CHANGED));
  const bar = document.querySelector(`.optlab-toolbar[data-lab="${labs[at].id}"]`);
  const place = bar?.closest(".optlab-lab") ?? document.querySelector(`.jp-Notebook [data-windowed-list-index="${labs[at].cell}"]`);
  if (at !== first) place?.scrollIntoView({ block: "start" });
  /** @type {HTMLElement | null | undefined} */ (bar?.querySelector(".optlab-opener"))?.focus({ preventScroll: true });
}

// Where letters turn pages: a menu takes them to look for its entries.
/** @type {(room: HTMLElement) => HTMLElement | null} */
const firstSlider = (room) => room.querySelector(".optlab-sliders .noUi-handle");

/** @type {(target: EventTarget | null, part: Element | null) => boolean} */
const isIn = (target, part) => target instanceof Node && Boolean(part?.contains(target));
