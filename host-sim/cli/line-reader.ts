/** Cuts what a control connection sends into lines; a line that is too long is reported once and then skipped, not kept. */

export const LONGEST_LINE_BYTES = 64 * 1024;
const LF = 10;

export type ReadLine = { readonly text: string } | "too long";

export class LineReader {
  private pieces: Buffer[] = [];
  private length = 0;
  private skipping = false;

  /** Takes the next bytes; returns the lines that they end, empty ones left out. */
  push(chunk: Buffer): ReadLine[] {
    const lines: ReadLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      this.keep(chunk.subarray(from, end), lines);
      this.finish(lines);
      from = end + 1;
    }
    this.keep(chunk.subarray(from), lines);
    return lines;
  }

  /** What stands after the last line's end when the peer has finished. */
  end(): ReadLine[] {
    const lines: ReadLine[] = [];
    this.finish(lines);
    return lines;
  }

  private keep(piece: Buffer, lines: ReadLine[]): void {
    if (this.skipping || piece.length === 0) return;
    this.length += piece.length;
    if (this.length <= LONGEST_LINE_BYTES) return void this.pieces.push(Buffer.from(piece));
    this.forget();
    this.skipping = true;
    lines.push("too long");
  }

  private finish(lines: ReadLine[]): void {
    if (!this.skipping && this.length > 0) {
      const text = Buffer.concat(this.pieces).toString("utf8").trim();
      if (text !== "") lines.push({ text });
    }
    this.forget();
    this.skipping = false;
  }

  private forget(): void {
    this.pieces = [];
    this.length = 0;
  }
}
