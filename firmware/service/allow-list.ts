/**
 * What sealed images let a program say to a card, by the application that is selected (docs/security.md, The firewall of sealed images).
 * Looked at behind firewall.ts, so that a VERIFY that comes here is the empty one.
 */
import type { ReadonlyBytes } from "../../hal/bytes.ts";
import type { CommandApdu } from "../protocol/command-apdu.ts";
import type { CardContext } from "./card-context.ts";
import { Verdict } from "./firewall.ts";
import { Application, applicationOf, isKnown } from "./pin-objects.ts";

/** Instructions (ISO/IEC 7816-4:2005, table 4.1; 2A: 7816-8). */
const enum Instruction {
  Verify = 0x20,
  PerformSecurityOperation = 0x2a,
  GetChallenge = 0x84,
  InternalAuthenticate = 0x88,
  Select = 0xa4,
  ReadBinary = 0xb0,
  ReadRecord = 0xb2,
  GetData = 0xca,
}

/** P1 of SELECT. */
const BY_FILE = 0x02;
const BY_NAME = 0x04;
/** Class of COMPUTE SIGNATURE on these cards. */
const JICSAP = 0x80;

/** `raw` are the command's bytes. */
export function judgeListed(apdu: CommandApdu, raw: ReadonlyBytes, context: CardContext): Verdict {
  if (apdu.cla === 0x00 && apdu.ins === Instruction.Select && apdu.p1 === BY_NAME)
    return isOpen(applicationOf(raw, apdu.dataAt, apdu.dataLength)) ? Verdict.Pass : Verdict.NotFound;
  const isListed = isOpen(context.application) && isListedIn(context.application, apdu);
  return isListed ? Verdict.Pass : Verdict.NotListed;
}

/** An operator's card proves a person to the terminal, and to nobody else. */
function isOpen(application: Application): boolean {
  return isKnown(application) && application !== Application.Operator;
}

function isListedIn(application: Application, apdu: CommandApdu): boolean {
  if (apdu.cla === JICSAP)
    return application === Application.Jpki && apdu.ins === Instruction.PerformSecurityOperation;
  if (apdu.cla !== 0x00) return false;
  const ins: number = apdu.ins;
  const isGeneral =
    ins === Instruction.Verify || ins === Instruction.GetChallenge || ins === Instruction.GetData;
  if (isGeneral) return true;
  if (ins === Instruction.Select) return apdu.p1 === BY_FILE;
  if (ins === Instruction.ReadBinary)
    return application === Application.Jpki || application === Application.SurfaceInput;
  const isOfRecords = application === Application.Common || application === Application.Juki;
  return isOfRecords && (ins === Instruction.ReadRecord || ins === Instruction.InternalAuthenticate);
}
