/** The parts that compile device code for Lua and Espruino and run the portable cases of test/portable/ there. */
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { runChild } from "./child.ts";
import { addResults, oneCheck, type PartResult } from "./result.ts";

const LIMIT_S = 120;
const TSX = "node_modules/tsx/dist/cli.mjs";

/** Reads the last line of test/portable/main.ts. */
function casesOf(output: string): PartResult {
  const found = output.trimEnd().match(/(\d+) passed, (\d+) failed$/);
  if (found === null) return oneCheck(false, `${output}\nthe portable cases did not come to their end\n`);
  const [passed, failed] = [Number(found[1]), Number(found[2])];
  if (passed + failed === 0) return oneCheck(false, "no portable case ran\n");
  return { passed, failed, output: failed > 0 ? output : "" };
}

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
  const { output, ok } = await runChild("lua5.4", args, { limitS: LIMIT_S, quiet: true });
  return addResults([compiled, ok ? casesOf(output) : oneCheck(false, output)]);
}

/** The Espruino bundles; the ordered script of the portable cases must also be right in a JavaScript engine: one check. */
export async function runEspruino(): Promise<PartResult> {
  const compiled = await compile("espruino");
  if (compiled.failed > 0) return compiled;
  const lines: string[] = [];
  const port = { natives: NODE_NATIVES, line: (text: string) => void lines.push(text) };
  try {
    vm.runInNewContext(
      readFileSync("build/espruino/cases.js", "utf8"),
      { port },
      { timeout: LIMIT_S * 1000 },
    );
  } catch (error) {
    lines.push(String(error));
  }
  const result = casesOf(lines.join("\n"));
  return addResults([compiled, oneCheck(result.failed === 0, result.output)]);
}
