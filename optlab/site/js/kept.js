// @ts-check
// What a reader has answered and reached, kept in this browser; where it keeps nothing, for as long as the page is open.

const KEY = "optlab";
/** @type {Record<string, Record<string, any>>} */
let here = {};

/** @type {() => Record<string, Record<string, any>>} */
export function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (found && typeof found === "object") here = found;
  } catch {
    // a browser that keeps nothing, or a text that is not ours
  }
  return here;
}

/** @type {(kind: string, key: string, what: any) => void} */
export function keep(kind, key, what) {
  const all = kept();
  here = { ...all, [kind]: { ...all[kind], [key]: what } };
  try {
    localStorage.setItem(KEY, JSON.stringify(here));
  } catch {
    // as above
  }
}

export function forget() {
  here = {};
  try {
    localStorage.removeItem(KEY);
  } catch {
    // as above
  }
}
