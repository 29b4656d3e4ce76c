/**
 * Cuts the power at every byte that passes on the FRAM's wire and at every word of the backup memory, once for each run of the
 * same script, boots again and asks what stands there. What is put under it may be a store alone or a whole terminal.
 */
import type { BackupMemoryChip } from "../../host-sim/chip/backup-memory.ts";
import type { FramChip } from "../../host-sim/chip/fram.ts";
import { PowerCut } from "../../host-sim/chip/power-cut.ts";

export interface MemoryChips {
  readonly fram: FramChip;
  readonly backup: BackupMemoryChip;
}

export interface CutPoint {
  readonly chip: keyof MemoryChips;
  /** Counted since the power came on: a byte of the FRAM's wire, a word of the backup memory. */
  readonly at: number;
  /** The bits of the byte being written that are new already; 0 is a clean cut. Of the FRAM only. */
  readonly tornMask: number;
}

/** Ready for its script; its chips count from here on. */
export interface Cuttable {
  readonly chips: MemoryChips;
  /** Runs the script. Throws `PowerCut`. */
  run(): void;
  /** The power is gone. The next cut may be told then. */
  powerOff(): void;
  /** It comes back and the program starts anew. Throws `PowerCut` when it is cut again. */
  boot(): void;
  /** What is not as it must be, after `boot`. May use the terminal. */
  judge(): readonly string[];
}

export interface Sweep {
  /** What passed in the uncut run. */
  readonly framBytes: number;
  /** Those of them that were stored. */
  readonly writtenBytes: number;
  readonly backupWords: number;
  /** Cuts that were made. */
  readonly points: number;
  /** Cuts after which something was not as it must be. */
  readonly bad: number;
  readonly findings: readonly string[];
}

/** Nothing of the byte is new, half of its bits in three ways, all but one. */
export const MASKS = [0x00, 0x0f, 0xf0, 0x55, 0xfe] as const;

/** Of the FRAM: the op-code, and what stands before its data. */
const WRITE = 2;
const HEAD_BYTES = 3;

export function cutAt(chips: MemoryChips, { chip, at, tornMask }: CutPoint): void {
  if (chip === "fram") chips.fram.cutAt(at, tornMask);
  else chips.backup.cutAt(at);
}

/** Whether the power went while `work` was done; it is off then. */
export function isCutWhile(subject: Cuttable, work: () => void): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    subject.powerOff();
    return true;
  }
}

/** Runs the script uncut: the points of `dataPointsOf`, and every word of the backup memory. */
function pointsOf(uncut: Cuttable): CutPoint[] {
  const bytes = dataPointsOf(uncut);
  const words = Array.from({ length: uncut.chips.backup.words }, (_, at) => at);
  return [...bytes, ...words.map((at) => ({ chip: "backup", at, tornMask: 0 }) as const)];
}

/**
 * Runs the script uncut. Every byte that passes is cut cleanly, every data byte that is being written in all ways: of an op-code or an
 * address that is cut the chip takes nothing, whichever of its bits have come.
 */
export function dataPointsOf(uncut: Pick<Cuttable, "chips" | "run">): CutPoint[] {
  const { fram } = uncut.chips;
  const points: CutPoint[] = [];
  const transfer = fram.transfer.bind(fram);
  fram.transfer = (bytes) => {
    for (let i = 0; i < bytes.length; i++) {
      const masks = bytes[0] === WRITE && i >= HEAD_BYTES ? MASKS : [0];
      for (const tornMask of masks) points.push({ chip: "fram", at: fram.bytes + i, tornMask });
    }
    return transfer(bytes);
  };
  uncut.run();
  return points;
}

/** How many points a script has whose chip has counted so: each byte once, and each that is stored in the other ways as well. */
export function countedPoints({
  framBytes,
  writtenBytes,
}: Pick<Sweep, "framBytes" | "writtenBytes">): number {
  return framBytes + writtenBytes * (MASKS.length - 1);
}

/** One run with one cut; what is wrong afterwards. */
export function findingsAt(subject: Cuttable, point: CutPoint): readonly string[] {
  cutAt(subject.chips, point);
  if (!isCutWhile(subject, () => subject.run())) return ["the cut was never made"];
  subject.boot();
  return subject.judge();
}

/** Every cut of one script. `start` makes the same subject each time. */
export function sweep(start: () => Cuttable): Sweep {
  const uncut = start();
  const points = pointsOf(uncut);
  const { fram, backup } = uncut.chips;
  const findings: string[] = [];
  let bad = 0;
  for (const point of points) {
    const found = findingsAt(start(), point);
    if (found.length > 0) bad++;
    findings.push(...found.map((each) => `${point.chip} ${point.at} mask ${point.tornMask}: ${each}`));
  }
  const { bytes: framBytes, written: writtenBytes } = fram;
  return { framBytes, writtenBytes, backupWords: backup.words, points: points.length, bad, findings };
}
