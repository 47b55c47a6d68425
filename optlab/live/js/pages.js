// @ts-check
// Pages of frames: every one is asked for once and all at once; one that cannot be had or read takes no other with it.
/** @import { Model, Page } from "./types" */

import { modelOf } from "./models.js";
import { unpacked } from "./packing.js";

/** @type {(read: Set<string>, model: Model, take: (page: Page | undefined) => void) => Promise<void>} */
export async function newPages(read, model, take) {
  /** @type {string[]} */
  const references = model.get("pages").filter((/** @type {string} */ reference) => !read.has(reference));
  references.forEach((reference) => read.add(reference));
  for (const page of references.map((reference) => modelOf(model, reference))) {
    try {
      const found = (await page)?.attributes;
      take(found?.value ? await unpacked(found.value) : found);
    } catch (error) {
      warn(error);
    }
  }
}

/** @type {(error: unknown) => void} */
export const warn = (error) => console.warn("optlab:", error);

// Does one piece of work after the other; one that fails is noted, and holds up none.
/** @type {() => (work: () => Promise<void>) => void} */
export function inOrder() {
  let last = Promise.resolve();
  return (work) => void (last = last.then(work).catch(warn));
}
