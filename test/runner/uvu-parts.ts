/**
 * The parts that run uvu: the fast tests, shared out among few processes; the proofs, which walk through every command, byte or digit, and
 * the stock software in one process for each file.
 */
import { readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { build } from "esbuild";
import { filesBelow } from "../../board/build/sources.ts";
import { runChild, type ChildOptions } from "./child.ts";
import { addResults, named, oneCheck, type PartResult } from "./result.ts";
import { failedTests, filesWithoutTests, readUvuCount, suitesNotRun } from "./uvu-output.ts";

const INTEGRATION: readonly string[] = ["test/integration/"];
/** Tests of the reference board under QEMU. */
const BOARD: readonly string[] = ["test/board/mps2-an386/"];
/** Tests of the compilers, the linter's rules and the runner themselves. */
const TOOLCHAIN: readonly string[] = ["test/toolchain/"];
/** Tests on Espruino's interpreter, which is not everywhere. */
export const ESPRUINO_BOARD = "test/espruino-board/";
const PROOFS: readonly string[] = [
  "test/firewall/",
  "test/interference/",
  "test/every-byte/",
  "test/powercut/",
  "test/sealed-line/",
  "test/crowd/",
  "test/atrs/",
  "test/fuzz/",
  "test/scenario/",
  "test/traces/",
  "test/cost/",
  "test/forensics/",
];
/** Begun, or shared out, first, the longest first: a long file that begins last leaves the other processors idle. */
const LONG_FILES: readonly string[] = [
  "test/forensics/same-memory.test.ts",
  "test/traces/traces.test.ts",
  "test/forensics/sealed-change.test.ts",
  "test/forensics/forensics.test.ts",
  "test/forensics/sealed.test.ts",
  "test/traces/sealed.test.ts",
  "test/traces/scenario-files-lua.test.ts",
  "test/cost/budgets.test.ts",
  "test/forensics/leaks.test.ts",
  "test/firewall/holes.test.ts",
  "test/powercut/store.test.ts",
  "test/fuzz/fuzz.test.ts",
  "test/toolchain/int32.test.ts",
  "test/host-sim/counter/main.test.ts",
  "test/host-sim/page/story.test.ts",
  "test/host-sim/engine/lua-engine.test.ts",
  "test/board/rom/pages.test.ts",
  "test/host-sim/scenario-file/command.test.ts",
  "test/host-sim/desk/desk.test.ts",
  "test/host-sim/desk/register.test.ts",
  "test/host-sim/page/terminal-channel.test.ts",
];
/** What a proof sums up: "65536 commands, 0 breaches". */
const FIGURE = /^\d[\d,]* .+, \d+ [a-z ]+$/;
const FAST_FOLDER = "build/test";
/** With more the bundles cost more than they save. */
const MOST_FAST_PROCESSES = 4;
const FAST_LIMIT_S = 900;
/** A hang is ended; a machine that does other things beside is not. */
const FILE_LIMIT_S = 1800;

function testFiles(folders: readonly string[]): string[] {
  return filesBelow("test", ".test.ts").filter((path) => folders.some((folder) => path.startsWith(folder)));
}

function longFirst(files: readonly string[]): string[] {
  const long = LONG_FILES.filter((file) => files.includes(file));
  return [...long, ...files.filter((file) => !long.includes(file))];
}

function fastFiles(): string[] {
  const others = testFiles([...INTEGRATION, ...PROOFS, ...TOOLCHAIN, ...BOARD, ESPRUINO_BOARD]);
  return filesBelow("test", ".test.ts").filter((path) => !others.includes(path));
}

async function bundleTests(files: readonly string[], outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [...files],
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    packages: "external",
    sourcemap: true,
    outbase: "test",
    outdir,
    logLevel: "warning",
  });
}

function bundled(file: string): string {
  return file.replace(/^test\//, "").replace(/\.ts$/, ".js");
}

/** Suites that a file defines and never runs count as failed: uvu says nothing about them. */
function checkSuites(files: readonly string[]): PartResult[] {
  const idle = files.filter((file) => suitesNotRun(readFileSync(file, "utf8")) > 0);
  return idle.map((file) => named(file, oneCheck(false, `${file}: a suite without .run()\n`)));
}

function countOf(output: string, ok: boolean): PartResult {
  const count = readUvuCount(output);
  if (count === undefined) {
    const whole = `${output}\nuvu did not come to its end\n`;
    return { ...oneCheck(false, whole), failures: failedTests(whole) };
  }
  const skippedFail = process.env["CI"] === "true" ? count.skipped : 0;
  const failed = count.total - count.passed + skippedFail;
  const silent = !ok && failed === 0 ? 1 : 0;
  if (failed + silent === 0) return { passed: count.passed, failed: 0, output: "" };
  return { passed: count.passed, failed: failed + silent, output, failures: failedTests(output) };
}

/** Every test/**\/*.test.ts that is neither a proof nor needs stock software, shared out to a process for each processor. */
export async function runFastTests(): Promise<PartResult> {
  const files = longFirst(fastFiles());
  const processes = Math.min(availableParallelism(), MOST_FAST_PROCESSES);
  rmSync(FAST_FOLDER, { recursive: true, force: true });
  const runs = Array.from({ length: processes }, (_, at) => {
    const share = files.filter((_file, index) => index % processes === at);
    return runFastShare(share, `${FAST_FOLDER}/${at}`);
  });
  return addResults([...(await Promise.all(runs)), ...checkSuites(files)]);
}

async function runFastShare(files: readonly string[], folder: string): Promise<PartResult> {
  await bundleTests(files, folder);
  const uvu = ["node_modules/uvu/bin.js", "--no-color", folder, "\\.test\\.js$"];
  const args = ["--enable-source-maps", ...uvu];
  const { output, ok } = await runChild(process.execPath, args, { limitS: FAST_LIMIT_S, quiet: true });
  const idle = filesWithoutTests(output, files.map(bundled));
  const missed = idle.map((file) => named(file, oneCheck(false, `${file}: no test ran\n`)));
  return addResults([countOf(output, ok), ...missed]);
}

/**
 * Every test of the stock software, one after the other: they share the machine's clock and their figures depend on it; what runs
 * beside them gives way. `engine` runs the firmware; without it what the environment says, or node.
 */
export async function runIntegrationTests(engine?: string): Promise<PartResult> {
  const environment = engine === undefined ? {} : { ENGINE: engine };
  return runFiles(testFiles(INTEGRATION), { outdir: "build/integration", atOnce: 1, environment });
}

/** The tests of the board, one after the other: they share its compiled files. */
export async function runBoardTests(): Promise<PartResult> {
  return runFiles(testFiles(BOARD), { outdir: "build/board-tests/js", atOnce: 1 });
}

/** The tests of the tools. */
export async function runToolchain(): Promise<PartResult> {
  return runFiles(testFiles(TOOLCHAIN), { outdir: "build/toolchain" });
}

/** Every proof; its figures are printed. Virtual time does not care how busy the machine is. */
export async function runProofs(): Promise<PartResult> {
  return runFiles(testFiles(PROOFS), { outdir: "build/proofs" });
}

/** Where the bundles go; how many run at once, one for each processor unless told otherwise; what one may take. */
export interface FileRun {
  readonly outdir: string;
  readonly atOnce?: number;
  readonly limitS?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** One process for each file. */
export async function runFiles(files: readonly string[], run: FileRun): Promise<PartResult> {
  const { outdir, atOnce = availableParallelism(), limitS = FILE_LIMIT_S, environment = {} } = run;
  const options = { limitS, quiet: true, environment };
  await bundleTests(files, outdir);
  const results = checkSuites(files);
  const waiting = longFirst(files);
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      results.push(await runFile(file, outdir, options));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return addResults(results);
}

async function runFile(file: string, outdir: string, options: ChildOptions): Promise<PartResult> {
  const begin = performance.now();
  const args = ["--enable-source-maps", `${outdir}/${bundled(file)}`];
  const { output, ok } = await runChild(process.execPath, args, options);
  const result = countOf(output, ok);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`  ${file}: ${result.passed} passed, ${result.failed} failed, ${seconds} s`);
  for (const line of output.split("\n").filter((text) => FIGURE.test(text))) console.log(`    ${line}`);
  if (result.passed + result.failed === 0) return named(file, oneCheck(false, `${file}: no test ran\n`));
  return { ...result, failures: (result.failures ?? []).map((failure) => `${file}: ${failure}`) };
}
