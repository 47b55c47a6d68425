// @ts-check
// Files of the site, each fetched once.

/** @type {Map<string, Promise<ArrayBuffer>>} */
const fetched = new Map();

/** @type {(url: string) => Promise<ArrayBuffer>} */
export function file(url) {
  const found = fetched.get(url) ?? fetch(url).then((answer) => {
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.arrayBuffer();
  });
  fetched.set(url, found);
  return found;
}

// Where the files of a lab are.
/** @type {(box: HTMLElement) => string} */
export const folderOf = (box) => new URL(`${document.documentElement.dataset.content_root ?? "./"}${box.dataset.folder}`, location.href).href;
