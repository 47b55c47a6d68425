// @ts-check
// The labs of a page: each takes the place of its picture, plays without a kernel, and is a link as it stands.

import { file, folderOf } from "./files.js";
import { keep } from "./kept.js";
import { PageManager } from "./manager.js";
import { stopsAt, textAt } from "./programs.js";
import { ask } from "./questions.js";
import { toldOf } from "./sketched.js";
import { fragmentFor, fragmentOf, leftInWords, stateOf } from "./states.js";
import { tellHowFar } from "./so_far.js";
import { turns } from "./turns.js";

const NEAR = "1200px"; // from the window: then a lab is made
/** @type {Map<string, Promise<PageManager>>} */
const managers = new Map();

export async function showLabs() {
  tellHowFar();
  const boxes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".optlab-view, .optlab-question")]);
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      const box = /** @type {HTMLElement} */ (target);
      void inTurn(() => show(box), () => distance(box));
    }
  }, { rootMargin: NEAR });
  boxes.forEach((box) => watch.observe(box));
  await openFragment(boxes);
  addEventListener("hashchange", () => void openFragment(boxes));
}

const inTurn = turns();

// From the window: 0 for what is in it.
/** @type {(box: HTMLElement) => number} */
function distance(box) {
  const { top, bottom } = box.getBoundingClientRect();
  return Math.max(top - innerHeight, -bottom, 0);
}

/** @type {(box: HTMLElement) => Promise<PageManager>} */
function managerOf(box) {
  const folder = folderOf(box);
  const found = managers.get(folder) ?? file(`${folder}/labs.json`).then((bytes) => new PageManager(JSON.parse(new TextDecoder().decode(bytes)), folder));
  managers.set(folder, found);
  return found;
}

/** @type {WeakMap<HTMLElement, Promise<void>>} */
const shown = new WeakMap();

/** @type {(box: HTMLElement) => Promise<void>} */
function show(box) {
  const found = shown.get(box) ?? made(box).catch((error) => {
    box.dataset.state = "failed";
    console.error("optlab:", error);
  });
  shown.set(box, found);
  return found;
}

/** @type {(box: HTMLElement) => Promise<void>} */
async function made(box) {
  const manager = await managerOf(box);
  if (box.classList.contains("optlab-question")) return askHere(manager, box);
  const id = box.dataset.model ?? "";
  const lab = manager.described.labs[id];
  if (lab) await furnish(manager, lab);
  const place = document.createElement("div");
  place.className = "optlab-live";
  box.append(place);
  if (lab && box.dataset.begins) await setState(manager, lab, box.dataset.begins);
  await manager.show(id, place);
  await drawn(place);
  box.querySelector(".optlab-still")?.remove();
  if (lab) addLink(manager, lab, box); // with the lab: before it, the link would jump
  box.dataset.state = "live";
  if (place.querySelector(".optlab-fact")) return; // it has its frames with it
  const frames = lab?.frames ?? Object.keys(manager.described.frames);
  requestAnimationFrame(() => setTimeout(() => void manager.look(frames, () => (box.dataset.frames = "first")).then(() => (box.dataset.frames = "there"))));
}

// Once every figure of a lab is on its canvas.
/** @type {(place: HTMLElement) => Promise<void>} */
async function drawn(place) {
  const ready = () => {
    if (place.querySelector(".optlab-folded")) return true; // what is folded is painted when it is opened
    const canvases = [...place.querySelectorAll(".optlab-figure canvas[role=img]")];
    return canvases.length > 0 && canvases.every((canvas) => /** @type {HTMLElement} */ (canvas).dataset.slot);
  };
  for (let k = 0; k < 200 && !ready(); k += 1) await new Promise((resolve) => setTimeout(resolve, 50));
}

// What the kernel would do: write programs; and what it would keep: goals that were reached.
/** @type {(manager: PageManager, lab: any) => Promise<void>} */
async function furnish(manager, lab) {
  const toolbar = await manager.get_model(lab.toolbar);
  if (lab.furnished) return;
  lab.furnished = true;
  toolbar.set("loads", true);
  toolbar.on("change:asked", () => {
    const slot = toolbar.get("asked");
    toolbar.set("program", { slot, text: lab.program ? textAt(lab.program, lab.shape, stopsAt(lab.shape, slot)) : "" });
  });
  toolbar.on("change:noted", () => {
    toolbar.get("noted").forEach((/** @type {number} */ slot, /** @type {number} */ k) => {
      if (slot >= 0) keep("goal", `${lab.name}/${toolbar.get("goals")[k]}`, { slot });
    });
    document.dispatchEvent(new Event("optlab-kept"));
  });
}

/** @type {(manager: PageManager, box: HTMLElement) => void} */
function askHere(manager, box) {
  const question = manager.described.questions[box.dataset.model ?? ""];
  const { replay, sketch, player: id, figures } = question;
  ask(box, question, async () => {
    if (!replay) return "";
    await (film ?? addFilm(manager, box, question));
    for (const one of [...figures, id]) await manager.goOn(one);
    const player = await manager.get_model(id);
    await seen(player);
    player.set("told", true);
    return sketch ? toldOf(sketch, (await manager.get_model(sketch.figure)).get("drawn")) : "";
  });
  box.classList.toggle("optlab-sketched", Boolean(sketch));
  const film = sketch ? addFilm(manager, box, question) : null; // its picture is there to be drawn on
}

/** @type {(manager: PageManager, box: HTMLElement, question: any) => Promise<void>} */
async function addFilm(manager, box, { replay, player, lab, stops }) {
  const place = document.createElement("div");
  place.className = "optlab-live optlab-guess";
  box.append(place);
  (await manager.get_model(player)).on("change:to_lab", () => void move(manager, manager.described.labs[lab], stops));
  await manager.show(replay, place);
}

// Once the last run has been shown to its end.
/** @type {(player: any) => Promise<void>} */
const seen = (player) => new Promise((resolve) => {
  const look = () => {
    if (player.get("index") === player.get("runs").length - 1 && player.get("step") >= player.get("last")) resolve();
  };
  player.on("change:index change:step", look);
  look();
});

/** @type {(manager: PageManager, lab: any, stops: number[]) => Promise<void>} */
async function move(manager, lab, stops) {
  const sliders = await Promise.all(lab.sliders.map((/** @type {string} */ id) => manager.get_model(id)));
  sliders.forEach((slider, k) => slider.set("index", stops[k]));
}

// ---------------------------------------------------------------- a lab as a link

/** @type {(manager: PageManager, lab: any, box: HTMLElement) => void} */
function addLink(manager, lab, box) {
  if (!lab.link) return;
  noteAbove(box);
  const row = document.createElement("div");
  row.className = "optlab-link";
  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = "copy a link to this setting";
  copy.addEventListener("click", () => void linkOf(manager, lab).then((link) => {
    history.replaceState(null, "", link);
    return navigator.clipboard.writeText(link);
  }).then(() => (said.textContent = "copied"), () => (said.textContent = "it is in the address line")));
  const said = document.createElement("output");
  row.append(copy, said);
  if (lab.settings < lab.of) {
    const words = document.createElement("span");
    words.textContent = `This page has ${lab.settings.toLocaleString("en")} of the lab's ${lab.of.toLocaleString("en")} settings; with Python it has all.`;
    row.append(words);
  }
  box.append(row);
}

/** @type {(manager: PageManager, lab: any) => Promise<string>} */
async function linkOf(manager, lab) {
  const [toolbar, ...sliders] = await Promise.all([lab.toolbar, ...lab.sliders].map((id) => manager.get_model(id)));
  const params = toolbar.get("params");
  const words = (/** @type {number[]} */ stops) => params.flatMap((/** @type {any} */ { name, texts, default: usual }, /** @type {number} */ k) =>
    (stops[k] === usual ? [] : [`${name}=${texts[stops[k]]}`])).join(", ");
  const pins = toolbar.get("pins").filter((/** @type {number} */ slot) => slot >= 0).map((/** @type {number} */ slot) => `pin ${words(stopsAt(lab.shape, slot))}`.trim());
  const film = toolbar.get("step") < toolbar.get("last") ? [`at ${toolbar.get("step")}`] : [];
  const state = [words(sliders.map((slider) => slider.get("index"))), ...pins, ...film].filter(Boolean).join("; ");
  return `${location.href.split("#")[0]}${fragmentFor(lab.link, state)}`;
}

/** @type {(boxes: HTMLElement[]) => Promise<void>} */
async function openFragment(boxes) {
  const found = fragmentOf(location.hash);
  document.querySelectorAll(".optlab-left-out").forEach((words) => words.replaceChildren()); // said of the link before
  if (!found) return;
  for (const box of boxes) {
    const manager = await managerOf(box);
    const lab = manager.described.labs[box.dataset.model ?? ""];
    if (lab?.link !== found[0]) continue;
    await show(box);
    const left = await setState(manager, lab, found[1]);
    noteAbove(box).textContent = leftInWords(left);
    box.scrollIntoView({ block: "start" });
    return;
  }
  noteAbove(document.querySelector("article") ?? document.body).textContent = `This page has no lab called ${found[0]}.`;
}

// The place for what a link asks for in vain: above its lab, where a reader begins; or above the page.
/** @type {(box: HTMLElement) => Element} */
function noteAbove(box) {
  const note = box.querySelector(":scope > .optlab-left-out") ?? document.createElement("output");
  note.className = "optlab-left-out";
  if (!note.parentElement) box.prepend(note);
  return note;
}

// Brings a lab to a state, as far as it can have it; gives what it cannot.
/** @type {(manager: PageManager, lab: any, text: string) => Promise<string[]>} */
async function setState(manager, lab, text) {
  const toolbar = await manager.get_model(lab.toolbar);
  const state = stateOf({ params: toolbar.get("params"), strides: toolbar.get("strides") }, text, toolbar.get("last"));
  await move(manager, lab, state.stops);
  toolbar.set({ pins: state.pins, step: state.step ?? toolbar.get("last") });
  return state.left;
}
