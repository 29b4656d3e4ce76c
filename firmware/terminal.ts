/**
 * The terminal: its parts in the order in which one instant's news flows through them, from the wires to the glass.
 * `step` runs to completion and never waits (design §4).
 */
import type { Watchdog } from "../hal/watchdog.ts";
import type { CardSession } from "./service/card-session.ts";
import type { View } from "./service/view.ts";
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

export interface KeyTaker {
  /** One key; returns whether it acted, which is what deserves a tone. */
  press(key: Key, nowUs: number): boolean;
}

/** Where a counter PC speaks to the reader. */
export interface CounterLine {
  /** Takes what came, lets the reader work, sends what is ready. Returns when it is due again. */
  step(nowUs: number): number;
}

/** Made once by the composition root. */
export interface TerminalParts {
  readonly watchdog: Watchdog;
  readonly view: View;
  readonly keypad: Keypad;
  readonly session: CardSession;
  /** Who takes the keys that are not the screen's. */
  readonly keys: KeyTaker;
  readonly line: CounterLine;
  readonly tones: PageTones;
  readonly buzzer: Buzzer;
  readonly screen: Screen;
}

export class Terminal {
  readonly view: View;
  /** When card and line are due, if nothing comes. */
  private cardUs = 0;
  private lineUs = 0;
  private hasNews = false;

  constructor(private readonly parts: TerminalParts) {
    this.view = parts.view;
    parts.watchdog.start(PARTS);
  }

  /** A character or an edge has come: the next step looks after card and line. */
  wake(): void {
    this.hasNews = true;
  }

  /**
   * Runs the parts that have something to do at `nowUs`. Returns when the next one is due; `nowUs` itself when one has more to
   * do at once: such a part has not come to the end of its work and does not report, so that one which never comes there is
   * caught.
   */
  step(nowUs: number): number {
    const parts = this.parts;
    const watchdog = parts.watchdog;
    const keypadUs = parts.keypad.step(nowUs);
    const key = parts.keypad.take();
    if (key !== Key.None) this.press(key, nowUs);
    if (keypadUs > nowUs) watchdog.progress(Part.Keypad);
    // At most scans of the keypad card and line have nothing to do, and they are most of the work.
    const talks = this.hasNews || key !== Key.None || nowUs >= earlierUs(this.cardUs, this.lineUs);
    this.hasNews = false;
    if (talks) this.cardUs = parts.session.step(nowUs);
    if (this.cardUs > nowUs) watchdog.progress(Part.Card);
    // What the line has begun on the card has deadlines of its own.
    if (talks) this.lineUs = earlierUs(parts.line.step(nowUs), parts.session.dueUs());
    if (this.lineUs > nowUs) watchdog.progress(Part.Line);
    parts.tones.step(nowUs);
    const soundUs = parts.buzzer.step(nowUs);
    if (soundUs > nowUs) watchdog.progress(Part.Sound);
    const screenUs = parts.screen.step(nowUs);
    if (screenUs > nowUs) watchdog.progress(Part.Screen);
    const talkUs = earlierUs(this.cardUs, this.lineUs);
    return earlierUs(earlierUs(keypadUs, talkUs), earlierUs(soundUs, screenUs));
  }

  /** Keys by which the person at the terminal has the display another way; returns whether `key` is one that acted. */
  private adapts(key: Key, nowUs: number): boolean {
    if (key === Key.Language) this.view.useNextLanguage();
    else if (key === Key.Left && this.view.saysChoices()) this.view.toggleSize();
    else if (key === Key.Right && this.view.saysChoices()) this.view.togglePace(nowUs);
    else return false;
    return true;
  }

  private press(key: Key, nowUs: number): void {
    if (this.adapts(key, nowUs) || this.parts.keys.press(key, nowUs)) this.parts.buzzer.play(Tone.Key, nowUs);
  }
}
