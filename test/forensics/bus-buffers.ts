/** The bus's buffers in the board's RAM (board/mps2-an386/bus.c): behind the requests that are under way stands nothing. */
import type { Snapshot } from "../../host-sim/engine/qemu-memory.ts";

/** `BUFFER_BYTES` of bus.c. */
const BUFFER_BYTES = 4096;

/** Names of the buffers in which something is kept, while the program waits for an answer. */
export function keptBuffers({ base, bytes }: Snapshot, symbols: ReadonlyMap<string, number>): string[] {
  const offsetOf = (name: string): number => {
    const address = symbols.get(name);
    if (address === undefined) throw new Error(`no symbol ${name} in the image`);
    return address - base;
  };
  const isKept = (name: string, used: number): boolean =>
    bytes.subarray(offsetOf(name) + used, offsetOf(name) + BUFFER_BYTES).some((byte) => byte !== 0);
  const collected = bytes.readUInt32LE(offsetOf("used"));
  const buffers = [
    { name: "request", used: collected },
    { name: "answer", used: 0 },
  ];
  return buffers.filter(({ name, used }) => isKept(name, used)).map(({ name }) => name);
}
