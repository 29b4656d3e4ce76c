/** Where everything is in the 128 bytes of backup memory, which the hardware erases when the case opens. */
export const enum BackupMap {
  /** AES-128; wraps every key in the FRAM. */
  KeyEncryptionKey = 0,
  /** The rest is spare. */
  End = 16,
}
