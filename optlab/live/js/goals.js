// @ts-check
// The goals of a lab, a line each: which of them the run on the screen reaches, and which were reached before and where.
//
// A goal lights up where the sliders come to rest, not while they pass by. It is noted when the learner's own hand has
// moved them there, not the kernel. The kernel keeps what is noted for another day (optlab/live/noted.py).
/** @import { LabTools, Model } from "./types" */

import { append, button } from "./elements.js";
import { comesFromKernel, follow, followSliders } from "./models.js";
import { moveLab } from "./moving.js";
import { settingInWords, slotOf } from "./setting.js";

const REST = 300; // ms: a goal that is only passed by on the way neither lights up nor is noted
const NEVER = -1; // stands in `noted` for a goal that was not reached yet
export const SOMEWHERE = -2; // stands there for one that was reached at a setting which this lab does not have

/** @typedef {{ item: HTMLElement, words: HTMLElement, there: HTMLButtonElement }} GoalLine */

/** @type {(lab: LabTools) => () => void} */
export function addGoals(lab) {
  const { model, box } = lab;
  /** @type {string[]} */
  const texts = model.get("goals");
  const list = append(box, "ul", "optlab-goals");
  list.hidden = !texts.length;
  const lines = texts.map((_, k) => goalLine(list, () => moveLab(lab, { slot: model.get("noted")[k] })));
  /** @type {boolean[]} */
  let lit = [];
  const show = () => lines.forEach((line, k) => showGoal(lab, line, k, Boolean(lit[k])));
  const undo = [
    followRest(lab, (now) => {
      lit = now;
      show();
    }),
    follow(model, ["noted"], show),
    followHands(lab, (slot) => noteReached(model, slot)),
  ];
  return () => undo.forEach((stop) => stop());
}

/** @type {(list: HTMLElement, go: () => void) => GoalLine} */
function goalLine(list, go) {
  const item = append(list, "li");
  return { item, words: append(item, "span"), there: button(item, null, "Go to where it was reached", go) };
}

// Tell which goals are reached, now and at every change: one lights up only once the sliders have rested, and goes out
// at once.
/** @type {(lab: Pick<LabTools, "model" | "sliders" | "strides">, tell: (lit: boolean[]) => void) => () => void} */
export function followRest({ model, sliders, strides }, tell) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {boolean[]} */
  let lit = [];
  let restsAt = slotOf(sliders, strides); // asked, not waited for: a figure may hear of a move first
  const look = () => {
    const atRest = restsAt === slotOf(sliders, strides);
    lit = model.get("reached").map((/** @type {boolean} */ now, /** @type {number} */ k) => now && (atRest || Boolean(lit[k])));
    tell(lit);
  };
  const rest = () => {
    restsAt = slotOf(sliders, strides);
    look();
  };
  const move = () => {
    restsAt = NEVER;
    clearTimeout(timer);
    timer = setTimeout(rest, REST);
    look();
  };
  look();
  const undo = [follow(model, ["reached"], look), followSliders(sliders, move)];
  return () => {
    clearTimeout(timer);
    undo.forEach((stop) => stop());
  };
}

/** @type {(lab: LabTools, line: GoalLine, k: number, reached: boolean) => void} */
function showGoal(lab, { item, words, there }, k, reached) {
  const [text, at] = [lab.model.get("goals")[k], lab.model.get("noted")[k] ?? NEVER];
  const before = at !== NEVER;
  item.classList.toggle("optlab-reached", reached);
  item.classList.toggle("optlab-noted", before);
  words.textContent = `${reached || before ? "✔" : "○"} Goal: ${text}`;
  item.setAttribute("aria-label", `Goal ${reached ? "reached" : before ? "reached before" : "not reached"}: ${text}`);
  there.hidden = at < 0 || at === slotOf(lab.sliders, lab.strides);
  there.textContent = there.hidden ? "" : `reached at ${settingInWords(lab, at)}`;
}

// Call a function with the slot where the sliders have come to rest, if a hand in this page moved them there.
/** @type {(lab: LabTools, rested: (slot: number) => void) => () => void} */
export function followHands({ model, sliders, strides }, rested) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let moved = NEVER; // where a hand has moved the sliders to
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void (moved === slotOf(sliders, strides) && rested(moved)), REST);
  };
  const undo = sliders.map((slider) => follow(slider, ["index"], () => {
    const slot = slotOf(sliders, strides);
    moved = !comesFromKernel(slider) || model.get("hand") === slot ? slot : NEVER;
    look();
  }));
  undo.push(follow(model, ["reached"], look)); // its run may come later
  return () => {
    clearTimeout(timer);
    undo.forEach((stop) => stop());
  };
}

/** @type {(model: Model, slot: number) => void} */
export function noteReached(model, slot) {
  const [before, reached] = [model.get("noted"), model.get("reached")];
  const after = model.get("goals").map((/** @type {string} */ _, /** @type {number} */ k) =>
    ((before[k] ?? NEVER) === NEVER && reached[k] ? slot : before[k] ?? NEVER));
  if (after.every((/** @type {number} */ at, /** @type {number} */ k) => at === (before[k] ?? NEVER))) return;
  model.set("noted", after);
  model.save_changes();
}
