// @ts-check
// What every page of the site runs at once: formulas, and labs where there are any. Labs and formulas come in scripts of
// their own, so that no text waits for them.

import { file, folderOf } from "./files.js";

const root = document.documentElement;

followTheme();
nameToggles();
closeContents();
if (document.querySelector(".math")) void import("./formulas.js").then(({ showFormulas }) => showFormulas());
const first = document.querySelector(".optlab-view, .optlab-question");
if (first) void file(`${folderOf(/** @type {HTMLElement} */ (first))}/labs.json`).catch(() => {}); // while the script below comes
if (first ?? document.querySelector(".optlab-so-far")) void import("./labs.js").then(({ showLabs }) => showLabs());

// The labs' style sheets ask for JupyterLab's sign of a dark page.
function followTheme() {
  const tell = () => (document.body.dataset.jpThemeLight = String(root.dataset.theme !== "dark"));
  new MutationObserver(tell).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  tell();
}

// The theme's menu has buttons without a name beside its links.
function nameToggles() {
  for (const summary of document.querySelectorAll("summary")) {
    if (summary.textContent?.trim() || summary.ariaLabel) continue;
    const of = summary.closest("li")?.querySelector("a")?.textContent?.trim();
    summary.setAttribute("aria-label", `pages of ${of ?? "this part"}`);
  }
}

// The theme lets the page's contents lie over the page when one of them has been chosen.
function closeContents() {
  document.addEventListener("click", ({ target }) => {
    const chosen = target instanceof Element && target.closest("dialog.bd-sidebar-secondary a");
    if (chosen) chosen.closest("dialog")?.close();
  });
}
