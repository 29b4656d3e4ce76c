/**
 * The Escapes that libccid's GemPC PinPad driver sends at start-up (facts: pcsc-serial §2), and our own that ask. Nothing here
 * changes a state.
 */
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { ResetRecord } from "../../hal/watchdog.ts";

/** "M", the first byte of the data of all of our own Escapes; `OwnEscape` follows. */
export const OWN_ESCAPE = 0x4d;

/** First byte of an Escape's data. */
const enum Escape {
  /** Card movement notification, mode: accepted, the status is taken from GetSlotStatus. */
  Notification = 0x01,
  Firmware = 0x02,
  FirmwareFeatures = 0x6a,
  /** The host's prompt texts: accepted and dropped, the terminal has its own. */
  PromptTexts = 0xb2,
}

const enum OwnEscape {
  /** Why the terminal started: reason and part (hal/watchdog.ts). */
  Reset = 0x01,
}

/** GET_FIRMWARE answers: at most 49 characters, more overrun the driver's buffer. "Madoguchi bench". */
export const BENCH_FIRMWARE: readonly number[] = [
  77, 97, 100, 111, 103, 117, 99, 104, 105, 32, 98, 101, 110, 99, 104,
];
/** "Madoguchi", whoever asks over the sealed line knows the image from Hello. */
export const SEALED_FIRMWARE: readonly number[] = [77, 97, 100, 111, 103, 117, 99, 104, 105];

/**
 * GEMALTO_FIRMWARE_FEATURES, 21 bytes: 2 lines of 16, entry ends by key press, verify and modify direct, bNumberMessage
 * used as the standard says, 4–16 digits, a firewall with its refusal status 6985.
 */
const FEATURES: readonly number[] = [
  2, 16, 0, 0x02, 0x60, 0, 0, 0, 0x04, 0, 0, 0, 1, 4, 16, 1, 0x69, 0x85, 0, 0, 0,
];

/** The Escape was not understood. */
export const ESCAPE_UNKNOWN = -1;

export class Escapes {
  constructor(
    private readonly reset: ResetRecord,
    private readonly firmware: readonly number[],
  ) {}

  /** Answers the Escape whose `length` data bytes stand at `message[at…]` into `into[at…]`. Returns the length, or `ESCAPE_UNKNOWN`. */
  answer(message: ReadonlyBytes, length: number, into: Bytes, at: number): number {
    if (length < 1) return ESCAPE_UNKNOWN;
    const escape = message[at];
    if (escape === Escape.Firmware && length === 1) return put(this.firmware, into, at);
    if (escape === Escape.FirmwareFeatures && length === 1) return put(FEATURES, into, at);
    if (escape === Escape.Notification && length === 3) return 0;
    if (escape === OWN_ESCAPE && length === 2 && message[at + 1] === OwnEscape.Reset)
      return this.putReset(into, at);
    return escape === Escape.PromptTexts ? 0 : ESCAPE_UNKNOWN;
  }

  private putReset(into: Bytes, at: number): number {
    into[at] = this.reset.reason;
    into[at + 1] = this.reset.part;
    return 2;
  }
}

function put(bytes: readonly number[], into: Bytes, at: number): number {
  for (let i = 0; i < bytes.length; i++) into[at + i] = bytes[i];
  return bytes.length;
}
