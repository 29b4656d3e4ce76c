/**
 * A recovery that is cut, and the one after it, and so on: from every memory that a cut of the script can leave, recovery is cut
 * at every byte, and again from every memory that appears, until none is new. Then no number of cuts makes a difference.
 */
import { createHash } from "node:crypto";
import { cutAt, isCutWhile, MASKS } from "./cut-sweep.ts";
import type { Script } from "./scripts.ts";
import { StoreBench } from "./store-bench.ts";

interface Found {
  readonly memory: Buffer;
  /** Which image an uncut recovery must leave; undefined when the script itself was cut: old or new. */
  readonly leads?: number;
  /** Cuts that led here. */
  readonly depth: number;
}

export interface Repeated {
  /** Recoveries that were cut. */
  readonly points: number;
  /** Different memories that were seen, and the most cuts in a row that it took to see a new one. */
  readonly memories: number;
  readonly depth: number;
  readonly bad: number;
  readonly findings: readonly string[];
}

function keyOf(memory: Buffer): string {
  return createHash("sha1").update(memory).digest("base64");
}

export class RepeatedCuts {
  private readonly seen = new Map<string, Found>();
  private readonly waiting: Found[] = [];
  private readonly findings: string[] = [];
  private readonly bench: StoreBench;
  private points = 0;
  private depth = 0;

  constructor(private readonly script: Script) {
    this.bench = new StoreBench(script);
  }

  run(): Repeated {
    this.cutScript();
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift())
      this.cutRecovery(next);
    const { points, depth, findings } = this;
    return { points, memories: this.seen.size, depth, bad: findings.length, findings };
  }

  private cutScript(): void {
    const uncut = new StoreBench(this.script);
    uncut.run();
    for (let at = 0; at < uncut.chips.fram.bytes; at++)
      for (const tornMask of MASKS) {
        const bench = new StoreBench(this.script);
        cutAt(bench.chips, { chip: "fram", at, tornMask });
        isCutWhile(bench, () => bench.run());
        this.note({ memory: bench.chips.fram.save(), depth: 1 });
      }
  }

  private note(found: Found): void {
    const key = keyOf(found.memory);
    const known = this.seen.get(key);
    if (known === undefined) {
      this.seen.set(key, found);
      this.waiting.push(found);
      this.depth = Math.max(this.depth, found.depth);
    } else if (known.leads !== undefined && found.leads !== undefined && known.leads !== found.leads)
      this.findings.push(`one memory leads to images ${known.leads} and ${found.leads}`);
  }

  private cutRecovery({ memory, leads, depth }: Found): void {
    const whole = this.booted(memory);
    const stands = whole.stands();
    if (stands < 0 || (leads !== undefined && stands !== leads))
      this.findings.push(
        `after ${depth} cuts recovery leaves image ${stands}, not ${leads ?? "one of them"}`,
      );
    const key = keyOf(memory);
    this.seen.set(key, { memory, leads: stands, depth });
    const bytes = whole.chips.fram.bytes;
    let before = memory;
    for (let at = 0; at < bytes; at++) {
      const clean = this.cut(memory, at, 0);
      this.note({ memory: clean, leads: stands, depth: depth + 1 });
      // Of a byte that has changed nothing every mixture is the same.
      if (Buffer.compare(clean, before) !== 0)
        this.cutTorn({ memory, leads: stands, depth: depth + 1 }, at - 1);
      before = clean;
    }
  }

  private cutTorn({ memory, leads, depth }: Found, at: number): void {
    for (const tornMask of MASKS.slice(1))
      this.note({ memory: this.cut(memory, at, tornMask), ...(leads === undefined ? {} : { leads }), depth });
  }

  /** What recovery leaves that is cut there. */
  private cut(memory: Buffer, at: number, tornMask: number): Buffer {
    const bench = this.withMemory(memory);
    cutAt(bench.chips, { chip: "fram", at, tornMask });
    if (!isCutWhile(bench, () => bench.boot())) this.findings.push(`no cut at ${at}`);
    this.points++;
    return bench.chips.fram.save();
  }

  private booted(memory: Buffer): StoreBench {
    const bench = this.withMemory(memory);
    bench.boot();
    return bench;
  }

  private withMemory(memory: Buffer): StoreBench {
    const { bench } = this;
    bench.powerOff();
    bench.chips.fram.load(memory);
    return bench;
  }
}
