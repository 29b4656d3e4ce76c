/**
 * What the resident should see, as the services say it. ui/ draws it and knows nothing else;
 * nothing here comes from a card or a host but numbers that the terminal itself derived.
 */

/** Pages by their meaning. The numbers are stable: they are named in logs and in the simulator's control answers. */
export const enum Page {
  Insert = 0,
  Reading = 1,
  PinEntry = 2,
  Ok = 3,
  Wrong = 4,
  /** One try left: asks 続ける or やめる. */
  LastTry = 5,
  Blocked = 6,
  PinUnset = 7,
  ChangeAsk = 8,
  ChangeDiffer = 9,
  Changed = 10,
  Cancelled = 11,
  TimedOut = 12,
  /** Card taken before anything was sent to it. */
  Removed = 13,
  /** The outcome cannot be decided. */
  Unknown = 14,
  /** Mute or wrong way round. */
  CardUnreadable = 15,
  CardUnsupported = 16,
  /** Only T=0 on offer. */
  CardT0 = 17,
  /** 署名用 password: no letters on this keypad. */
  SignPin = 18,
  CardExpired = 19,
  Take = 20,
  /** 利用中: a PC/SC program uses the card. */
  InUse = 21,
  OutOfService = 22,
  Idle = 23,
  /** The counter has said that this card is suspended (一時停止). */
  CardSuspended = 24,
  /** Too many wrong entries at this terminal, over many cards. */
  Limited = 25,
  /** No more entries for this card here today. */
  LimitedCard = 26,
  /** The case was opened. */
  Tamper = 27,
  /** One of two PINs was changed: staff finish it. */
  ChangePartial = 28,
  /** A new PIN that is too easy to guess. */
  ChangeWeak = 29,
  /** Asks for an operator's card. */
  InsertOperator = 30,
  SignedIn = 31,
  /** Another card than an operator's. */
  NotOperator = 32,
  /** An operator's card that has not proved itself. */
  NotGenuine = 33,
  /** Wrong PINs were typed before: a PIN is changed from full counters alone, and a right entry fills them. */
  ChangeNotFull = 34,
  /** The counter has said that this card is not asked for now: another one's, or one that was proved already. */
  OtherCard = 35,
}

/** Which PIN is asked for, decided from what the terminal itself saw selected. */
export const enum PinName {
  /** 住民基本台帳用 */
  Juki = 0,
  /** 個人番号カード共通 */
  Common = 1,
  /** 利用者証明用 */
  UserAuthentication = 2,
  /** 券面事項入力補助用 */
  SurfaceInput = 3,
  /** 不明なアプリ */
  Unknown = 4,
  /** 署名用; never asked, named on the refusal page only */
  Signature = 5,
  /** 職員用, of an operator's card */
  Operator = 6,
}

/** What an entry is for. */
export const enum EntryPurpose {
  Verify = 0,
  ChangeOld = 1,
  ChangeNew = 2,
  ChangeAgain = 3,
}

export const enum Language {
  Japanese = 0,
  English = 1,
  /** やさしい日本語 */
  EasyJapanese = 2,
}

/** The language of a host's byte; `undefined` when there is none of that number. */
export function languageOf(byte: number): Language | undefined {
  switch (byte) {
    case Language.Japanese:
      return Language.Japanese;
    case Language.English:
      return Language.English;
    case Language.EasyJapanese:
      return Language.EasyJapanese;
  }
  return undefined;
}

/** The language that 言語 goes on to: the two Japanese ones lie beside each other. */
function languageAfter(language: Language): Language {
  switch (language) {
    case Language.Japanese:
      return Language.EasyJapanese;
    case Language.EasyJapanese:
      return Language.English;
    case Language.English:
      return Language.Japanese;
  }
}

/** How many times as long ゆっくり waits. */
const SLOW_TIMES = 3;

/** `View.triesLeft` when the card did not say. */
export const TRIES_UNKNOWN = 255;

/** One record, written by the services, read by ui/. `version` grows with every change. */
export class View {
  version = 1;
  page = Page.Insert;
  language = Language.Japanese;
  pinName = PinName.Juki;
  purpose = EntryPurpose.Verify;
  minimumDigits = 4;
  maximumDigits = 4;
  /** How many digits are in the buffer, 0…16. */
  digits = 0;
  /** 1…15 or `TRIES_UNKNOWN`. */
  triesLeft = TRIES_UNKNOWN;
  /** Pages after an outcome on which 確認 goes on are drawn with that key. */
  confirmKey = false;
  /** 大きく: the mask of an entry is drawn large. Chosen by the person at the terminal, for the transaction under way. */
  isLarge = false;
  /** And pages that ask for a card with 取消, which ends the command that asks. */
  cancelKey = false;

  /** ゆっくり: `limitUs` waits longer. Chosen as `isLarge` is. */
  private isSlow = false;
  /** When the person last chose a pace. */
  private pacedUs = 0;

  show(page: Page): void {
    this.page = page;
    this.version++;
  }

  showDigits(digits: number): void {
    this.digits = digits;
    this.version++;
  }

  showTries(page: Page, triesLeft: number): void {
    this.triesLeft = triesLeft;
    this.show(page);
  }

  /** Another person, who is addressed in `language`: nothing is left of what the one before has chosen. */
  meet(language: Language): void {
    this.isLarge = false;
    this.isSlow = false;
    this.useLanguage(language);
  }

  /** Whether the page on show says what was chosen: there alone the keys for it act. */
  saysChoices(): boolean {
    return this.page === Page.PinEntry || this.page === Page.Insert;
  }

  toggleSize(): void {
    this.isLarge = !this.isLarge;
    this.version++;
  }

  togglePace(nowUs: number): void {
    this.isSlow = !this.isSlow;
    this.pacedUs = nowUs;
    this.version++;
  }

  waitsLonger(): boolean {
    return this.isSlow;
  }

  /**
   * When a time of `lengthUs` is over that the person at the terminal has from `sinceUs` on. A change of pace begins it anew, so that
   * going back to the usual one ends nothing at once.
   */
  limitUs(sinceUs: number, lengthUs: number): number {
    const fromUs = sinceUs > this.pacedUs ? sinceUs : this.pacedUs;
    return fromUs + (this.isSlow ? SLOW_TIMES * lengthUs : lengthUs);
  }

  /** What 言語 does. */
  useNextLanguage(): void {
    this.useLanguage(languageAfter(this.language));
  }

  useLanguage(language: Language): void {
    this.language = language;
    this.version++;
  }
}
