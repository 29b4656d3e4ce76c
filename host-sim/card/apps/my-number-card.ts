/**
 * The contents of a 個人番号カード and of an old 住基カード (facts/card.md §1.2, 1.3 and 5). Names, numbers and dates are invented.
 *
 *   住基AP 001C "1234" · 共通AP 001C "5678" · 入力補助AP 0011 "2468" · JPKI 0018 (利用者証明用) "1357" · 001B (署名用) "ABC123"
 */
import { createPrivateKey, constants, privateEncrypt, type KeyObject } from "node:crypto";
import type { CardData, JicsapApplicationFiles, JicsapFile } from "./jicsap-file.ts";
import { JicsapCard } from "./jicsap-card.ts";
import { MODEL_CERTIFICATES, MODEL_KEYS } from "./model-credentials.ts";
import { PinObject } from "./pin-object.ts";

export const MY_NUMBER_ATR = Uint8Array.from([0x3b, 0xe0, 0x00, 0xff, 0x81, 0x31, 0xfe, 0x45, 0x14]);

/** Application identifiers in hexadecimal. */
export const JUKI_AID = "D3921000310001010401";
export const COMMON_AID = "D3921000310001010100";
export const SURFACE_INPUT_AID = "D3921000310001010408";
export const JPKI_AID = "D392F000260100000001";

export interface MyNumberOptions {
  /** 15 digits. */
  readonly serial?: string;
  /** YYYYMMDD. */
  readonly expiry?: string;
  /** The resident's 住基 PIN. */
  readonly jukiPin?: string;
  /** Of the 共通AP; a resident who was given the card properly has typed the same one for both. */
  readonly commonPin?: string;
  /** 顔認証カード: none of the PINs was ever set. */
  readonly pinsUnset?: boolean;
  /** Wrong tries left of the four-digit PINs; 3 when left out. */
  readonly left?: number;
  readonly drowsy?: boolean;
}

const SERIAL = "100020003000417";
const EXPIRY = "20330401";
const MUNICIPALITY = "01429";
const LABEL_BYTES = 32;
const TOKEN_BYTES = 160;
const CHALLENGE_SEED = 0x4d4e;

/** A living 個人番号カード. */
export function myNumberCard(options: MyNumberOptions = {}): JicsapCard {
  const serial = options.serial ?? SERIAL;
  const expiry = options.expiry ?? EXPIRY;
  const pin = pinMaker(options);
  const applications = [
    jukiApplication(pin, options.jukiPin ?? "1234"),
    commonApplication(pin, serial + MUNICIPALITY + expiry, options.commonPin ?? "5678"),
    surfaceInputApplication(pin),
    jpkiApplication(pin),
  ];
  return new JicsapCard({
    applications,
    data: cardData(serial, expiry),
    seed: CHALLENGE_SEED,
    drowsy: options.drowsy === true,
  });
}

/** A 住基カード: 住基AP and a JPKI AP with its own label. Its 共通AP does not exist; all of them have expired. */
export function jukiCard(): JicsapCard {
  const pin = pinMaker({});
  const applications: JicsapApplicationFiles[] = [
    jukiApplication(pin, "1234"),
    { aid: JPKI_AID, change: "reference-data", files: [token("JPKIAPICCTOKEN")] },
  ];
  return new JicsapCard({
    applications,
    data: cardData("000010002000317", "20251227"),
    seed: CHALLENGE_SEED,
  });
}

interface PinPlace {
  readonly aid: string;
  readonly id: number;
  readonly value: string;
}

type PinMaker = (place: PinPlace) => JicsapFile & { kind: "pin" };

function pinMaker(options: MyNumberOptions): PinMaker {
  return ({ aid, id, value }) => {
    const isSign = value.length > 4;
    const rules = isSign
      ? { tries: 5, minimumBytes: 6, maximumBytes: 16 }
      : { tries: 3, minimumBytes: 4, maximumBytes: 4 };
    const pin = new PinObject({
      application: aid,
      file: id,
      value: options.pinsUnset === true ? undefined : value,
      ...rules,
    });
    if (!isSign && options.left !== undefined) pin.left = options.left;
    return { kind: "pin", id, pin };
  };
}

function jukiApplication(pin: PinMaker, value: string): JicsapApplicationFiles {
  const keyReference = Uint8Array.from({ length: 16 }, (_, at) => 0x10 + at);
  const files: JicsapFile[] = [
    { kind: "records", id: 0x0002, records: [keyReference] },
    pin({ aid: JUKI_AID, id: 0x001c, value }),
  ];
  return { aid: JUKI_AID, files, change: "key" };
}

function commonApplication(pin: PinMaker, identity: string, value: string): JicsapApplicationFiles {
  const record = Uint8Array.of(0x01, identity.length, ...ascii(identity));
  const files: JicsapFile[] = [
    { kind: "records", id: 0x0001, records: [record] },
    keyFile(0x0019, "auth", undefined, 0x88),
    pin({ aid: COMMON_AID, id: 0x001c, value }),
  ];
  return { aid: COMMON_AID, files, change: "key" };
}

function surfaceInputApplication(pin: PinMaker): JicsapApplicationFiles {
  const own = pin({ aid: SURFACE_INPUT_AID, id: 0x0011, value: "2468" });
  const files: JicsapFile[] = [
    binary(0x0001, Uint8Array.of(0x10, 12, ...ascii("123456789018")), own.pin),
    binary(0x0002, Uint8Array.of(0xff, 0x20, 16, ...Buffer.from("窓口　花子", "utf8"), 0), own.pin),
    binary(0x0005, Uint8Array.of(0xff, 0x40, 0), undefined),
    own,
    blockedForEver(SURFACE_INPUT_AID, 0x0012),
  ];
  return { aid: SURFACE_INPUT_AID, files, change: "reference-data" };
}

function jpkiApplication(pin: PinMaker): JicsapApplicationFiles {
  const auth = pin({ aid: JPKI_AID, id: 0x0018, value: "1357" });
  const sign = pin({ aid: JPKI_AID, id: 0x001b, value: "ABC123" });
  const files: JicsapFile[] = [
    certificateFile(0x0001, "sign", sign.pin),
    certificateFile(0x0002, "signCa", undefined),
    token("JPKIAPICCTOKEN2"),
    binary(0x0008, Uint8Array.of(0x01, 0x01, 0x01), undefined),
    certificateFile(0x000a, "auth", undefined),
    certificateFile(0x000b, "authCa", undefined),
    keyFile(0x0017, "auth", auth.pin, 0x2a),
    auth,
    keyFile(0x001a, "sign", sign.pin, 0x2a),
    sign,
  ];
  return { aid: JPKI_AID, files, change: "reference-data" };
}

/** 入力補助AP 0012 answers as blocked on every card that was measured. */
function blockedForEver(aid: string, id: number): JicsapFile {
  const pin = new PinObject({
    application: aid,
    file: id,
    value: "----",
    tries: 3,
    minimumBytes: 4,
    maximumBytes: 4,
  });
  pin.left = 0;
  return { kind: "pin", id, pin };
}

/** CK_TOKEN_INFO of the JPKI AP: the label, padded with spaces, tells the kind of card. */
function token(label: string): JicsapFile {
  const content = new Uint8Array(TOKEN_BYTES).fill(0x20);
  content.set(ascii(label.padEnd(LABEL_BYTES)));
  return binary(0x0006, content, undefined);
}

function certificateFile(
  id: number,
  name: keyof typeof MODEL_CERTIFICATES,
  guard: PinObject | undefined,
): JicsapFile {
  let der: Uint8Array | undefined;
  const content = (): Uint8Array => (der ??= Buffer.from(MODEL_CERTIFICATES[name], "base64"));
  return { kind: "binary", id, content, guard };
}

function keyFile(
  id: number,
  name: "auth" | "sign",
  guard: PinObject | undefined,
  instruction: number,
): JicsapFile {
  let key: KeyObject | undefined;
  const sign = (data: Uint8Array): Uint8Array => {
    key ??= createPrivateKey({ key: Buffer.from(MODEL_KEYS[name], "base64"), format: "der", type: "pkcs8" });
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, data);
  };
  return { kind: "key", id, guard, sign, instruction };
}

function binary(id: number, content: Uint8Array, guard: PinObject | undefined): JicsapFile {
  return { kind: "binary", id, content, guard };
}

/** GET DATA: municipality, expiry, card identifier, ATR without TS. */
function cardData(serial: string, expiry: string): CardData {
  return new Map([
    [0x00f0, ascii(MUNICIPALITY)],
    [0x00f2, ascii(expiry)],
    [0x0045, ascii(serial)],
    [0x5f51, MY_NUMBER_ATR.slice(1)],
  ]);
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}
