// Buttons and their icons.

// What is drawn in a square of 16 by 16.
const ICONS = {
  play: "M4 2.5v11l9.5-5.5z",
  pause: "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z",
  step: "M3 2.5v11l7-5.5zM11 2.5h2.5v11h-2.5z",
  whole: "M2 2.5v11l5.5-5.5zM7.5 2.5v11l5-5.5zM12.5 2.5h2v11h-2z",
  pin: "M5 1.5h6v1.5h-1v4l2.5 2v1.5h-3.8v4.5l-.7 1-.7-1v-4.5h-3.8v-1.5l2.5-2v-4h-1z",
  link: "M9 1.5h5.5v5.500h-1.800v-2.400l-5 5-1.3-1.3 5-5h-2.400zM2 3.500h5v1.600h-3.400v7.300h7.300v-3.400h1.600v5h-10.500z",
  copy: "M5 1.500h9v10h-2.500v3h-9v-10h2.500zM6.5 3v7h6v-7z",
  close: "M3.5 2.300l4.5 4.5 4.5-4.5 1.2 1.2-4.5 4.5 4.5 4.5-1.2 1.2-4.5-4.5-4.5 4.5-1.2-1.2 4.5-4.5-4.5-4.500z",
};

function append(parent, tag, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  return parent.appendChild(element);
}

function button(parent, icon, words, act) {
  const element = append(parent, "button", "optlab-button");
  element.type = "button";
  if (icon) setIcon(element, icon);
  label(element, words);
  element.addEventListener("click", act);
  return element;
}

// In words: for the ear, and as a tooltip.
function label(element, words) {
  if (element.querySelector("svg")) element.setAttribute("aria-label", words);
  element.title = words;
}

function setIcon(element, icon) {
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
