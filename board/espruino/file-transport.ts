/**
 * Carries the peripheral bus over two files of Espruino's file API that are FIFOs: a read blocks the interpreter, which is what
 * the simulator, the owner of time, wants. The answer's length comes before it (hal/bus.ts).
 */
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { BusTransport } from "../bus-wire.ts";
import type { EspruinoBytes, EspruinoFile } from "./api.ts";

declare const E: { openFile(path: string, mode: string): EspruinoFile };

const LENGTH_BYTES = 2;

export class FileTransport implements BusTransport {
  /** Whether the world still answers; nothing is right any more once it does not. */
  isOpen = true;
  private readonly input: EspruinoFile;
  private readonly output: EspruinoFile;

  constructor(inputPath: string, outputPath: string) {
    this.input = E.openFile(inputPath, "r");
    this.output = E.openFile(outputPath, "w");
  }

  exchange(request: ReadonlyBytes, length: number, answer: Bytes): number {
    this.output.write((request as Uint8Array).subarray(0, length));
    const head = this.input.read(LENGTH_BYTES);
    if (head === undefined || head.length < LENGTH_BYTES) {
      this.isOpen = false;
      return 0;
    }
    const size = head.charCodeAt(0) | (head.charCodeAt(1) << 8);
    if (size === 0) return 0;
    const text = this.input.read(size);
    if (text !== undefined) (answer as unknown as EspruinoBytes).set(text, 0);
    return size;
  }
}
