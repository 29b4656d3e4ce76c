/**
 * Judges whole APDUs of a host before they may cross to the card (design §7.3, docs/security.md): what carries or changes a PIN is
 * denied, whatever its class or channel. The rest passes in bench images; sealed ones have a list of it (allow-list.ts).
 */
import type { CommandApdu } from "../protocol/command-apdu.ts";
import { ApduError, classKind, ClassKind } from "../protocol/command-apdu.ts";

export const enum Verdict {
  Pass = 0,
  /** None of the encodings of ISO/IEC 7816-3, 12.1: what a card would make of it cannot be known. Answered 6700. */
  Malformed = 1,
  /** CLA FF is no command but a PPS (ISO/IEC 7816-3, 9.1; 7816-4, 5.1.1). Answered 6E00. */
  InvalidClass = 2,
  /** VERIFY, CHANGE, RESET … of a PIN from a host. Answered 6985. */
  PinCommand = 3,
  /** CHANGE KEY, LOCK, UNLOCK of JICSAP cards in their own class. Answered 6985. */
  KeyCommand = 4,
  /** Could carry any of these unseen. Answered 6985. */
  Envelope = 5,
  /** Sealed images: not on the list of the selected application. Answered 6985. */
  NotListed = 6,
  /** Sealed images: an application that is none of theirs. Answered 6A82, as by a card that has no such one. */
  NotFound = 7,
}

/** Status word that the host gets for a refusal. */
export function refusalStatus(verdict: Verdict): number {
  switch (verdict) {
    case Verdict.Pass:
      return 0x9000;
    case Verdict.Malformed:
      return 0x6700;
    case Verdict.InvalidClass:
      return 0x6e00;
    case Verdict.PinCommand:
    case Verdict.KeyCommand:
    case Verdict.Envelope:
    case Verdict.NotListed:
      return 0x6985;
    case Verdict.NotFound:
      return 0x6a82;
  }
}

/** `lengthBytes` is the whole command's: the empty VERIFY is exactly 4. */
export function judge(apdu: CommandApdu, decoded: ApduError, lengthBytes: number): Verdict {
  // The instruction decides first, so that no encoding error and no class hides one.
  if (decoded !== ApduError.TooShort) {
    if (isPinInstruction(apdu.ins))
      return isRetryQuery(apdu, lengthBytes) ? Verdict.Pass : Verdict.PinCommand;
    if (isEnvelope(apdu.ins)) return Verdict.Envelope;
    if (isKeyInstruction(apdu.ins) && classKind(apdu.cla) !== ClassKind.FirstInterindustry)
      return Verdict.KeyCommand;
  }
  if (decoded !== ApduError.None) return Verdict.Malformed;
  return classKind(apdu.cla) === ClassKind.Invalid ? Verdict.InvalidClass : Verdict.Pass;
}

/** `00 20 00 xx`, nothing after: asks for the tries left and uses none (case 1, JICSAP 6.4.9). */
function isRetryQuery(apdu: CommandApdu, lengthBytes: number): boolean {
  return lengthBytes === 4 && apdu.cla === 0x00 && apdu.ins === 0x20 && apdu.p1 === 0x00;
}

/** ISO/IEC 7816-4:2005, table 4.1: 20 21 VERIFY, 24 25 CHANGE, 26 27 DISABLE, 28 29 ENABLE, 2C 2D RESET RETRY COUNTER. */
function isPinInstruction(ins: number): boolean {
  if (ins === 0x20 || ins === 0x21) return true;
  if (ins >= 0x24 && ins <= 0x29) return true;
  return ins === 0x2c || ins === 0x2d;
}

/** JICSAP V1.1: 32 CHANGE KEY, 50 LOCK DF, 52 UNLOCK DF, 54 UNLOCK KEY. */
function isKeyInstruction(ins: number): boolean {
  return ins === 0x32 || ins === 0x50 || ins === 0x52 || ins === 0x54;
}

/** C2, C3. */
function isEnvelope(ins: number): boolean {
  return ins === 0xc2 || ins === 0xc3;
}
