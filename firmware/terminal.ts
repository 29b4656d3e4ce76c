/**
 * The terminal: its parts in the order in which one instant's news flows through them, from the wires to the glass.
 * `step` runs to completion and never waits (design §4).
 */
import type { CardSession } from "./service/card-session.ts";
import type { CcidReader } from "./service/ccid-reader.ts";
import type { GemPcLine } from "./service/gempc-line.ts";
import { Language, type View } from "./service/view.ts";
import { Tone, type Buzzer } from "./driver/buzzer.ts";
import { Key, type Keypad } from "./driver/keypad.ts";
import { earlierUs } from "./protocol/time.ts";
import type { PageTones } from "./ui/page-tones.ts";
import type { Screen } from "./ui/screen.ts";

/** Made once by the composition root. */
export interface TerminalParts {
  readonly view: View;
  readonly keypad: Keypad;
  readonly session: CardSession;
  readonly reader: CcidReader;
  readonly line: GemPcLine;
  readonly tones: PageTones;
  readonly buzzer: Buzzer;
  readonly screen: Screen;
}

export class Terminal {
  readonly view: View;

  constructor(private readonly parts: TerminalParts) {
    this.view = parts.view;
  }

  /** Runs every part at `nowUs`. Returns when the next one is due; `nowUs` itself when one has more to do at once. */
  step(nowUs: number): number {
    const parts = this.parts;
    let nextUs = parts.keypad.step(nowUs);
    this.takeKey(nowUs);
    nextUs = earlierUs(nextUs, parts.session.step(nowUs));
    nextUs = earlierUs(nextUs, parts.line.step(nowUs));
    // What the line has begun on the card has deadlines of its own.
    nextUs = earlierUs(nextUs, parts.session.dueUs());
    parts.tones.step(nowUs);
    nextUs = earlierUs(nextUs, parts.buzzer.step(nowUs));
    return earlierUs(nextUs, parts.screen.step(nowUs));
  }

  private takeKey(nowUs: number): void {
    const key = this.parts.keypad.take();
    if (key === Key.None) return;
    if (key === Key.Language) {
      const isJapanese = this.view.language === Language.Japanese;
      this.view.useLanguage(isJapanese ? Language.English : Language.Japanese);
    } else if (!this.parts.reader.press(key, nowUs)) return;
    this.parts.buzzer.play(Tone.Key, nowUs);
  }
}
