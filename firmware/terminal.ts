/**
 * The terminal: its parts in the order in which one instant's news flows through them, from the wires to the glass.
 * `step` runs to completion and never waits (design §4).
 */
import type { Watchdog } from "../hal/watchdog.ts";
import type { CardSession } from "./service/card-session.ts";
import type { CcidReader } from "./service/ccid-reader.ts";
import type { GemPcLine } from "./service/gempc-line.ts";
import { Language, type View } from "./service/view.ts";
import { Tone, type Buzzer } from "./driver/buzzer.ts";
import { Key, type Keypad } from "./driver/keypad.ts";
import { earlierUs } from "./protocol/time.ts";
import type { PageTones } from "./ui/page-tones.ts";
import type { Screen } from "./ui/screen.ts";

/** Whose progress the watchdog is told, in the order of their turns. The numbers are told to hosts and never change. */
export const enum Part {
  Keypad = 0,
  /** The slot and what is said to a card. */
  Card = 1,
  /** The counter line, and the reader behind it: services, pages. */
  Line = 2,
  Sound = 3,
  Screen = 4,
}

const PARTS = 5;

/** Made once by the composition root. */
export interface TerminalParts {
  readonly watchdog: Watchdog;
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
    parts.watchdog.start(PARTS);
  }

  /**
   * Runs every part at `nowUs`. Returns when the next one is due; `nowUs` itself when one has more to do at once: such a part
   * has not come to the end of its work and does not report, so that one which never comes there is caught.
   */
  step(nowUs: number): number {
    const parts = this.parts;
    const watchdog = parts.watchdog;
    const keypadUs = parts.keypad.step(nowUs);
    this.takeKey(nowUs);
    if (keypadUs > nowUs) watchdog.progress(Part.Keypad);
    const cardUs = parts.session.step(nowUs);
    if (cardUs > nowUs) watchdog.progress(Part.Card);
    // What the line has begun on the card has deadlines of its own.
    const lineUs = earlierUs(parts.line.step(nowUs), parts.session.dueUs());
    if (lineUs > nowUs) watchdog.progress(Part.Line);
    parts.tones.step(nowUs);
    const soundUs = parts.buzzer.step(nowUs);
    if (soundUs > nowUs) watchdog.progress(Part.Sound);
    const screenUs = parts.screen.step(nowUs);
    if (screenUs > nowUs) watchdog.progress(Part.Screen);
    return earlierUs(earlierUs(keypadUs, cardUs), earlierUs(lineUs, earlierUs(soundUs, screenUs)));
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
