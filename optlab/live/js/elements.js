// @ts-check
// Elements, and buttons with icons.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {HTMLElement} parent
 * @param {Tag} tag
 * @param {string} [className]
 */
export function append(parent, tag, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  return parent.appendChild(element);
}

// A button with an icon, or with words that are put into it later.
/** @type {(parent: HTMLElement, icon: string | null, words: string, act: () => void) => HTMLButtonElement} */
export function button(parent, icon, words, act) {
  const element = append(parent, "button", "optlab-button");
  element.type = "button";
  if (icon) setIcon(element, icon);
  label(element, words);
  element.addEventListener("click", act);
  return element;
}

// In words: for the ear, and as a tooltip.
/** @type {(element: HTMLElement, words: string) => void} */
export function label(element, words) {
  if (element.querySelector("svg")) element.setAttribute("aria-label", words);
  element.title = words;
}

/** @type {(element: HTMLElement, icon: string) => void} */
export function setIcon(element, icon) {
  if (element.dataset.icon === icon) return;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", icon);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  element.replaceChildren(svg);
  element.dataset.icon = icon;
}
