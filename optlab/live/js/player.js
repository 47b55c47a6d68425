// @ts-check
// The player: the run as a film, from its first step to its last; played, stepped or scrubbed by hand.
/** @import { LabTools, Model } from "./types" */

import { append, button, setIcon } from "./elements.js";
import { ICONS } from "./icons.js";
import { comesFromKernel, follow, followSliders } from "./models.js";

const SECONDS = 5; // a whole film
const LONGEST = 0.5; // seconds that one step stays, so that a film of few is short

/** @typedef {{ model: Model, last: number, timer: number | null, show: () => void, stop: () => void }} Player */

/** @type {(lab: Pick<LabTools, "model" | "sliders" | "row">) => () => void} */
export function addPlayer({ model, sliders, row }) {
  const last = model.get("last");
  if (!last) return () => {};
  const unit = model.get("unit");
  /** @type {Player} */
  const film = { model, last, timer: null, show: () => {}, stop: () => {} };
  const play = button(row, ICONS.play, `Play the run ${unit} by ${unit}`, () => (film.timer ? pause(film) : start(film)));
  play.classList.add("optlab-play"); // the stage's Space presses it
  button(row, ICONS.step, `One ${unit} on`, () => goTo(film, model.get("step") >= last ? 0 : model.get("step") + 1));
  const scrubber = append(row, "input", "optlab-scrubber");
  const count = append(row, "output", "optlab-count");
  const now = append(count, "span");
  append(count, "span", "optlab-of").textContent = ` / ${last}`; // left out where there is no room
  button(row, ICONS.whole, "Back to the whole run", () => goTo(film, last));
  Object.assign(scrubber, { type: "range", min: 0, max: last, step: 1, title: `The ${unit} that is shown` });
  scrubber.setAttribute("aria-label", `${unit} shown`);
  scrubber.addEventListener("input", () => goTo(film, Number(scrubber.value), false));
  scrubber.addEventListener("change", () => model.save_changes());
  scrubber.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    play.click();
  });
  film.show = () => {
    const coming = model.get("coming") ?? -1;
    const step = coming < 0 ? model.get("step") : Math.min(coming, model.get("step")); // no more of the run is there
    scrubber.value = step;
    scrubber.setAttribute("aria-valuetext", `${unit} ${step} of ${last}`);
    now.textContent = step;
    setIcon(play, film.timer ? ICONS.pause : ICONS.play);
    play.setAttribute("aria-pressed", String(Boolean(film.timer)));
  };
  now.style.minWidth = `${String(last).length}ch`;
  film.show();
  const undo = [follow(model, ["step", "coming"], film.show), openAtAMove(model, sliders)];
  return () => {
    pause(film);
    undo.forEach((stop) => stop());
  };
}

// A lab may open at its film's start, so that its picture does not answer the question above it. Nothing would be seen to
// follow a slider there: the first move by hand shows the whole run, unless the film has been moved before.
/** @type {(model: Model, sliders: Model[]) => () => void} */
export function openAtAMove(model, sliders) {
  let waiting = model.get("step") === 0;
  const moved = follow(model, ["step"], () => (waiting = false));
  const slid = followSliders(sliders, () => {
    if (!waiting || sliders.some(comesFromKernel)) return;
    model.set("step", model.get("last"));
    model.save_changes();
  });
  return () => [moved, slid].forEach((stop) => stop());
}

// How long a whole film takes, in seconds.
/** @type {(last: number) => number} */
export const secondsOf = (last) => Math.min(SECONDS, LONGEST * last);

// Only what has come to rest is told to the kernel.
/** @type {(film: Player, step: number, atRest?: boolean) => void} */
function goTo(film, step, atRest = true) {
  if (film.timer) pause(film);
  film.model.set("step", step);
  if (atRest) film.model.save_changes();
}

/** @type {(film: Player) => void} */
export function start(film) {
  const { model, last } = film;
  const from = model.get("step") >= last ? 0 : model.get("step");
  const begun = performance.now();
  let shown = model.get("step");
  film.stop = follow(model, ["step"], (changed) => {
    // A reset, an undo or another view has moved it. The kernel only repeats what it was told before.
    if (model.get("step") !== shown && !comesFromKernel(changed)) pause(film);
  });
  const next = (/** @type {number} */ now) => {
    const step = Math.min(last, from + Math.floor(((now - begun) / 1000 / secondsOf(last)) * last));
    film.timer = step < last ? requestAnimationFrame(next) : null;
    shown = Math.max(from, step);
    model.set("step", shown);
    if (!film.timer) pause(film);
  };
  film.timer = requestAnimationFrame(next);
  film.show();
}

/** @type {(film: Player) => void} */
function pause(film) {
  if (film.timer) cancelAnimationFrame(film.timer);
  film.timer = null;
  film.stop();
  film.show();
  film.model.save_changes();
}
