/**
 * Where everything is in the FRAM's 32 KB. A change of what stands here is a new layout version (store.ts) with a migration.
 *
 *   0000  redo log             384        |  0600  ledger           32 × 48
 *   0180  superblock            16        |  0C00  token bucket     16
 *   0200  configuration        256        |  0D00  stored result    128
 *   0300  wrapped keys  4 × 96 + 64 + 64  |  0E00  journal head     96
 *   0500  DRBG state            96        |  1000  journal ring     320 × 64, up to 5FFF
 *
 * The log takes the largest commit, an outcome: ledger slot, token bucket, result, journal head and one record, 367 bytes with
 * their entries' heads.
 */
export const enum MemoryMap {
  Log = 0x0000,
  LogBytes = 384,
  Superblock = 0x0180,
  SuperblockBytes = 16,
  /** What commits may change begins here. */
  Data = 0x0200,
  Configuration = 0x0200,
  ConfigurationBytes = 256,
  Keys = 0x0300,
  /** One identity's, wrapped. */
  KeyBytes = 96,
  Identities = 4,
  /** The town's, wrapped. */
  OperatorKey = 0x0480,
  OperatorKeyBytes = 64,
  KeysSpare = 0x04c0,
  KeysSpareBytes = 64,
  DrbgState = 0x0500,
  DrbgStateBytes = 96,
  Ledger = 0x0600,
  LedgerSlotBytes = 48,
  LedgerSlots = 32,
  TokenBucket = 0x0c00,
  TokenBucketBytes = 16,
  Result = 0x0d00,
  ResultBytes = 128,
  JournalHead = 0x0e00,
  JournalHeadBytes = 96,
  Journal = 0x1000,
  JournalRecordBytes = 64,
  JournalRecords = 320,
  /** The first address behind the memory. */
  End = 0x8000,
}
