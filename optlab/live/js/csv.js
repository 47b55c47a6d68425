// @ts-check
// Tables as text, and names of files.
/** @import { Cells } from "./types" */

// As RFC 4180 has it.
/** @type {(rows: Cells[]) => string} */
export const csvText = (rows) => rows.map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";

/** @type {(cell: string | number) => string} */
const quoted = (cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell));

// A file's name that says the lab and where it stands, without what some system does not allow in one.
/** @type {(maker: string, state: string, ending: string) => string} */
export function fileName(maker, state, ending) {
  const words = `${maker.split(".").at(-1) || "lab"} ${state || "defaults"}`;
  return `${words.replaceAll(/[\\/:*?"<>|;\s]+/g, " ").slice(0, 120).trim()}.${ending}`;
}
