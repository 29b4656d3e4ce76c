/** Each layer is a compiler error: in a copy of the tree's configuration every forbidden import must be refused, and only those. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";

const ROOT = path.resolve("build/fixtures/layers");
/** Folders in the order of design §3, with those each may import. */
const LAYERS: readonly [string, readonly string[]][] = [
  ["hal", []],
  ["firmware/protocol", ["hal"]],
  ["firmware/driver", ["hal", "firmware/protocol"]],
  ["firmware/service", ["hal", "firmware/protocol", "firmware/driver"]],
  ["firmware/ui", ["hal", "firmware/protocol", "firmware/driver", "firmware/service"]],
  ["firmware", ["hal", "firmware/protocol", "firmware/driver", "firmware/service", "firmware/ui"]],
];
const FIRMWARE = LAYERS.map(([folder]) => folder);
const ALL: readonly [string, readonly string[]][] = [
  ...LAYERS,
  ["board", FIRMWARE],
  ["host-sim", [...FIRMWARE, "board"]],
  ["test", [...FIRMWARE, "board", "host-sim"]],
];
/** What a device folder must not see of Node, by the name of its own line. */
const PLATFORM = [
  'export { readFileSync } from "node:fs";',
  "export const a = process;",
  "export const b = console;",
  "export const c = setTimeout;",
  "export const d = [1].includes(1);",
];
const DEVICE = [...FIRMWARE, "board"];

function importPath(from: string, to: string): string {
  const relative = path.posix.relative(from, `${to}/thing.ts`);
  return relative.startsWith(".") ? relative : `./${relative}`;
}

function name(to: string): string {
  return `uses-${to.replace("/", "-")}.ts`;
}

function setUp(): void {
  rmSync(ROOT, { recursive: true, force: true });
  const references = ALL.map(([folder]) => ({ path: folder }));
  for (const [folder] of ALL) {
    mkdirSync(path.join(ROOT, folder), { recursive: true });
    const config = JSON.parse(readFileSync(`${folder}/tsconfig.json`, "utf8")) as {
      references: { path: string }[];
    };
    config.references = config.references.filter(({ path: to }) => {
      return ALL.some(([known]) => known === path.posix.join(folder, to));
    });
    writeFileSync(path.join(ROOT, folder, "tsconfig.json"), JSON.stringify(config));
    writeFileSync(
      path.join(ROOT, folder, "thing.ts"),
      "export const thing = 1;\nexport interface Thing { a: number }\n",
    );
    for (const [to] of ALL.filter(([other]) => other !== folder)) {
      const from = importPath(folder, to);
      const text = `import type { Thing } from "${from}";\nexport { thing } from "${from}";\nexport const a: Thing = { a: 1 };\n`;
      writeFileSync(path.join(ROOT, folder, name(to)), text);
    }
    if (DEVICE.includes(folder))
      writeFileSync(path.join(ROOT, folder, "platform.ts"), `${PLATFORM.join("\n")}\n`);
  }
  copyFileSync("tsconfig.base.json", path.join(ROOT, "tsconfig.base.json"));
  writeFileSync(path.join(ROOT, "tsconfig.json"), JSON.stringify({ files: [], references }));
}

const test = suite("layers");
let errors: string[] = [];

test.before(() => {
  setUp();
  const tsc = path.resolve("node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-b", "--pretty", "false"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  errors = stdout.split("\n").filter((line) => line.includes("error TS"));
});

function errorsOf(file: string): string[] {
  return errors.filter((line) => line.startsWith(`${file}(`));
}

for (const [folder, allowed] of ALL) {
  for (const [to] of ALL.filter(([other]) => other !== folder)) {
    const file = `${folder}/${name(to)}`;
    const may = allowed.includes(to);
    test(`${folder} ${may ? "may" : "may not"} import ${to}`, () => {
      const said = errorsOf(file);
      if (may) equal(said, []);
      else
        ok(
          said.some((line) => line.includes("TS6307")),
          `only: ${said.join("; ")}`,
        );
    });
  }
}

for (const folder of DEVICE) {
  test(`${folder} sees nothing of Node and nothing newer than ES2015`, () => {
    const lines = errorsOf(`${folder}/platform.ts`).map((line) => Number(line.match(/\((\d+),/)?.[1]));
    equal([...new Set(lines)].sort(), [1, 2, 3, 4, 5]);
  });
}

test.run();
