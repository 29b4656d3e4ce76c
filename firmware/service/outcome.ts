/** What a check came to (docs/protocol.md). The numbers are on the wire and in the journal. */
export const enum Outcome {
  Ok = 0,
  Wrong = 1,
  Blocked = 2,
  Cancelled = 3,
  Timeout = 4,
  Removed = 5,
  Expired = 6,
  PinUnset = 7,
  Suspended = 8,
  Unsupported = 9,
  CardError = 10,
  /** Kept, and told by nobody: an opened case resets the terminal, and no counter has a session with it afterwards. */
  Tamper = 11,
  Limited = 12,
  Unknown = 13,
  ChangePartial = 14,
  /** Of a sign-in: the card's answer to the challenge is wrong. */
  NotGenuine = 15,
  /** The counter says that it is another card's turn. */
  OtherCard = 16,
}
