/** All memory of a terminal: every buffer that the firmware allocates, so that nothing typed can hide in one that a test forgot. */
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import type { Bytes } from "../../hal/bytes.ts";

/** A part of a PIN as short as this still tells too much. */
const PART_DIGITS = 3;

export class TrackedMemory {
  private readonly buffers: Uint8Array[] = [];

  /** Calls `make`, which composes a terminal, and follows what it allocates. */
  follow<Made>(make: () => Made): Made {
    const allocate = NODE_NATIVES.allocate;
    NODE_NATIVES.allocate = (lengthBytes: number): Bytes => {
      const bytes = new Uint8Array(lengthBytes);
      this.buffers.push(bytes);
      return bytes;
    };
    try {
      return make();
    } finally {
      NODE_NATIVES.allocate = allocate;
    }
  }

  /** How many buffers hold three digits of `pin` in a row, as values, as ASCII, or all of it as BCD. */
  holding(pin: string): number {
    const patterns = patternsOf(pin);
    return this.buffers.filter((bytes) => {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      return patterns.some((pattern) => buffer.includes(pattern));
    }).length;
  }
}

const known = new Map<string, readonly Buffer[]>();

function patternsOf(pin: string): readonly Buffer[] {
  const before = known.get(pin);
  if (before !== undefined) return before;
  const parts = Array.from({ length: pin.length - PART_DIGITS + 1 }, (_, at) =>
    pin.slice(at, at + PART_DIGITS),
  );
  const ascii = parts.map((part) => Buffer.from(part, "latin1"));
  const values = parts.map((part) => Buffer.from([...part].map(Number)));
  const patterns = [...ascii, ...values, ...(pin.length >= 8 ? [Buffer.from(pin, "hex")] : [])];
  known.set(pin, patterns);
  return patterns;
}
