/** The longest command, in 17 chained blocks, pulled at every one of its characters: two threads share them. */
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { CutBench } from "./cut-bench.ts";
import { runCut, runUncut, WAYS, type Uncut } from "./cut-run.ts";
import { LONG_COMMAND } from "./exchanges.ts";

const SEED = 4;
const THREADS = 2;
/** 4,096 bytes and the command's head, 17 prologues and epilogues, 16 acknowledgements and an answer. */
const CHARACTERS = 4096 + 7 + 17 * 4 + 16 * 4 + 6;

/** A thread cannot run a source file, only the bundle. */
const IS_BUNDLE = import.meta.url.endsWith("js");

interface Share {
  readonly cuts: number;
  readonly findings: readonly string[];
}

/** Every `THREADS`-th character from `first` on. A finding ends it: a terminal that is wrong once says nothing afterwards. */
function runShare(first: number, uncut: Uncut): Share {
  const bench = new CutBench({ seed: SEED });
  const findings: string[] = [];
  let cuts = 0;
  for (let at = first; at <= uncut.characters && findings.length === 0; at += THREADS) {
    findings.push(
      ...runCut(bench, LONG_COMMAND, uncut, { at, way: WAYS.pulled }).map((each) => `${at}: ${each}`),
    );
    cuts++;
  }
  return { cuts, findings };
}

function inThread(first: number, uncut: Uncut): Promise<Share> {
  if (!IS_BUNDLE) return Promise.resolve(runShare(first, uncut));
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { first, uncut } });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

function runTests(): void {
  const test = suite("every-byte-long");

  test("a card pulled at any character of a chained command of 4,096 bytes leaves the terminal right", async () => {
    const uncut = runUncut(new CutBench({ seed: SEED }), LONG_COMMAND);
    is(uncut.characters, CHARACTERS);
    const shares = await Promise.all(Array.from({ length: THREADS }, (_, at) => inThread(at + 1, uncut)));
    const findings = shares.flatMap((share) => share.findings);
    const cuts = shares.reduce((sum, share) => sum + share.cuts, 0);
    equal(findings, []);
    is(cuts, uncut.characters);
    console.log(`\n${cuts} cut points, ${findings.length} bad`);
  });

  test.run();
}

if (isMainThread) runTests();
else parentPort?.postMessage(runShare(workerData.first, workerData.uncut));
