/** The files of the page as `make sim` has built them, read once: a run serves what it began with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const HTML = "text/html; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";
const STYLE = "text/css; charset=utf-8";

/** Names below the token, and what is served there. */
const FILES: readonly (readonly [string, string, string])[] = [
  ["", "terminal.html", HTML],
  ["counter", "counter.html", HTML],
  ["terminal.js", "terminal.js", SCRIPT],
  ["counter.js", "counter.js", SCRIPT],
  ["page.css", "page.css", STYLE],
  ["counter.css", "counter.css", STYLE],
  ["icon.svg", "icon.svg", "image/svg+xml"],
];

export type PageFiles = ReadonlyMap<string, PageFile>;

/** Throws with a sentence when something is missing. */
export function readPageFiles(folder: string): PageFiles {
  return new Map(FILES.map(([name, file, type]) => [name, { type, bytes: readBuilt(join(folder, file)) }]));
}

function readBuilt(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`the page is not built (${cause}); make sim builds it, --headless does without`);
  }
}
