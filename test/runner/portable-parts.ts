/** The parts that compile device code for Lua and Espruino and run the portable cases of test/portable/ there. */
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { runCasesOnBus } from "./cases-on-bus.ts";
import { runChild } from "./child.ts";
import { LENT_E } from "./espruino-lent.ts";
import { runInterpreterPart } from "./espruino-part.ts";
import { addResults, casesOf, oneCheck, type PartResult } from "./result.ts";

const LIMIT_S = 400;
const TSX = "node_modules/tsx/dist/cli.mjs";

async function compile(engine: string): Promise<PartResult> {
  const options = { limitS: LIMIT_S, quiet: true };
  const { output, ok } = await runChild(process.execPath, [TSX, "board/build/build.ts", engine], options);
  return oneCheck(ok, output);
}

/** The Lua bundles, and the portable cases in lua5.4. */
export async function runLua(): Promise<PartResult> {
  const compiled = await compile("lua");
  if (compiled.failed > 0) return compiled;
  const args = ["board/lua/host.lua", "build/lua/cases.lua"];
  return addResults([compiled, runCasesOnBus("lua", { command: "lua5.4", args, silenceMs: LIMIT_S * 1000 })]);
}

/** The ordered script must also be right in a plain JavaScript engine. */
function runInNode(script: string): PartResult {
  const lines: string[] = [];
  const lent = { print: (text: string) => void lines.push(text), global: {}, E: LENT_E };
  lent.global = lent;
  try {
    vm.runInNewContext(readFileSync(script, "utf8"), lent, { timeout: LIMIT_S * 1000 });
  } catch (error) {
    lines.push(String(error));
  }
  const result = casesOf(lines.join("\n"));
  return oneCheck(result.failed === 0, result.output);
}

/** The Espruino bundles: one check in Node, and the interpreter itself where there is one. */
export async function runEspruino(): Promise<PartResult> {
  const compiled = await compile("espruino");
  if (compiled.failed > 0) return compiled;
  return addResults([compiled, runInNode("build/espruino/cases.js"), await runInterpreterPart()]);
}
