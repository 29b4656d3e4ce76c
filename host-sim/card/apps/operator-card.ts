/**
 * The card by which staff sign in at a terminal (docs/protocol.md, The operator's card): its owner's name for everybody, and an
 * answer to a challenge after its PIN alone, which it forgets at every reset and SELECT.
 *
 *   DF F0 "Madoguchi"   EF 0001 name, BER-TLV 5F20   EF 0011 PIN, 4 digits, 3 tries   EF 0012 key for INTERNAL AUTHENTICATE
 */
import { createHmac } from "node:crypto";
import { buildAtr } from "../card-atr.ts";
import { JicsapCard } from "./jicsap-card.ts";
import type { JicsapFile } from "./jicsap-file.ts";
import { PinObject } from "./pin-object.ts";

export const OPERATOR_AID = "F04D61646F6775636869";
/** COMPACT-TLV: SELECT by name and by short file identifier, status 9000 (ISO/IEC 7816-4:2013, 12.1.1). */
export const OPERATOR_ATR = buildAtr(
  0x3b,
  0x8,
  [0x81, 0x31, 0xfe, 0x45],
  [0x80, 0x71, 0xc4, 0x82, 0x90, 0x00],
);
/** MODEL KEY: public, worthless, for the simulated terminals and cards only. A town makes its own. */
export const MODEL_OPERATOR_KEY = Uint8Array.from({ length: 32 }, (_, at) => 0x4f ^ (at * 7));

export interface OperatorCardOptions {
  /** 1-16 characters out of A-Z, 0-9 and the hyphen. */
  readonly name: string;
  readonly pin: string;
  /** Wrong tries left; 3 when left out. */
  readonly left?: number;
  /** The town's, of which the card has its own; the model's when left out. */
  readonly townKey?: Uint8Array;
}

const TRIES = 3;
const CHALLENGE_BYTES = 16;

/** K(NAME): HKDF-Expand of RFC 5869, 2.3, whose 32 bytes are its first block. */
export function operatorKeyOf(townKey: Uint8Array, name: string): Uint8Array {
  const info = Buffer.concat([Buffer.from(`madoguchi operator|${name}`), Buffer.of(1)]);
  return createHmac("sha256", townKey).update(info).digest();
}

export function operatorCard({ name, pin, left, townKey }: OperatorCardOptions): JicsapCard {
  const key = operatorKeyOf(townKey ?? MODEL_OPERATOR_KEY, name);
  const object = new PinObject({
    application: OPERATOR_AID,
    file: 0x0011,
    value: pin,
    tries: TRIES,
    minimumBytes: 4,
    maximumBytes: 4,
  });
  if (left !== undefined) object.left = left;
  const answer = (challenge: Uint8Array): Uint8Array =>
    createHmac("sha256", key).update("madoguchi operator 1").update(challenge).digest();
  const content = Uint8Array.of(0x5f, 0x20, name.length, ...Buffer.from(name, "latin1"));
  const files: JicsapFile[] = [
    { kind: "binary", id: 0x0001, content, guard: undefined },
    { kind: "pin", id: 0x0011, pin: object },
    { kind: "key", id: 0x0012, guard: object, sign: answer, instruction: 0x88, takesBytes: CHALLENGE_BYTES },
  ];
  const application = { aid: OPERATOR_AID, files, change: "none" } as const;
  return new JicsapCard({ applications: [application], data: new Map(), seed: 0, forgetful: true });
}
