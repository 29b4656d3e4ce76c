/** First byte of the answer to each of the counter's own commands (docs/protocol.md). The numbers never change. */
export const enum CommandResult {
  Done = 0,
  BadField = 1,
  Busy = 2,
  /** Nobody with a credential of staff stands at the terminal; of a check: not the operator in whose name it is asked for. */
  NoOperator = 3,
  OutOfService = 4,
  NotKnown = 5,
  OtherCard = 6,
  TooLate = 7,
  /** The emergency stop: nothing but its end is answered otherwise. */
  Suspended = 8,
}
