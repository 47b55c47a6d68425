// @ts-check
// Text within XML.

/** @type {(text: string) => string} */
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
