/** What pyscard's ATR class says of many answers to reset, from one Python process. */
import { spawnSync } from "node:child_process";

/** Debian's Python, which sees Debian's python3-pyscard; another one on the path may not. */
const PYTHON = "/usr/bin/python3";
const OUTPUT_LIMIT_BYTES = 32e6;

/** Interface characters by level, level 1 first; null where there is none (JSON has no undefined). */
export type Levels = readonly (number | null)[];

export interface PyscardAtr {
  /** Why it was refused; nothing else is there then. */
  readonly error?: string;
  readonly ts: number;
  /** "T=0", "T=1" …, what each TD names. */
  readonly protocols: readonly string[];
  readonly ta: Levels;
  readonly tb: Levels;
  readonly tc: Levels;
  readonly td: Levels;
  readonly interfaceBytes: number;
  /** Historical characters that are there, and how many T0 announces. */
  readonly historicalBytes: number;
  readonly historicalAnnounced: number;
  /** 1 right, 0 wrong; null when the length leaves no room for exactly one. */
  readonly tck: number | null;
}

export function readByPyscard(atrs: readonly string[]): PyscardAtr[] {
  const run = spawnSync(PYTHON, ["test/atrs/pyscard_atr.py"], {
    input: atrs.join("\n") + "\n",
    encoding: "utf8",
    maxBuffer: OUTPUT_LIMIT_BYTES,
  });
  if (run.status !== 0) throw new Error(`pyscard: ${run.stderr}`);
  return run.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as PyscardAtr);
}
