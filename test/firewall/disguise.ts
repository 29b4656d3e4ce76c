/** What all disguises share. */
import type { AttackBench } from "./attack-bench.ts";

export interface Disguise {
  readonly name: string;
  readonly run: (bench: AttackBench, apdu: readonly number[]) => void;
}

export const HEADER = 4;
export const QUERY = [0x00, 0x20, 0x00, 0x80];
export const HARMLESS = [0x00, 0xb0, 0x00, 0x00];
export const T1_PARAMETERS = [0x11, 0x10, 0xff, 0x45, 0x00, 0xfe, 0x00];
/** PPS that offers T=1 at TA1 18, and one without PPS1. */
export const PPS = [0xff, 0x11, 0x18, 0xf6];
export const SHORT_PPS = [0xff, 0x01, 0xfe];
