/** The parts that run uvu: the fast tests in one process, and one process for each file of test/integration/. */
import { readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { filesBelow } from "../../board/build/sources.ts";
import { runChild } from "./child.ts";
import { addResults, oneCheck, type PartResult } from "./result.ts";
import { filesWithoutTests, readUvuCount, suitesNotRun } from "./uvu-output.ts";

const INTEGRATION = "test/integration/";
const FAST_LIMIT_S = 300;
const FILE_LIMIT_S = 300;

function testFiles(integration: boolean): string[] {
  return filesBelow("test", ".test.ts").filter((path) => path.startsWith(INTEGRATION) === integration);
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
  return idle.map((file) => oneCheck(false, `${file}: a suite without .run()\n`));
}

function countOf(output: string, ok: boolean): PartResult {
  const count = readUvuCount(output);
  if (count === undefined) return oneCheck(false, output + "uvu did not come to its end\n");
  const skippedFail = process.env["CI"] === "true" ? count.skipped : 0;
  const failed = count.total - count.passed + skippedFail;
  const silent = !ok && failed === 0 ? 1 : 0;
  return { passed: count.passed, failed: failed + silent, output: failed + silent > 0 ? output : "" };
}

/** Every test/**\/*.test.ts outside test/integration/, from one bundle in one process. */
export async function runFastTests(): Promise<PartResult> {
  const files = testFiles(false);
  await bundleTests(files, "build/test");
  const args = [
    "--enable-source-maps",
    "node_modules/uvu/bin.js",
    "--no-color",
    "build/test",
    "\\.test\\.js$",
  ];
  const { output, ok } = await runChild(process.execPath, args, { limitS: FAST_LIMIT_S, quiet: true });
  const idle = filesWithoutTests(output, files.map(bundled));
  const missed = idle.map((file) => oneCheck(false, `${file}: no test ran\n`));
  return addResults([countOf(output, ok), ...missed, ...checkSuites(files)]);
}

/** Every test/integration/**\/*.test.ts, one process each, one after the other. */
export async function runIntegrationTests(): Promise<PartResult> {
  const files = testFiles(true);
  await bundleTests(files, "build/integration");
  const results = checkSuites(files);
  for (const file of files) {
    const begin = performance.now();
    const args = ["--enable-source-maps", `build/integration/${bundled(file)}`];
    const { output, ok } = await runChild(process.execPath, args, { limitS: FILE_LIMIT_S, quiet: true });
    const result = countOf(output, ok);
    const idle = result.passed + result.failed === 0 ? [oneCheck(false, `${file}: no test ran\n`)] : [];
    results.push(result, ...idle);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    console.log(`  ${file}: ${result.passed} passed, ${result.failed} failed, ${seconds} s`);
  }
  return addResults(results);
}
