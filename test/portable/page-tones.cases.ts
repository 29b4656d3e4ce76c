/** Which tone each page begins with: your turn, well, error or none; once a page, and once an entry of a change. */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Pwm } from "../../hal/pwm.ts";
import { Buzzer } from "../../firmware/driver/buzzer.ts";
import { EntryPurpose, Language, Page, View } from "../../firmware/service/view.ts";
import { PageTones } from "../../firmware/ui/page-tones.ts";
import type { Report } from "./report.ts";

const YOUR_TURN = [Page.Insert, Page.PinEntry, Page.ChangeAsk, Page.InsertOperator];
const WELL = [Page.Ok, Page.Changed, Page.Take, Page.SignedIn];
const SILENT = [Page.Idle, Page.Reading, Page.Cancelled, Page.InUse, Page.OutOfService];
/** Every page; pages.test.ts compares it with what the ROM has. */
export const PAGES = Page.OtherCard + 1;
const START_HZ = 1600;
const ERROR_HZ = 800;
/** Often enough to meet each note of a melody. */
const STEP_US = 60000;

class Ear implements Pwm {
  /** Notes that began since the last `clear`. */
  notes = 0;
  firstHz = 0;
  lastHz = 0;

  set(_channel: number, hz: number): void {
    if (hz === 0) return;
    if (this.notes === 0) this.firstHz = hz;
    this.lastHz = hz;
    this.notes++;
  }

  clear(): void {
    this.notes = 0;
    this.firstHz = 0;
    this.lastHz = 0;
  }
}

class Desk {
  readonly view = new View();
  readonly ear = new Ear();
  private readonly buzzer: Buzzer;
  private readonly tones: PageTones;
  private nowUs = 0;

  constructor() {
    this.buzzer = new Buzzer(this.ear, 0);
    this.tones = new PageTones(this.view, this.buzzer);
  }

  /** Lets a second pass, and counts what sounds in it. */
  listen(): void {
    this.ear.clear();
    for (let at = 0; at < 1000000; at += STEP_US) {
      this.tones.step(this.nowUs + at);
      this.buzzer.step(this.nowUs + at);
    }
    this.nowUs += 1000000;
  }
}

function has(list: readonly number[], value: number): boolean {
  for (const one of list) if (one === value) return true;
  return false;
}

export function checkPageTones(report: Report, _natives: ByteNatives): void {
  for (let page = 0; page < PAGES; page++) {
    const desk = new Desk();
    desk.view.show(page === Page.Idle ? Page.Reading : Page.Idle);
    desk.listen();
    desk.view.show(page);
    desk.listen();
    const isSilent = has(SILENT, page);
    const notes = isSilent ? 0 : has(YOUR_TURN, page) ? 1 : 2;
    report.equal(desk.ear.notes, notes, "notes of page " + page);
    const isGood = has(WELL, page) || has(YOUR_TURN, page);
    report.equal(desk.ear.firstHz, isSilent ? 0 : isGood ? START_HZ : ERROR_HZ, "the first of page " + page);
    desk.view.useLanguage(Language.English);
    desk.view.showDigits(2);
    desk.listen();
    report.equal(desk.ear.notes, 0, "page " + page + " sounds once, whatever changes on it");
  }
  const desk = new Desk();
  desk.view.purpose = EntryPurpose.ChangeOld;
  desk.view.show(Page.PinEntry);
  desk.listen();
  for (const purpose of [EntryPurpose.ChangeNew, EntryPurpose.ChangeAgain]) {
    desk.view.purpose = purpose;
    desk.view.show(Page.PinEntry);
    desk.listen();
    report.equal(desk.ear.notes, 1, "the next entry of a change is your turn again");
  }
}
