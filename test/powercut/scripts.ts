/** Representative commits, as puts; data from a pattern that differs in every byte from what stood there. */
import { MemoryMap } from "../../firmware/service/memory-map.ts";

export interface Put {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface Script {
  readonly name: string;
  readonly commits: readonly (readonly Put[])[];
}

function put(address: number, length: number, seed: number): Put {
  return { address, bytes: Uint8Array.from({ length }, (_, at) => (at * 29 + seed * 67 + 5) & 255) };
}

const ledgerSlot = (slot: number, seed: number): Put =>
  put(MemoryMap.Ledger + slot * MemoryMap.LedgerSlotBytes, MemoryMap.LedgerSlotBytes, seed);
const record = (at: number, seed: number): Put =>
  put(MemoryMap.Journal + at * MemoryMap.JournalRecordBytes, MemoryMap.JournalRecordBytes, seed);
const head = (seed: number): Put => put(MemoryMap.JournalHead, MemoryMap.JournalHeadBytes, seed);

/** Before VERIFY: the ledger says PENDING, the journal has its ATTEMPT. */
const ATTEMPT = [ledgerSlot(3, 1), record(319, 2), head(3)];
/** After it: the largest commit there is. */
const OUTCOME = [
  ledgerSlot(3, 4),
  put(MemoryMap.TokenBucket, MemoryMap.TokenBucketBytes, 5),
  put(MemoryMap.Result, MemoryMap.ResultBytes, 6),
  record(0, 7),
  head(8),
];

export const SCRIPTS: readonly Script[] = [
  { name: "one byte", commits: [[put(MemoryMap.Configuration, 1, 1)]] },
  { name: "one entry", commits: [[put(MemoryMap.DrbgState, MemoryMap.DrbgStateBytes, 1)]] },
  {
    name: "many small entries",
    commits: [Array.from({ length: 16 }, (_, at) => put(0x1000 + 80 * at, 5, at))],
  },
  {
    name: "an entry that is split, up to the end of the memory",
    commits: [[put(MemoryMap.End - 300, 300, 1)]],
  },
  { name: "the same address twice", commits: [[put(0x300, 20, 1), put(0x310, 20, 2)]] },
  { name: "an attempt and its outcome in a row", commits: [ATTEMPT, OUTCOME] },
];

export function scriptNamed(name: string): Script {
  const found = SCRIPTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no script ${name}`);
  return found;
}
