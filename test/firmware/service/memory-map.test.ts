import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { MemoryMap as Map } from "../../../firmware/service/memory-map.ts";

const test = suite("memory-map");

/** Name, first address, bytes. */
const AREAS: readonly (readonly [string, number, number])[] = [
  ["log", Map.Log, Map.LogBytes],
  ["superblock", Map.Superblock, Map.SuperblockBytes],
  ["configuration", Map.Configuration, Map.ConfigurationBytes],
  ["keys", Map.Keys, Map.KeyBytes * Map.Identities],
  ["operator key", Map.OperatorKey, Map.OperatorKeyBytes],
  ["spare of the keys", Map.KeysSpare, Map.KeysSpareBytes],
  ["DRBG state", Map.DrbgState, Map.DrbgStateBytes],
  ["ledger", Map.Ledger, Map.LedgerSlotBytes * Map.LedgerSlots],
  ["token bucket", Map.TokenBucket, Map.TokenBucketBytes],
  ["result", Map.Result, Map.ResultBytes],
  ["journal head", Map.JournalHead, Map.JournalHeadBytes],
  ["journal", Map.Journal, Map.JournalRecordBytes * Map.JournalRecords],
];

/** Of an entry in the log before its bytes, and of the log before its entries. */
const ENTRY_HEAD = 3;
const LOG_HEAD = 7;

test("no area overlaps another, and all are inside the memory", () => {
  const sorted = [...AREAS].sort(([, one], [, other]) => one - other);
  equal(sorted, AREAS, "listed by address");
  AREAS.forEach(([name, at, bytes], index) => {
    const next = AREAS[index + 1]?.[1] ?? Map.End;
    ok(bytes > 0 && at + bytes <= next, `${name} ends at ${at + bytes}, the next begins at ${next}`);
  });
});

test("the log and the superblock alone are outside of what commits may change", () => {
  equal(
    AREAS.filter(([, at]) => at < Map.Data).map(([name]) => name),
    ["log", "superblock"],
  );
});

test("the memory is the chip's, and the log takes the largest commit", () => {
  is(Map.End as number, 0x8000);
  const outcome = [
    Map.LedgerSlotBytes,
    Map.TokenBucketBytes,
    Map.ResultBytes,
    Map.JournalHeadBytes,
    Map.JournalRecordBytes,
  ];
  const bytes = outcome.reduce((sum: number, length) => sum + ENTRY_HEAD + length, 0);
  is(bytes, 367);
  ok(LOG_HEAD + bytes <= Map.LogBytes);
});

test.run();
