/**
 * The 4×4 keypad as contacts: each press and release bounces for some milliseconds, and three pressed corners of a
 * rectangle make the fourth conduct as well (there are no diodes), which is how real matrices show ghost keys.
 */
import type { Recorder } from "../world/recorder.ts";
import { SeededRandom } from "../world/random.ts";

/** Key names in scan order, rows `1 2 3 X` / `4 5 6 C` / `7 8 9 L` / `< 0 > E`: X 取消, C 訂正, L 言語, E 確認, `<` `>` arrows. */
export const KEY_ORDER = "123X456C789L<0>E";

interface Contact {
  closed: boolean;
  /** Until then the contact chatters, by a sequence of its own: which key it is must not change any other. */
  bounceUntilNs: number;
  chatter: SeededRandom;
}

export class KeyMatrixChip {
  private readonly contacts: Contact[] = Array.from({ length: 16 }, () => ({
    closed: false,
    bounceUntilNs: 0,
    chatter: new SeededRandom(0),
  }));

  constructor(
    private readonly recorder: Recorder,
    private readonly random: SeededRandom,
  ) {}

  /** Closes or opens the contact at `index`, chattering for `bounceNs` from now. */
  setContact(nowNs: number, index: number, closed: boolean, bounceNs: number): void {
    const contact = this.contacts[index]!;
    contact.closed = closed;
    contact.bounceUntilNs = nowNs + bounceNs;
    contact.chatter = new SeededRandom(this.random.below(0x7fffffff));
    this.recorder.record(nowNs, "keys", closed ? index : index + 16);
  }

  /** What the scan reads at this instant: one bit a conducting crossing. */
  scan(nowNs: number): number {
    let direct = 0;
    for (let index = 0; index < 16; index++) {
      const contact = this.contacts[index]!;
      const conducts = nowNs < contact.bounceUntilNs ? contact.chatter.next() < 0.5 : contact.closed;
      if (conducts) direct |= 1 << index;
    }
    const seen = direct === 0 ? 0 : withGhosts(direct);
    if (seen !== 0) this.recorder.record(nowNs, "scan", seen);
    return seen;
  }
}

/** Adds the crossings that conduct through three others. */
export function withGhosts(direct: number): number {
  let seen = direct;
  for (let changed = true; changed;) {
    changed = false;
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < 4; b++) {
        const rowA = (seen >> (4 * a)) & 15;
        const rowB = (seen >> (4 * b)) & 15;
        if (a === b || (rowA & rowB) === 0 || (rowA | rowB) === rowA) continue;
        seen |= rowB << (4 * a);
        changed = true;
      }
    }
  }
  return seen;
}
