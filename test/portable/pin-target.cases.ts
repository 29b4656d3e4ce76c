/** Which PIN a command means: the whole allow-list of (application, file, class, instruction, P1, P2), and answers of cards. */
import type { ByteNatives } from "../../hal/bytes.ts";
import { CardContext, NO_FILE } from "../../firmware/service/card-context.ts";
import { answerPage, PinAnswer, pinAnswer, triesIn } from "../../firmware/service/pin-answer.ts";
import { Application, PinAction } from "../../firmware/service/pin-objects.ts";
import { PinTarget, TargetError } from "../../firmware/service/pin-target.ts";
import { Page, PinName, TRIES_UNKNOWN } from "../../firmware/service/view.ts";
import type { Report } from "./report.ts";

/** Every command that is asked for on the current file of an application: CLA INS P1, what it does. */
interface Allowed {
  readonly application: Application;
  readonly file: number;
  readonly name: PinName;
  readonly commands: readonly number[];
  readonly actions: readonly PinAction[];
}

const JICSAP = [0x002000, 0x803200];
const ISO_NEW = [0x002000, 0x002401];
const ISO_BOTH = [0x002000, 0x002401, 0x002400];
const VERIFY_OR_NEW = [PinAction.Verify, PinAction.ChangeNew];
const ALL_ACTIONS = [PinAction.Verify, PinAction.ChangeNew, PinAction.ChangeOldNew];

const ALLOWED: readonly Allowed[] = [
  { application: Application.Juki, file: 0x1c, name: PinName.Juki, commands: JICSAP, actions: VERIFY_OR_NEW },
  {
    application: Application.Common,
    file: 0x1c,
    name: PinName.Common,
    commands: JICSAP,
    actions: VERIFY_OR_NEW,
  },
  {
    application: Application.SurfaceInput,
    file: 0x11,
    name: PinName.SurfaceInput,
    commands: ISO_NEW,
    actions: VERIFY_OR_NEW,
  },
  {
    application: Application.Jpki,
    file: 0x18,
    name: PinName.UserAuthentication,
    commands: ISO_NEW,
    actions: VERIFY_OR_NEW,
  },
  {
    application: Application.Operator,
    file: 0x11,
    name: PinName.Operator,
    commands: [0x002000],
    actions: [PinAction.Verify],
  },
  {
    application: Application.Other,
    file: NO_FILE,
    name: PinName.Unknown,
    commands: ISO_BOTH,
    actions: ALL_ACTIONS,
  },
  {
    application: Application.None,
    file: NO_FILE,
    name: PinName.Unknown,
    commands: ISO_BOTH,
    actions: ALL_ACTIONS,
  },
];
/** Files that are a PIN somewhere, and some that are none. */
const FILES = [NO_FILE, 0x0001, 0x0006, 0x0011, 0x0012, 0x0018, 0x001b, 0x001c, 0x2001];
const CLASSES = [0x00, 0x01, 0x04, 0x0c, 0x10, 0x40, 0x80, 0x84, 0x90, 0xff];

function place(context: CardContext, application: Application, file: number): void {
  context.reset();
  context.application = application;
  context.file = file;
}

function positionOf(list: readonly number[], value: number): number {
  for (let i = 0; i < list.length; i++) if (list[i] === value) return i;
  return -1;
}

/** Every instruction of some classes with P1 0, 1, 2 on one object. */
function checkCommands(report: Report, allowed: Allowed): void {
  const target = new PinTarget();
  const context = new CardContext();
  let wrong = 0;
  let accepted = 0;
  place(context, allowed.application, allowed.file);
  for (const cla of CLASSES) {
    for (let ins = 0; ins < 256; ins++) {
      for (let p1 = 0; p1 < 3; p1++) {
        const position = positionOf(allowed.commands, cla * 65536 + ins * 256 + p1);
        const header = (cla << 24) | (ins << 16) | (p1 << 8) | 0x80;
        const error = target.resolve(header, context);
        if (error === TargetError.None) accepted++;
        if (position < 0 && error !== TargetError.Instruction) wrong++;
        if (position >= 0 && (error !== TargetError.None || target.action !== allowed.actions[position]))
          wrong++;
        if (target.name !== allowed.name || target.reference !== 0x80) wrong++;
      }
    }
  }
  report.equal(wrong, 0, "commands on application " + allowed.application + " judged otherwise than listed");
  report.equal(accepted, allowed.commands.length, "commands accepted there");
}

/** P2 on every application and current file: 80 is that file, 80 + n file n, everything else is refused. */
function checkReferences(report: Report): void {
  const target = new PinTarget();
  const context = new CardContext();
  for (let application = Application.Juki; application <= Application.Operator; application++) {
    let wrong = 0;
    for (const file of FILES) {
      place(context, application, file);
      for (let p2 = 0; p2 < 256; p2++) {
        const meant = p2 === 0x80 ? file : p2 > 0x80 && p2 < 0xa0 ? p2 - 0x80 : NO_FILE;
        const isPin = meant === pinFile(application);
        const error = target.resolve(0x00200000 | p2, context);
        if (error !== (isPin ? TargetError.None : TargetError.Reference)) wrong++;
        const isSignature = application === Application.Jpki && meant === 0x1b;
        if ((target.name === PinName.Signature) !== isSignature) wrong++;
      }
    }
    report.equal(wrong, 0, "references judged otherwise than listed in application " + application);
  }
  for (let p2 = 0; p2 < 256; p2++) {
    place(context, Application.Ambiguous, 0x0018);
    report.equal(
      target.resolve(0x00200000 | p2, context),
      TargetError.Ambiguous,
      "nothing is asked for while it is unclear",
    );
    place(context, Application.Other, NO_FILE);
    report.equal(
      target.resolve(0x00200000 | p2, context),
      TargetError.None,
      "an unknown application has any reference",
    );
    report.equal(target.name, PinName.Unknown, "and no name");
  }
}

function pinFile(application: Application): number {
  for (const allowed of ALLOWED) if (allowed.application === application) return allowed.file;
  return -2;
}

/** Every status word. */
function checkAnswers(report: Report): void {
  let wrong = 0;
  for (let statusWord = 0; statusWord < 65536; statusWord += 1) {
    const answer = pinAnswer(statusWord);
    const isCounter = statusWord >= 0x63c0 && statusWord <= 0x63cf;
    let wanted = PinAnswer.Other;
    if (statusWord === 0x9000) wanted = PinAnswer.Ok;
    else if (statusWord === 0x63c0 || statusWord === 0x6983 || statusWord === 0x6984)
      wanted = PinAnswer.Blocked;
    else if (isCounter || statusWord === 0x6300) wanted = PinAnswer.Wrong;
    else if (statusWord === 0x6985) wanted = PinAnswer.Unset;
    if (answer !== wanted) wrong++;
    if (triesIn(statusWord) !== (isCounter ? statusWord - 0x63c0 : TRIES_UNKNOWN)) wrong++;
  }
  report.equal(wrong, 0, "status words read otherwise, of 65,536");
  report.equal(answerPage(PinAnswer.Ok, Page.Changed), Page.Changed, "the command's own page");
  report.equal(answerPage(PinAnswer.Wrong, Page.Ok), Page.Wrong, "wrong");
  report.equal(answerPage(PinAnswer.Blocked, Page.Ok), Page.Blocked, "blocked");
  report.equal(answerPage(PinAnswer.Unset, Page.Ok), Page.PinUnset, "unset");
  report.equal(answerPage(PinAnswer.Other, Page.Ok), Page.Unknown, "anything else is no outcome");
}

export function checkPinTarget(report: Report, _natives: ByteNatives): void {
  for (const allowed of ALLOWED) checkCommands(report, allowed);
  checkReferences(report);
  checkAnswers(report);
}
