/** `--trace FILE`: every event of the world as a line, written as it happens so that a long run needs no memory. */
import { closeSync, fchmodSync, openSync, writeSync } from "node:fs";
import { traceLine, type Recorder } from "../world/recorder.ts";

const PIECE_CHARACTERS = 1 << 16;

export class TraceFile {
  private readonly file: number;
  private pending: string[] = [];
  private pendingCharacters = 0;

  /** Makes `path` (mode 0600, an old file is emptied) and follows `recorder`. Throws when that cannot be. */
  constructor(path: string, recorder: Recorder) {
    try {
      this.file = openSync(path, "w", 0o600);
      fchmodSync(this.file, 0o600);
    } catch (error) {
      throw new Error(`--trace ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
    recorder.onEvent((event) => this.add(traceLine(event)));
  }

  flush(): void {
    if (this.pending.length === 0) return;
    writeSync(this.file, `${this.pending.join("\n")}\n`);
    this.pending = [];
    this.pendingCharacters = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private add(line: string): void {
    this.pending.push(line);
    this.pendingCharacters += line.length;
    if (this.pendingCharacters > PIECE_CHARACTERS) this.flush();
  }
}
