/**
 * The reference board, executed by QEMU: the portable cases on its C runtime, and the tests of the board itself. Left out where
 * the emulator or the cross compiler is missing, which is told at the end.
 */
import { spawnSync } from "node:child_process";
import { buildCases } from "../board/mps2-an386/test-images.ts";
import { runImage } from "../board/mps2-an386/run-image.ts";
import { addResults, casesOf, type PartResult } from "./result.ts";
import { runBoardTests } from "./uvu-parts.ts";

const TOOLS = [
  { program: "qemu-system-arm", debian: "qemu-system-arm" },
  { program: "arm-none-eabi-gcc", debian: "gcc-arm-none-eabi" },
];
const LIMIT_S = 400;

async function runCases(): Promise<PartResult> {
  const elf = await buildCases();
  const begin = performance.now();
  const result = casesOf(runImage(elf, [], LIMIT_S).log);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(
    `  portable cases on the board: ${result.passed} passed, ${result.failed} failed, ${seconds} s`,
  );
  return result;
}

export async function runBoard(): Promise<PartResult> {
  const missing = TOOLS.filter(({ program }) => spawnSync(program, ["--version"]).error !== undefined);
  if (missing.length === 0) return addResults([await runCases(), await runBoardTests()]);
  const packages = missing.map(({ debian }) => debian).join(" ");
  const notShown = [`not shown: the reference board under QEMU (missing: ${packages})`];
  return { passed: 0, failed: 0, output: "", notShown };
}
