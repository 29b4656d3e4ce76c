/**
 * The applications and PIN objects that the terminal knows (docs/security.md §Known objects; facts: JICSAP V1.1, OpenSC
 * card-jpki.c). What is not here is asked for as 不明なアプリの暗証番号, with the standard's VERIFY and CHANGE only.
 */
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { PinName } from "./view.ts";

/** What was selected last on the basic channel, as far as the terminal can tell. */
export const enum Application {
  /** Nothing since the card's cold reset. */
  None = 0,
  /** By a complete AID that is none of ours. */
  Other = 1,
  Juki = 2,
  Common = 3,
  SurfaceInput = 4,
  Jpki = 5,
  /** Of an operator's card (docs/protocol.md, The operator's card). */
  Operator = 6,
  /** By a partial AID, or by a command whose effect only the card knows: no PIN is asked for. */
  Ambiguous = 7,
}

const JUKI_AID: readonly number[] = [0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01];
const COMMON_AID: readonly number[] = [0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00];
const SURFACE_INPUT_AID: readonly number[] = [0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08];
const JPKI_AID: readonly number[] = [0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
/** Proprietary (ISO/IEC 7816-4:2005, 8.2.1.2): F, and "Madoguchi". */
const OPERATOR_AID: readonly number[] = [0xf0, 0x4d, 0x61, 0x64, 0x6f, 0x67, 0x75, 0x63, 0x68, 0x69];
const AID_BYTES = 10;

function aidOf(application: Application): readonly number[] {
  switch (application) {
    case Application.Juki:
      return JUKI_AID;
    case Application.Common:
      return COMMON_AID;
    case Application.SurfaceInput:
      return SURFACE_INPUT_AID;
    case Application.Operator:
      return OPERATOR_AID;
    case Application.Jpki:
    case Application.None:
    case Application.Other:
    case Application.Ambiguous:
      return JPKI_AID;
  }
}

/** Whether the terminal can select `application` itself. */
export function isKnown(application: Application): boolean {
  return application >= Application.Juki && application <= Application.Operator;
}

/** How many of the first bytes of `data[at…at+length-1]` are those of `aid`. */
function commonBytes(aid: readonly number[], data: ReadonlyBytes, at: number, length: number): number {
  let i = 0;
  while (i < length && i < AID_BYTES && data[at + i] === aid[i]) i++;
  return i;
}

/** Which application the AID in `data[at…]` names. A card may take a part of an AID for the whole: that is `Ambiguous`. */
export function applicationOf(data: ReadonlyBytes, at: number, length: number): Application {
  for (let known = Application.Juki; known <= Application.Operator; known++) {
    const common = commonBytes(aidOf(known), data, at, length);
    if (common === AID_BYTES && length === AID_BYTES) return known;
    if (common === AID_BYTES || common === length) return Application.Ambiguous;
  }
  return Application.Other;
}

/** Writes `00 A4 04 0C 0A AID` to `into`; returns its length. */
export function writeSelectApplication(application: Application, into: Bytes): number {
  into[0] = 0x00;
  into[1] = 0xa4;
  into[2] = 0x04;
  into[3] = 0x0c;
  into[4] = AID_BYTES;
  const aid = aidOf(application);
  for (let i = 0; i < AID_BYTES; i++) into[5 + i] = aid[i];
  return 5 + AID_BYTES;
}

/** Writes `00 A4 02 0C 02 file`; returns its length. */
export function writeSelectFile(file: number, into: Bytes): number {
  into[0] = 0x00;
  into[1] = 0xa4;
  into[2] = 0x02;
  into[3] = 0x0c;
  into[4] = 2;
  into[5] = file >> 8;
  into[6] = file & 0xff;
  return 7;
}

/** Writes the case 1 VERIFY that asks for the tries left and uses none; returns its length. */
export function writeRetryQuery(into: Bytes): number {
  into[0] = 0x00;
  into[1] = 0x20;
  into[2] = 0x00;
  into[3] = 0x80;
  return 4;
}

/** What a PIN command of a host would do to an object. */
export const enum PinAction {
  Verify = 0,
  /** Old and new PIN in one command (ISO 7816-4, 7.5.10, P1 = 00). */
  ChangeOldNew = 1,
  /** The new PIN alone, after the old one was verified. */
  ChangeNew = 2,
  /** Not a PIN command that may be asked for. */
  NotAllowed = 3,
}

/** File identifiers of PIN objects; each is its own short identifier as well. */
export const JUKI_PIN = 0x001c;
const SURFACE_INPUT_PIN = 0x0011;
const USER_AUTHENTICATION_PIN = 0x0018;
const SIGNATURE_PIN = 0x001b;
const OPERATOR_PIN = 0x0011;

/** Where a PIN is that the terminal asks for by itself. */
export interface PinPlace {
  readonly application: Application;
  readonly file: number;
  readonly name: PinName;
}

export const JUKI_PLACE: PinPlace = { application: Application.Juki, file: JUKI_PIN, name: PinName.Juki };
export const OPERATOR_PLACE: PinPlace = {
  application: Application.Operator,
  file: OPERATOR_PIN,
  name: PinName.Operator,
};

/** The PIN in `file` of a known application, or `PinName.Unknown` when the terminal knows none there. */
export function pinIn(application: Application, file: number): PinName {
  if (application === Application.Juki && file === JUKI_PIN) return PinName.Juki;
  if (application === Application.Common && file === JUKI_PIN) return PinName.Common;
  if (application === Application.SurfaceInput && file === SURFACE_INPUT_PIN) return PinName.SurfaceInput;
  if (application === Application.Jpki && file === USER_AUTHENTICATION_PIN) return PinName.UserAuthentication;
  if (application === Application.Jpki && file === SIGNATURE_PIN) return PinName.Signature;
  if (application === Application.Operator && file === OPERATOR_PIN) return PinName.Operator;
  return PinName.Unknown;
}

/** What class, instruction and P1 mean on the object `pin`. */
export function actionOf(pin: PinName, cla: number, ins: number, p1: number): PinAction {
  if (cla === 0x00 && ins === 0x20) return p1 === 0x00 ? PinAction.Verify : PinAction.NotAllowed;
  switch (pin) {
    case PinName.Juki:
    case PinName.Common:
      // CHANGE KEY of JICSAP
      return cla === 0x80 && ins === 0x32 && p1 === 0x00 ? PinAction.ChangeNew : PinAction.NotAllowed;
    case PinName.UserAuthentication:
    case PinName.SurfaceInput:
      return cla === 0x00 && ins === 0x24 && p1 === 0x01 ? PinAction.ChangeNew : PinAction.NotAllowed;
    case PinName.Unknown:
      return changeByStandard(cla, ins, p1);
    case PinName.Signature:
    case PinName.Operator:
      return PinAction.NotAllowed;
  }
}

function changeByStandard(cla: number, ins: number, p1: number): PinAction {
  if (cla !== 0x00 || ins !== 0x24) return PinAction.NotAllowed;
  if (p1 === 0x00) return PinAction.ChangeOldNew;
  return p1 === 0x01 ? PinAction.ChangeNew : PinAction.NotAllowed;
}

/** All PINs we know by name have 4 digits; of others we only insist on at least 4. */
export const FIXED_DIGITS = 4;
export const SHORTEST_PIN = 4;

export function hasFixedLength(pin: PinName): boolean {
  return pin !== PinName.Unknown;
}
