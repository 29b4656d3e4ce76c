/**
 * The bundles of Espruino on its real interpreter, when the environment variable ESPRUINO names its Linux build: the portable
 * cases, and the bench image in an empty box. Once as bundled, once shortened by Espruino's own tools where they are installed.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { ESPRUINO_TOOL, minify } from "../../board/build/espruino-minifier.ts";
import { runCasesOnBus } from "./cases-on-bus.ts";
import { inFolderWith, runOnInterpreter } from "./espruino-process.ts";
import { addResults, oneCheck, type PartResult } from "./result.ts";

const LIMIT_S = 300;
const CASES = "build/espruino/cases.js";
const IDLE = "build/espruino/idle.js";
const ROM = "build/rom/rom.bin";
/** `Page.Insert`, and the language that one press of the language key gives. */
const EXPECTED = { page: 0, language: 2 };
/** Of test/espruino/idle.ts. */
const IDLE_STEPS = 2000;
/** Every line of the LCD with its address, sent at least where it is not paper. */
const LEAST_PAGE_BYTES = 4000;
/** And of the other language at least the text of 48 lines that differs. */
const LEAST_TEXT_BYTES = 48 * 50;

async function runCases(interpreter: string, script: string): Promise<PartResult> {
  const begin = performance.now();
  const result = await inFolderWith([script, ROM], (folder) =>
    runCasesOnBus("espruino", {
      command: path.resolve(interpreter),
      args: [path.basename(script)],
      silenceMs: LIMIT_S * 1000,
      folder,
      bus: "descriptors",
    }),
  );
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(
    `  ${script} on the interpreter: ${result.passed} passed, ${result.failed} failed, ${seconds} s`,
  );
  // A portable case counts once, in Lua.
  return oneCheck(result.failed === 0 && result.passed > 0, result.output);
}

/** Reads the lines `name value`. */
function figuresOf(output: string): Map<string, number> {
  const lines = [...output.matchAll(/^([a-z_]+) ([\d.]+)$/gm)];
  return new Map(lines.map(([, name, value]) => [name ?? "", Number(value)]));
}

async function runIdle(interpreter: string, script: string): Promise<PartResult> {
  const end = /^idle terminal: end$/m;
  const output = await runOnInterpreter(interpreter, { script, files: [ROM], end, limitS: LIMIT_S });
  const figures = figuresOf(output);
  const of = (name: string): number => figures.get(name) ?? Number.NaN;
  console.log(
    `  ${script}: ${of("boot_variables")} variables of ${of("variable_bytes")} bytes after boot, ` +
      `${of("idle_variables")} at the end, first page ${of("page_ms").toFixed(0)} ms, ` +
      `idle ${(of("idle_ms") / IDLE_STEPS).toFixed(2)} ms a step`,
  );
  const isRight =
    end.test(output) &&
    of("page") === EXPECTED.page &&
    of("language") === EXPECTED.language &&
    of("page_bytes") > LEAST_PAGE_BYTES &&
    of("language_page_bytes") > LEAST_TEXT_BYTES &&
    of("idle_variables") === of("settled_variables");
  return oneCheck(isRight, `${output}\nthe idle terminal is not as it should be\n`);
}

async function runPair(interpreter: string, cases: string, idle: string): Promise<PartResult> {
  return addResults([await runCases(interpreter, cases), await runIdle(interpreter, idle)]);
}

function shortened(script: string): string {
  const to = script.replace(/\.js$/, ".min.js");
  minify(script, to);
  return to;
}

/** After the bundles were built. Says what it cannot show. */
export async function runInterpreterPart(): Promise<PartResult> {
  const interpreter = process.env["ESPRUINO"];
  if (interpreter === undefined || interpreter === "") {
    const notShown = [
      "not shown: device code on the Espruino interpreter (ESPRUINO names no Linux build of it)",
    ];
    return { passed: 0, failed: 0, output: "", notShown };
  }
  const plain = await runPair(interpreter, CASES, IDLE);
  if (!existsSync(ESPRUINO_TOOL)) {
    const notShown = [
      "not shown: the shortened bundle on the Espruino interpreter (`make build` installs its tools)",
    ];
    return { ...plain, notShown };
  }
  return addResults([plain, await runPair(interpreter, shortened(CASES), shortened(IDLE))]);
}
