/**
 * `make powercut`, and with more points `make powercut-all`: every sweep of cuts in this folder, their lines, and their sum, which
 * `make bench` reads. Exit code 1 when one is bad or fails, or points are missing; a run that did not come to its end leaves no figure.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { FIGURE_FILE, type CleanCuts } from "./figure-file.ts";

const SWEEPS = ["store", "check", "rekey", "world-check", "world-change", "world-sign-in"];
/** With fewer a sweep has lost its points. */
const LEAST_POINTS = 5000;
let points = 0;
let bad = 0;
rmSync(FIGURE_FILE, { force: true });
for (const name of SWEEPS) {
  const run = spawnSync("node_modules/.bin/tsx", [`test/powercut/${name}.test.ts`], { encoding: "utf8" });
  // A sweep's own sum is no further point.
  const lines = [...run.stdout.matchAll(/^.*?(\d+) cut points of (?!\d+ scripts).*?(\d+) bad.*$/gm)];
  for (const [line, count, wrong] of lines) {
    console.log(line.trim());
    points += Number(count);
    bad += Number(wrong);
  }
  if (run.status === 0 && lines.length > 0) continue;
  console.error(`${run.stdout}${run.stderr}`);
  process.exitCode = 1;
}
if (process.exitCode === undefined) {
  const figure: CleanCuts = { clean: points - bad };
  mkdirSync(dirname(FIGURE_FILE), { recursive: true });
  writeFileSync(FIGURE_FILE, JSON.stringify(figure));
}
if (bad > 0 || points < LEAST_POINTS) process.exitCode = 1;
console.log(`${points} cut points, ${bad} bad`);
