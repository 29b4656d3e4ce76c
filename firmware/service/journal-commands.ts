/** The journal as a counter reads it, acknowledges it, and gives it the time (docs/protocol.md, Commands of the counter). */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { putU32 } from "../protocol/little-endian.ts";
import { CommandResult } from "./command-result.ts";
import { JournalEntry, JournalEvent, RecordPart } from "./journal-entry.ts";
import { JournalError, type Journal } from "./journal.ts";
import { StoreError, type Store } from "./store.ts";

/** Records of one answer. */
const RECORDS = 3;
/** Result, first, next, acknowledged. */
const HEAD_BYTES = 13;

export class JournalCommands {
  private readonly record: Bytes;
  private readonly entry: JournalEntry;

  constructor(
    private readonly natives: ByteNatives,
    private readonly journal: Journal,
    private readonly store: Store,
  ) {
    this.record = natives.allocate(RecordPart.Bytes);
    this.entry = new JournalEntry(natives);
  }

  /** Writes the answer's data to `into[at…]`: what there is, and records from `sequence` on. Returns their length. */
  read(sequence: number, into: Bytes, at: number): number {
    const journal = this.journal;
    into[at] = CommandResult.Done;
    putU32(journal.first(), into, at + 1);
    putU32(journal.sequence() + 1, into, at + 5);
    putU32(journal.acknowledged(), into, at + 9);
    let length = HEAD_BYTES;
    for (let i = 0; i < RECORDS && journal.read(sequence + i, this.record); i++) {
      this.natives.copy(this.record, 0, into, at + length, RecordPart.Bytes);
      length += RecordPart.Bytes;
    }
    return length;
  }

  acknowledge(sequence: number): CommandResult {
    switch (this.journal.acknowledge(sequence)) {
      case JournalError.None:
        return CommandResult.Done;
      case JournalError.NotThere:
        return CommandResult.NotKnown;
      case JournalError.Memory:
      case JournalError.Full:
      case JournalError.NoKey:
        return CommandResult.OutOfService;
    }
  }

  /** It is `seconds` since 1970 now. */
  setClock(seconds: number, nowUs: number): CommandResult {
    this.journal.setClock(seconds, nowUs);
    this.store.begin();
    this.entry.restart(JournalEvent.Clock);
    if (this.journal.put(this.entry, nowUs) !== JournalError.None) {
      this.store.begin();
      return CommandResult.OutOfService;
    }
    return this.store.commit() === StoreError.None ? CommandResult.Done : CommandResult.OutOfService;
  }
}
