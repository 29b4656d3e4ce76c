/** Writes what differs from the golden pages as a page for a browser: expected, got, and both over each other. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PageDifference } from "./golden-pages.ts";
import { encodeRows } from "./one-bit-png.ts";
import { overlayPng } from "./png.ts";

const STYLE = `body { font: 16px/1.4 sans-serif; margin: 24px; background: #eee; color: #111 }
td, th { padding: 4px 8px; text-align: left; vertical-align: top }
img { display: block; border: 1px solid #777; image-rendering: pixelated }
.more { color: #c00 } .less { color: #06c }`;

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/** Writes `folder`/index.html with its pictures, in place of an earlier one, and returns its path. */
export function writePageDifferences(folder: string, differences: readonly PageDifference[]): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const picture = (name: string, png: Buffer): string => {
    writeFileSync(join(folder, name), png);
    return `<img src="${name}" alt="" width="400" height="240">`;
  };
  const rows = differences.map(({ name, what, expected, got }, i) => {
    const cells = [
      expected === undefined ? "none" : picture(`${i}-expected.png`, encodeRows(expected)),
      got === undefined ? "none" : picture(`${i}-got.png`, encodeRows(got)),
      expected === undefined || got === undefined
        ? ""
        : picture(`${i}-difference.png`, overlayPng(expected, got)),
    ];
    const title = `<tr><th colspan="3">${escaped(name)}: ${escaped(what)}</th></tr>`;
    return `${title}\n<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  const legend = `<b class="more">Red</b> is new ink, <b class="less">blue</b> is ink that went.`;
  const head = `<tr><th>expected</th><th>got</th><th>difference</th></tr>`;
  const path = join(folder, "index.html");
  writeFileSync(
    path,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages that changed</title><style>${STYLE}</style>
<h1>${differences.length} pages changed</h1>
<p>${legend} When all of it is wanted: <code>make pages ACCEPT=1</code>.</p>
<table>${head}
${rows.join("\n")}
</table></html>
`,
  );
  return path;
}
