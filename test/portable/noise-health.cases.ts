/** The health tests of SP 800-90B at their exact cutoffs, and on noise that is good, stuck and biased. */
import {
  NoiseHealth,
  PROPORTION_CUTOFF,
  PROPORTION_WINDOW,
  REPETITION_CUTOFF,
} from "../../firmware/driver/noise-health.ts";
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Report } from "./report.ts";

const SAMPLES = 6000;

/** Marsaglia's xorshift32, of which a byte in the middle is taken. */
class Noise {
  private state = 0x2545f491;

  next(): number {
    let state = this.state;
    state = state ^ (state << 13);
    state = state ^ (state >>> 17);
    state = state ^ (state << 5);
    this.state = state;
    return (state >>> 11) & 255;
  }
}

class Bench {
  readonly health = new NoiseHealth();

  constructor(readonly report: Report) {}

  /** How many of `count` samples `value` pass. */
  passed(value: number, count: number): number {
    let passed = 0;
    for (let i = 0; i < count; i++) if (this.health.take(value)) passed++;
    return passed;
  }

  /** How many of `count` different samples pass, none of which is `not`. */
  passedOther(count: number, not: number): number {
    let passed = 0;
    for (let i = 0; i < count; i++) if (this.health.take((not + 1 + (i & 127)) & 255)) passed++;
    return passed;
  }
}

function checkStuck(report: Report): void {
  for (let value = 0; value < 256; value += 85) {
    const bench = new Bench(report);
    report.equal(bench.passed(value, REPETITION_CUTOFF), REPETITION_CUTOFF - 1, "stuck from the start on");
    report.equal(bench.passedOther(600, value), 0, "failed once");
  }
  const bench = new Bench(report);
  report.equal(bench.passed(7, 1), 1, "another one before");
  report.equal(bench.passed(9, REPETITION_CUTOFF), REPETITION_CUTOFF - 1, "stuck later");
}

/** One fewer than the cutoff, again and again with another one in between. */
function checkNearlyStuck(report: Report): void {
  const bench = new Bench(report);
  let failed = 0;
  for (let value = 0; value < 256; value++)
    if (bench.passed(value, REPETITION_CUTOFF - 1) < REPETITION_CUTOFF - 1) failed++;
  report.equal(failed, 0, "nearly stuck");
}

/** A window of which `matches` samples are as its first, three of four until there are as many. */
function passedOfWindow(bench: Bench, matches: number): number {
  let left = matches;
  let passed = 0;
  for (let i = 0; i < PROPORTION_WINDOW; i++) {
    const isMatch = left > 0 && (i & 3) < 3;
    if (isMatch) left--;
    if (bench.health.take(isMatch ? 5 : 100 + (i & 127))) passed++;
  }
  return passed;
}

function checkBiased(report: Report): void {
  const bench = new Bench(report);
  for (let i = 0; i < 4; i++)
    report.equal(passedOfWindow(bench, PROPORTION_CUTOFF - 1), PROPORTION_WINDOW, "one fewer in each window");
  // The cutoff's sample, at three of four, is the 414th.
  report.equal(passedOfWindow(bench, PROPORTION_CUTOFF), 413, "as many as the cutoff");
}

/** Matches of one window do not count in the next, whatever stands at its begin. */
function checkWindows(report: Report): void {
  const bench = new Bench(report);
  let failed = 0;
  for (let window = 0; window < 5; window++) {
    if (!bench.health.take(200)) failed++;
    for (let i = 1; i < PROPORTION_WINDOW; i++) if (!bench.health.take((i & 3) < 3 ? 5 : 6)) failed++;
  }
  report.equal(failed, 0, "much of another one than the first");
}

function checkNoise(report: Report): void {
  const good = new Bench(report);
  const bad = new Bench(report);
  const noise = new Noise();
  let passed = 0;
  let passedBad = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const sample = noise.next();
    if (good.health.take(sample)) passed++;
    // Three of four are zeros: 0.41 bits of min-entropy.
    if (bad.health.take(sample < 192 ? 0 : sample)) passedBad++;
  }
  report.equal(passed, SAMPLES, "good noise");
  report.equal(passedBad < 2 * PROPORTION_WINDOW ? 1 : 0, 1, "biased noise fails within two windows");
}

function checkRestart(report: Report): void {
  const bench = new Bench(report);
  bench.passed(3, REPETITION_CUTOFF);
  bench.health.restart();
  report.equal(bench.passed(3, REPETITION_CUTOFF - 1), REPETITION_CUTOFF - 1, "restarted after a failure");
  bench.health.restart();
  report.equal(passedOfWindow(bench, PROPORTION_CUTOFF - 1), PROPORTION_WINDOW, "restarted in a window");
}

export function checkNoiseHealth(report: Report, _natives: ByteNatives): void {
  checkStuck(report);
  checkNearlyStuck(report);
  checkBiased(report);
  checkWindows(report);
  checkNoise(report);
  checkRestart(report);
}
