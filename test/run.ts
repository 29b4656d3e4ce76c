/**
 * Runs the parts named on the command line one after the other, goes on after a failed one, and ends with the line
 * `N passed, M failed` that adds all of them up. Exit code 1 when something failed or nothing ran. Parts behind `beside` run at the
 * same time as those before it, on what these leave of the processors: stock software waits for real time, which proofs can use.
 * A part that is one check (types, lint, a compiler) counts as one; a portable case counts in Lua and, once more, on the board.
 */
import { runBoard } from "./runner/board-part.ts";
import { givingWay, runChild } from "./runner/child.ts";
import { runEspruinoBoard } from "./runner/espruino-board-part.ts";
import { runEspruino, runLua } from "./runner/portable-parts.ts";
import { addResults, named, oneCheck, type PartResult } from "./runner/result.ts";
import { runFastTests, runIntegrationTests, runProofs, runToolchain } from "./runner/uvu-parts.ts";

/** A hang is ended; a tool that gives way to other parts is not. */
const TOOL_LIMIT_S = 900;
const LINTED = ["hal", "firmware", "board", "host-sim", "test"];

async function runTool(script: string, args: readonly string[]): Promise<PartResult> {
  const options = { limitS: TOOL_LIMIT_S, quiet: true };
  const { output, ok } = await runChild(process.execPath, [script, ...args], options);
  return oneCheck(ok, output);
}

const PARTS = new Map<string, () => Promise<PartResult>>([
  ["types", () => runTool("node_modules/typescript/bin/tsc", ["-b"])],
  ["lint", () => runTool("node_modules/eslint/bin/eslint.js", ["--max-warnings", "0", ...LINTED])],
  ["lua", runLua],
  ["espruino", runEspruino],
  ["espruino-board", () => runEspruinoBoard()],
  ["espruino-traces", () => runEspruinoBoard("/traces-")],
  ["unit", runFastTests],
  ["board", runBoard],
  ["toolchain", runToolchain],
  ["proofs", runProofs],
  ["integration", () => runIntegrationTests()],
  ["integration-qemu", () => runIntegrationTests("qemu")],
]);

async function runPart(name: string): Promise<PartResult> {
  const part = PARTS.get(name);
  if (part === undefined) return oneCheck(false, `no part is called ${name}\n`);
  const begin = performance.now();
  console.log(`${name} …`);
  const result = await part().catch((error: unknown) => oneCheck(false, `${name}: ${String(error)}\n`));
  if (result.output !== "") console.log(result.output);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${name}: ${result.passed} passed, ${result.failed} failed, ${seconds} s`);
  return named(name, result);
}

async function runParts(names: readonly string[]): Promise<PartResult[]> {
  const results: PartResult[] = [];
  for (const name of names) results.push(await runPart(name));
  return results;
}

const names = process.argv.length > 2 ? process.argv.slice(2) : [...PARTS.keys()];
const split = names.includes("beside") ? names.indexOf("beside") : names.length;
const [before, behind] = [names.slice(0, split), names.slice(split + 1)];
const results = (await Promise.all([runParts(before), givingWay(() => runParts(behind))])).flat();
const { passed, failed, failures, notShown } = addResults(results);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
for (const line of notShown ?? []) console.log(line);
for (const line of failures ?? []) console.log(`failed: ${line}`);
console.log(`${passed} passed, ${failed} failed`);
