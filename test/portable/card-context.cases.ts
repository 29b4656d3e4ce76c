/** What the terminal believes is selected: no part of an AID, no other class and no failed command leads it astray. */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { CommandApdu, decodeCommandApdu } from "../../firmware/protocol/command-apdu.ts";
import { CardContext, NO_FILE } from "../../firmware/service/card-context.ts";
import { Application } from "../../firmware/service/pin-objects.ts";
import { bytesOf } from "./bytes-of.ts";
import { AIDS } from "../vectors/aids.ts";
import type { Report } from "./report.ts";

const UNKNOWN_AID = [0xa0, 0x00, 0x00, 0x09, 0x99, 0x4d, 0x47, 0x01];

class Follower {
  readonly context = new CardContext();
  private readonly apdu = new CommandApdu();

  constructor(private readonly natives: ByteNatives) {}

  /** A command of the host and the card's answer. */
  pass(raw: readonly number[], statusWord: number): void {
    const bytes: Bytes = bytesOf(this.natives, raw);
    decodeCommandApdu(bytes, bytes.length, this.apdu);
    this.context.observeCommand(this.apdu, bytes);
    this.context.observeAnswer(statusWord);
  }

  select(aid: readonly number[], statusWord: number): void {
    const raw = [0x00, 0xa4, 0x04, 0x0c, aid.length];
    for (const byte of aid) raw.push(byte);
    this.pass(raw, statusWord);
  }

  file(file: number, statusWord: number): void {
    this.pass([0x00, 0xa4, 0x02, 0x0c, 0x02, file >> 8, file & 0xff], statusWord);
  }

  /** Back to the JPKI application, file 0018. */
  jpki(): void {
    this.context.reset();
    this.select(AIDS[3], 0x9000);
    this.file(0x0018, 0x9000);
  }
}

function checkSelect(report: Report, natives: ByteNatives): void {
  const follower = new Follower(natives);
  const context = follower.context;
  report.equal(context.application, Application.None, "nothing at first");
  for (let known = 0; known < AIDS.length; known++) {
    for (const took of [0x9000, 0x6110, 0x6283, 0x6300]) {
      follower.context.reset();
      follower.select(AIDS[known], took);
      report.equal(context.application, Application.Juki + known, "SELECT answered " + took);
      report.equal(context.file, NO_FILE, "no file yet");
    }
    for (const failed of [0x6a82, 0x6f00, 0x6985, 0x6c10]) {
      follower.jpki();
      follower.select(AIDS[known], failed);
      report.equal(context.application, Application.Ambiguous, "a known SELECT that failed by " + failed);
      report.equal(context.file, NO_FILE, "and the file");
    }
    follower.jpki();
    const part: number[] = [];
    for (let length = 0; length < 10; length++) {
      if (length > 0) follower.select(part, 0x9000);
      if (length > 0) report.equal(context.application, Application.Ambiguous, "a part of " + length);
      part.push(AIDS[known][length]);
    }
  }
  follower.jpki();
  follower.select(UNKNOWN_AID, 0x6a82);
  report.equal(
    context.application,
    Application.Jpki,
    "an unknown application that is not there changes nothing",
  );
  follower.select(UNKNOWN_AID, 0x9000);
  report.equal(context.application, Application.Other, "one that is there is another");
  context.reset();
  report.equal(context.application, Application.None, "after a cold reset nothing is selected");
}

function checkFiles(report: Report, natives: ByteNatives): void {
  const follower = new Follower(natives);
  const context = follower.context;
  follower.jpki();
  report.equal(context.file, 0x0018, "SELECT by file identifier");
  follower.file(0x001b, 0x6a82);
  report.equal(context.file, 0x0018, "a file that is not there");
  follower.file(0x001b, 0x9000);
  report.equal(context.file, 0x001b, "another file");
  const others = [
    [0x00, 0xa4, 0x00, 0x0c, 0x02, 0x00, 0x18],
    [0x00, 0xa4, 0x08, 0x0c, 0x02, 0x00, 0x18],
    [0x00, 0xa4, 0x02, 0x0c, 0x03, 0x00, 0x18, 0x00],
    [0x00, 0xa4, 0x03, 0x0c],
    [0x00, 0xb0, 0x86, 0x00, 0x00],
    [0x00, 0xd6, 0x86, 0x00, 0x01, 0x00],
    [0x00, 0xb2, 0x01, 0x34, 0x00],
  ];
  for (const raw of others) {
    follower.jpki();
    follower.pass(raw, 0x6a82);
    report.equal(context.file, NO_FILE, "whatever it was answered, INS " + raw[1] + " P1 " + raw[2]);
    report.equal(context.application, Application.Jpki, "the application stays");
  }
  for (const raw of [
    [0x00, 0xb0, 0x00, 0x00, 0x00],
    [0x00, 0xb2, 0x01, 0x04, 0x00],
    [0x00, 0x84, 0x00, 0x00, 0x08],
  ]) {
    follower.jpki();
    follower.pass(raw, 0x9000);
    report.equal(context.file, 0x0018, "INS " + raw[1] + " leaves the current file");
  }
}

/** A SELECT in another class either meets another channel, or nobody can tell. */
function checkClasses(report: Report, natives: ByteNatives): void {
  const follower = new Follower(natives);
  const context = follower.context;
  for (let cla = 1; cla < 256; cla++) {
    follower.jpki();
    const raw = [cla, 0xa4, 0x04, 0x0c, 10];
    for (const byte of AIDS[0]) raw.push(byte);
    follower.pass(raw, 0x9000);
    const isOtherChannel = (cla < 0x20 && (cla & 3) !== 0) || (cla >= 0x40 && cla < 0x80);
    const wanted = isOtherChannel ? Application.Jpki : Application.Ambiguous;
    report.equal(context.application, wanted, "SELECT of 住基AP in class " + cla);
    follower.jpki();
    follower.pass(raw, 0x6a82);
    report.equal(context.application, Application.Jpki, "refused in class " + cla);
  }
  follower.jpki();
  context.lose();
  report.equal(context.application, Application.Ambiguous, "an answer that was lost");
  report.equal(context.file, NO_FILE, "its file");
}

export function checkCardContext(report: Report, natives: ByteNatives): void {
  checkSelect(report, natives);
  checkFiles(report, natives);
  checkClasses(report, natives);
}
