/** Every rule of the device subset really refuses: one violating snippet each, linted with the project's own configuration. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ESLint, type Linter } from "eslint";
import { suite } from "uvu";
import { equal, match, ok } from "uvu/assert";
import { DEVICE_SNIPPETS, HOST_SNIPPETS, type Snippet, SOUND_DEVICE_FILE } from "./lint-snippets.ts";

const ROOT = path.resolve("build/fixtures/lint");
const DEVICE = "firmware/protocol";
const HOST = "host-sim";

function write(folder: string, name: string, text: string): string {
  const file = path.join(ROOT, folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function setUp(): void {
  rmSync(ROOT, { recursive: true, force: true });
  for (const folder of [DEVICE, HOST]) {
    mkdirSync(path.join(ROOT, folder), { recursive: true });
    copyFileSync(`${folder}/tsconfig.json`, path.join(ROOT, folder, "tsconfig.json"));
  }
  copyFileSync("tsconfig.base.json", path.join(ROOT, "tsconfig.base.json"));
  DEVICE_SNIPPETS.forEach((snippet, i) => write(DEVICE, `snippet-${i}.ts`, snippet.code));
  HOST_SNIPPETS.forEach((snippet, i) => write(HOST, `snippet-${i}.ts`, snippet.code));
  write(DEVICE, "sound.ts", SOUND_DEVICE_FILE);
}

/** The messages by file, as `folder/name`. */
async function lintAll(): Promise<Map<string, string[]>> {
  const configPath = path.resolve("eslint.config.js");
  const config = ((await import(configPath)) as { default: Linter.Config[] }).default;
  const eslint = new ESLint({ cwd: ROOT, overrideConfigFile: true, overrideConfig: config });
  const results = await eslint.lintFiles(["."]);
  const messagesOf = (result: ESLint.LintResult): string[] => {
    return result.messages.map((message) => `${message.ruleId ?? "parser"}: ${message.message}`);
  };
  return new Map(results.map((result) => [path.relative(ROOT, result.filePath), messagesOf(result)]));
}

const test = suite("lint rules");
let messages = new Map<string, string[]>();

test.before(async () => {
  setUp();
  messages = await lintAll();
});

function checkSnippets(folder: string, snippets: readonly Snippet[]): void {
  snippets.forEach((snippet, i) => {
    test(`${folder} refuses ${snippet.name}`, () => {
      const said = messages.get(`${folder}/snippet-${i}.ts`) ?? [];
      ok(said.length > 0, "nothing was said");
      match(said.join("\n"), snippet.says);
    });
  });
}
checkSnippets(DEVICE, DEVICE_SNIPPETS);
checkSnippets(HOST, HOST_SNIPPETS);

test("a file that keeps to the subset passes", () => {
  equal(messages.get(`${DEVICE}/sound.ts`), []);
});

test.run();
