/** The operator's card: its name for everybody, its answers after the PIN alone, and what makes it forget the PIN. */
import { hkdfSync } from "node:crypto";
import { createHmac } from "node:crypto";
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import {
  MODEL_OPERATOR_KEY,
  OPERATOR_AID,
  operatorCard,
  operatorKeyOf,
} from "../../../host-sim/card/apps/operator-card.ts";
import { COMMON_AID, JPKI_AID, JUKI_AID } from "../../../host-sim/card/apps/my-number-card.ts";
import type { JicsapCard } from "../../../host-sim/card/apps/jicsap-card.ts";

const test = suite("operator's card");
const CHALLENGE = "000102030405060708090a0b0c0d0e0f";
const ASK = `0088009210${CHALLENGE}20`;
const PIN_FILE = "00A4020C020011";
const SELECT = `00A4040C0A${OPERATOR_AID}`;
const VERIFY = `0020008004${Buffer.from("4649").toString("hex")}`;
const WRONG = `0020008004${Buffer.from("0000").toString("hex")}`;

function say(card: JicsapCard, hex: string): string {
  return Buffer.from(card.process(Buffer.from(hex, "hex"))).toString("hex");
}

function made(left = 3): JicsapCard {
  const card = operatorCard({ name: "OPERATOR-1", pin: "4649", left });
  card.reset(false);
  is(say(card, SELECT), "9000");
  return card;
}

function verified(): JicsapCard {
  const card = made();
  is(say(card, PIN_FILE), "9000");
  is(say(card, VERIFY), "9000");
  return card;
}

test("anybody reads whose card it is", () => {
  const name = Buffer.from("OPERATOR-1").toString("hex");
  is(say(made(), "00B0810000"), `5f200a${name}9000`);
});

test("its key is of RFC 5869's expansion, and its answer the code of label and challenge", () => {
  // Node expands behind an extraction: of that, HMAC with the salt as key, the model key is to be the result.
  const key = operatorKeyOf(MODEL_OPERATOR_KEY, "OPERATOR-1");
  const info = Buffer.from("madoguchi operator|OPERATOR-1");
  const block = createHmac("sha256", MODEL_OPERATOR_KEY).update(Buffer.concat([info, Buffer.of(1)]));
  equal(Buffer.from(key), block.digest());
  const salt = Buffer.from("salt");
  const extracted = createHmac("sha256", salt).update("input").digest();
  const expanded = hkdfSync("sha256", "input", salt, info, 32);
  equal(Buffer.from(operatorKeyOf(extracted, "OPERATOR-1")), Buffer.from(expanded), "as Node's own");
  const right = createHmac("sha256", key)
    .update(Buffer.concat([Buffer.from("madoguchi operator 1"), Buffer.from(CHALLENGE, "hex")]))
    .digest("hex");
  is(say(verified(), ASK), `${right}9000`);
});

test("without the PIN there is no answer, and a wrong one takes the right one's effect away", () => {
  const card = made();
  is(say(card, ASK), "6982");
  is(say(card, PIN_FILE), "9000");
  is(say(card, "00200080"), "63c3");
  is(say(card, VERIFY), "9000");
  is(say(card, ASK).slice(-4), "9000");
  is(say(card, PIN_FILE), "9000");
  is(say(card, WRONG), "63c2");
  is(say(card, ASK), "6982");
});

test("every reset and every SELECT makes it forget the PIN", () => {
  const ways: readonly ((card: JicsapCard) => void)[] = [
    (card) => card.reset(true),
    (card) => card.reset(false),
    (card) => card.powerDown(),
    (card) => void say(card, SELECT),
  ];
  for (const forget of ways) {
    const card = verified();
    forget(card);
    say(card, SELECT);
    is(say(card, ASK), "6982");
  }
});

test("a challenge of another length has no answer", () => {
  for (const length of [1, 15, 17, 32])
    is(say(verified(), `00880092${Buffer.of(length, ...new Uint8Array(length)).toString("hex")}20`), "6700");
});

test("three wrong PINs block it, and its PIN cannot be changed by a command", () => {
  const card = verified();
  is(say(card, "0024018004" + "31313131"), "6d00");
  is(say(card, "8032008004" + "31313131"), "6d00");
  for (const left of [2, 1, 0]) is(say(card, WRONG), `63c${left}`);
  is(say(card, VERIFY), "6984");
  is(say(card, "00200080"), "63c0");
});

test("it has none of a resident's applications", () => {
  for (const aid of [JUKI_AID, COMMON_AID, JPKI_AID]) is(say(made(), `00A4040C0A${aid}`), "6a82");
});

test.run();
