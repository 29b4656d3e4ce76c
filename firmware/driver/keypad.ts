/**
 * The 4×4 keypad in EN 1332-3 order, scanned whole at each tick.
 *
 *   Released --one key in two equal scans--> Held (one event) --none in two equal scans--> Released
 *      |                                        ^
 *      +------ more than one key: no event -----+     ghosts and rolled keys end as nothing, never as a wrong digit
 */
import type { KeyMatrix } from "../../hal/key-matrix.ts";

/** A key by its crossing, 4·row + column. */
export const enum Key {
  One = 0,
  Two = 1,
  Three = 2,
  /** 取消 */
  Cancel = 3,
  Four = 4,
  Five = 5,
  Six = 6,
  /** 訂正 */
  Clear = 7,
  Seven = 8,
  Eight = 9,
  Nine = 10,
  /** 言語 */
  Language = 11,
  Left = 12,
  Zero = 13,
  Right = 14,
  /** 確認 */
  Confirm = 15,
  /** No key was pressed. */
  None = 16,
}

/** Key by key, in the order of `Key`; -1 is no digit. */
const DIGITS: readonly number[] = [1, 2, 3, -1, 4, 5, 6, -1, 7, 8, 9, -1, -1, 0, -1, -1, -1];

/**
 * Multiplied by a power of two, it has another four bits at the top of its lowest sixteen for each of the first sixteen powers: a
 * de Bruijn sequence. CROSSINGS has the power by these four bits.
 */
const DE_BRUIJN = 0x09af;
const CROSSINGS: readonly number[] = [0, 1, 2, 5, 3, 9, 6, 11, 15, 4, 8, 10, 14, 7, 13, 12];

/** The digit on `key`, or -1. Looked up: no digit may show in how long this takes. */
export function digitOf(key: Key): number {
  return DIGITS[key];
}

export class Keypad {
  private previous = 0;
  private held = false;
  private event = Key.None;
  private nextScanUs = 0;

  constructor(
    private readonly matrix: KeyMatrix,
    private readonly scanUs: number,
  ) {}

  /** Scans when a tick is due. Returns the next tick. */
  step(nowUs: number): number {
    if (nowUs < this.nextScanUs) return this.nextScanUs;
    this.nextScanUs = nowUs + this.scanUs;
    const pressed = this.matrix.scan();
    if (pressed === this.previous) this.settled(pressed);
    this.previous = pressed;
    return this.nextScanUs;
  }

  /** The key accepted by the last scan, once; `Key.None` when there is none. */
  take(): Key {
    const key = this.event;
    this.event = Key.None;
    return key;
  }

  private settled(pressed: number): void {
    if (pressed === 0) {
      this.held = false;
      return;
    }
    if (this.held) return;
    this.held = true;
    this.event = onlyKey(pressed);
  }
}

/** The one key in `pressed`, or `Key.None` when there are several. The same instructions for every key, as in `digitOf`. */
function onlyKey(pressed: number): Key {
  if ((pressed & (pressed - 1)) !== 0) return Key.None;
  return CROSSINGS[((pressed * DE_BRUIJN) >>> 12) & 15];
}
