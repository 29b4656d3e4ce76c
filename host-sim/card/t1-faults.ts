/** What a T=1 card can be told to do wrong, each thing exactly once or always, counted since the last power-up. */

export interface T1Faults {
  /** Wrong EDC in these blocks the card sends (1 is the first after the ATR), or in all. */
  readonly badEdc?: "always" | readonly number[];
  /** The other N(S) in these I-blocks the card sends. */
  readonly wrongSequence?: readonly number[];
  /** These good I-blocks from the terminal are answered by R(EDC error). */
  readonly askRepeat?: readonly number[];
  /** LEN FF in these blocks the card sends. */
  readonly badLength?: readonly number[];
  /** These characters after the ATR (1 is the first) have the wrong parity. */
  readonly badParity?: readonly number[];
  /** Silent for ever after so many characters following the ATR. */
  readonly muteAfter?: number;
  /** S(ABORT request) instead of these blocks. */
  readonly abort?: readonly number[];
  /** S(IFS request) with this size in the middle of the first chain, whichever way it goes. */
  readonly ifsInChain?: number;
  /** Answers travel in blocks of at most so many bytes. */
  readonly answerBytes?: number;
  /** The block begins `etu` after (negative: before) the end of the block waiting time. */
  readonly late?: { readonly block: number; readonly etu: number };
  /** S(WTX request) before the answer to a command whose INS is listed (to any command when left out). */
  readonly wtx?: {
    readonly times: number;
    readonly multiplier: number;
    readonly instructions?: readonly number[];
  };
}

/** Whether the k-th of something is meant. */
export function isListed(list: readonly number[] | undefined, ordinal: number): boolean {
  return list !== undefined && list.includes(ordinal);
}
