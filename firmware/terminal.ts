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
  /** When card and line are due, if nothing comes. */
  private talkUs = 0;
  private hasNews = false;

  constructor(private readonly parts: TerminalParts) {
    this.view = parts.view;
  }

  /** A character or an edge has come: the next step looks after card and line. */
  wake(): void {
    this.hasNews = true;
  }

  /**
   * Runs the parts that have something to do at `nowUs`. Returns when the next one is due; `nowUs` itself when one has more to
   * do at once.
   */
  step(nowUs: number): number {
    const parts = this.parts;
    const scanUs = parts.keypad.step(nowUs);
    const key = parts.keypad.take();
    if (key !== Key.None) this.press(key, nowUs);
    // At most scans of the keypad they have nothing to do, and they are most of the work.
    if (this.hasNews || key !== Key.None || nowUs >= this.talkUs) this.talkUs = this.talk(nowUs);
    parts.tones.step(nowUs);
    const nextUs = earlierUs(earlierUs(scanUs, this.talkUs), parts.buzzer.step(nowUs));
    return earlierUs(nextUs, parts.screen.step(nowUs));
  }

  /** The card and the counter line. */
  private talk(nowUs: number): number {
    const parts = this.parts;
    this.hasNews = false;
    const cardUs = parts.session.step(nowUs);
    const lineUs = parts.line.step(nowUs);
    // What the line has begun on the card has deadlines of its own.
    return earlierUs(earlierUs(cardUs, lineUs), parts.session.dueUs());
  }

  private press(key: Key, nowUs: number): void {
    if (key === Key.Language) {
      const isJapanese = this.view.language === Language.Japanese;
      this.view.useLanguage(isJapanese ? Language.English : Language.Japanese);
    } else if (!this.parts.reader.press(key, nowUs)) return;
    this.parts.buzzer.play(Tone.Key, nowUs);
  }
}
