/** Where everything is in the 128 bytes of backup memory, which the hardware erases when the case opens. */
export const enum BackupMap {
  /** AES-128; wraps every key in the FRAM. */
  KeyEncryptionKey = 0,
  /** The rest is spare. */
  End = 16,
}

/**
 * First byte of every nonce under the key-encryption key: each kind of what it wraps has its own, so that none can meet another's,
 * whatever the eleven bytes behind it are.
 */
export const enum NonceKind {
  /** Of a pair's key; random bytes follow. */
  PairKey = 0x01,
  /** Of the journal's key; its sequence follows. */
  JournalKey = 0x02,
  /** Of the town's operator key; random bytes follow. */
  OperatorKey = 0x03,
}
