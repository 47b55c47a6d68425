// @ts-check
// A prediction: chosen, locked in, and compared with the run that was made when the site was built.

import { keep, kept } from "./kept.js";

/** @typedef {{ key: string, question: string, options: string[], true: number, told: string[], lab: string | null, stops: number[], replay: string | null, player: string | null, figures: string[] }} Question */

// `decide` shows the run that decides, until its end: told before, the answer would spoil the film. It says what there is
// to say of a sketch.
/** @type {(box: HTMLElement, question: Question, decide: () => Promise<string>) => void} */
export function ask(box, question, decide) {
  const form = document.createElement("form");
  form.className = "optlab-asking";
  const set = append(form, "fieldset");
  append(set, "legend").innerHTML = question.question; // HTML that Python has escaped
  const inputs = question.options.map((option, k) => choice(set, option, `${question.key}-${k}`, question.key));
  const lock = append(form, "button");
  lock.textContent = "lock in";
  lock.title = "Make this your prediction; it cannot be changed after";
  const said = append(form, "div");
  said.setAttribute("aria-live", "polite");
  said.tabIndex = -1;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = inputs.findIndex((input) => input.checked);
    if (chosen < 0) return void (said.textContent = "Choose one first.");
    answer(chosen);
  });
  box.replaceChildren(form);
  const before = kept().prediction?.[question.key];
  if (before && question.options.includes(before.chosen)) said.textContent = recalled(question, before.chosen);

  /** @type {(chosen: number) => void} */
  function answer(chosen) {
    lock.remove();
    inputs.forEach((input) => (input.disabled = true));
    said.textContent = `You said “${question.options[chosen]}”; now the run decides …`;
    keep("prediction", question.key, { chosen: question.options[chosen], right: chosen === question.true });
    document.dispatchEvent(new Event("optlab-kept"));
    said.focus(); // the button that had the focus is gone
    void decide().then((drawn) => tell(chosen, drawn));
  }

  /** @type {(chosen: number, drawn: string) => void} */
  function tell(chosen, drawn) {
    inputs.forEach((input, k) => {
      const label = /** @type {HTMLElement} */ (input.parentElement);
      if (k === question.true) label.classList.add("optlab-right");
      const mark = k === question.true ? (k === chosen ? " ✔ right, your guess" : " ✔ right") : k === chosen ? " ✘ your guess" : "";
      append(label, "b").textContent = mark;
    });
    said.innerHTML = question.told[chosen]; // HTML that Python has escaped
    said.firstElementChild?.append(drawn && ` ${drawn}`);
  }
}

/** @type {(question: Question, chosen: string) => string} */
function recalled({ options, true: right }, chosen) {
  return `You answered this before: “${chosen}”, which was ${options[right] === chosen ? "right" : "not right"}.`;
}

/** @type {(set: HTMLElement, option: string, id: string, name: string) => HTMLInputElement} */
function choice(set, option, id, name) {
  const label = append(set, "label");
  const input = append(label, "input");
  Object.assign(input, { type: "radio", name, id, value: option });
  append(label, "span").textContent = option;
  return input;
}

/** @type {<K extends keyof HTMLElementTagNameMap>(parent: HTMLElement, tag: K) => HTMLElementTagNameMap[K]} */
function append(parent, tag) {
  const made = document.createElement(tag);
  parent.append(made);
  return made;
}
