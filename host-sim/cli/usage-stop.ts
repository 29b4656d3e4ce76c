/** A command line that is refused, or asks for help; `exitCode` is 2 or 0. */
export class UsageStop extends Error {
  constructor(
    message: string,
    readonly exitCode: 0 | 2,
  ) {
    super(message);
  }
}
