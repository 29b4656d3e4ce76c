/** What the board's program costs, read from its RAM (`struct meter` of board/mps2-an386/meter.h) while it waits on its bus. */
import type { QemuMemory } from "./qemu-memory.ts";

const PARTS = 16;
/** Words of the struct, in their order. */
const BUSY = 1;
const PART = 2;
const HEAP = PART + PARTS;
const HEAP_PEAK = HEAP + 1;
const WORDS = HEAP_PEAK + 1;

/** A tick of the board's 25 MHz timer at `-icount shift=3`: 40 ns, of 8 ns an instruction. */
export const INSTRUCTIONS_PER_TICK = 5;
/** One instruction a cycle at 125 MHz. */
export const INSTRUCTIONS_PER_MS = 125_000;

export interface BoardCost {
  /** Instructions since reset, waits for the bus not counted. A multiple of 5. */
  readonly instructions: number;
  /** Of those, what each part has taken, by its number. */
  readonly partInstructions: readonly number[];
  readonly heapBytes: number;
  readonly heapPeakBytes: number;
}

export function readCost(memory: QemuMemory): BoardCost {
  const raw = memory.read(memory.address("meter"), WORDS * 4);
  const word = (index: number): number => raw.readUInt32LE(index * 4);
  return {
    instructions: word(BUSY) * INSTRUCTIONS_PER_TICK,
    partInstructions: Array.from({ length: PARTS }, (_, part) => word(PART + part) * INSTRUCTIONS_PER_TICK),
    heapBytes: word(HEAP),
    heapPeakBytes: word(HEAP_PEAK),
  };
}
