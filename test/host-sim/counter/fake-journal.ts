/** A terminal's journal as its commands show it. */

const PAGE_RECORDS = 3;

export function record(sequence: number, mark = 0): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(sequence, 0);
  bytes[8] = 1;
  bytes[63] = mark;
  return Uint8Array.from(bytes);
}

/** Records `first` to `last`, each with `mark` in its code. */
export class FakeJournal {
  readonly asked: [number, number][] = [];
  acknowledged = 0;
  mark = 0;

  constructor(
    public first: number,
    public last: number,
  ) {}

  escape(command: number, data: Uint8Array) {
    const argument = Buffer.from(data).readUInt32LE(0);
    this.asked.push([command, argument]);
    if (command === 0x41) this.acknowledged = argument;
    const bytes = command === 0x40 ? this.page(argument) : Buffer.alloc(0);
    return Promise.resolve({ result: 0, data: Uint8Array.from(bytes) });
  }

  private page(from: number): Buffer {
    const head = Buffer.alloc(12);
    [this.first, this.last + 1, this.acknowledged].forEach((value, i) => head.writeUInt32LE(value, 4 * i));
    const records: Uint8Array[] = [];
    for (let at = from; at < from + PAGE_RECORDS && at >= this.first && at <= this.last; at++)
      records.push(record(at, this.mark));
    return Buffer.concat([head, ...records]);
  }
}
