import { createVerify, X509Certificate } from "node:crypto";
import { createHash } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import {
  COMMON_AID,
  JPKI_AID,
  JUKI_AID,
  jukiCard,
  myNumberCard,
  SURFACE_INPUT_AID,
  type MyNumberOptions,
} from "../../../host-sim/card/apps/my-number-card.ts";
import type { JicsapCard } from "../../../host-sim/card/apps/jicsap-card.ts";
import type { PinObject } from "../../../host-sim/card/apps/pin-object.ts";

const test = suite("個人番号カード");

/** The card after a cold reset and SELECT of `aid`. */
function selected(aid: string, options: MyNumberOptions = {}): JicsapCard {
  const card = myNumberCard(options);
  card.reset(false);
  is(say(card, select(aid)), "9000");
  return card;
}

function say(card: JicsapCard, hex: string): string {
  return Buffer.from(card.process(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toString("hex");
}

function select(aid: string): string {
  return `00A4040C${(aid.length / 2).toString(16).padStart(2, "0")}${aid}`;
}

function verify(pin: string, p2 = "80"): string {
  return `002000${p2}${pin.length.toString(16).padStart(2, "0")}${Buffer.from(pin).toString("hex")}`;
}

function pinOf(card: JicsapCard, aid: string, file: number): PinObject {
  return card.pins.find((each) => each.application === aid && each.file === file)!;
}

const OBJECTS = [
  { aid: JUKI_AID, file: 0x001c, right: "1234", tries: 3, change: "80320080" },
  { aid: COMMON_AID, file: 0x001c, right: "5678", tries: 3, change: "80320080" },
  { aid: SURFACE_INPUT_AID, file: 0x0011, right: "2468", tries: 3, change: "00240180" },
  { aid: JPKI_AID, file: 0x0018, right: "1357", tries: 3, change: "00240180" },
  { aid: JPKI_AID, file: 0x001b, right: "ABC123", tries: 5, change: "00240180" },
];

test("every PIN object counts down 63Cx to 63C0, is 6984 afterwards even for the right PIN, and empty VERIFY stays 63C0", () => {
  for (const { aid, file, right, tries } of OBJECTS) {
    const card = selected(aid);
    is(say(card, `00A4020C02${file.toString(16).padStart(4, "0")}`), "9000");
    const wrong = "9".repeat(right.length);
    for (let left = tries - 1; left >= 0; left--) {
      is(say(card, verify(wrong)), `63c${left}`, `${aid} ${file}`);
      is(say(card, "00200080"), `63c${left}`);
    }
    is(say(card, verify(right)), "6984");
    is(say(card, verify(wrong)), "6984");
    is(say(card, "00200080"), "63c0");
    is(pinOf(card, aid, file).verified, false);
  }
});

test("a right PIN gives all tries back", () => {
  for (const { aid, file, right, tries } of OBJECTS) {
    const card = selected(aid);
    say(card, `00A4020C02${file.toString(16).padStart(4, "0")}`);
    is(say(card, verify("0".repeat(right.length))), `63c${tries - 1}`);
    is(say(card, verify(right)), "9000");
    is(say(card, "00200080"), `63c${tries}`);
    is(pinOf(card, aid, file).verified, true);
    is(pinOf(card, aid, file).verifyCount, 2);
  }
});

test("every PIN of the card is another one, and none is 0000", () => {
  const values = OBJECTS.map((each) => each.right);
  is(new Set(values).size, values.length);
  const all = myNumberCard().pins.map((each) => each.value);
  is(all.includes("0000"), false);
  ok(values.every((value) => all.includes(value)));
});

test("VERIFY with a short file identifier needs no SELECT and selects the file", () => {
  const card = selected(JUKI_AID);
  is(say(card, "0020009C"), "63c3");
  is(say(card, verify("1234", "9C")), "9000");
  is(say(card, "00200080"), "63c3");
  is(say(card, "0020009D"), "6a82");
});

test("empty VERIFY never costs a try and never counts as a comparison", () => {
  const card = selected(JUKI_AID);
  for (let i = 0; i < 100; i++) is(say(card, "0020009C"), "63c3");
  is(pinOf(card, JUKI_AID, 0x001c).verifyCount, 0);
});

test("VERIFY without a current file is 6986, on a file that is no PIN 6981, with a wrong P1 or P2 6A86", () => {
  const card = selected(JPKI_AID);
  is(say(card, verify("1357")), "6986");
  is(say(card, "00A4020C020006"), "9000");
  is(say(card, verify("1357")), "6981");
  is(say(card, "00200180"), "6a86");
  is(say(card, "00200001"), "6a86");
  is(pinOf(card, JPKI_AID, 0x0018).left, 3);
});

test("a PIN of a wrong length up to 16 bytes costs a try; Lc 17, Lc that lies, and an Le do not", () => {
  const card = selected(JUKI_AID);
  is(say(card, verify("12345", "9C")), "63c2");
  is(say(card, verify("1".repeat(17), "9C")), "6700");
  is(say(card, "0020009C0431323334FF00"), "6700");
  is(say(card, "0020009C043132"), "6700");
  is(say(card, "0020009C043132333400"), "6700");
  is(say(card, "0020009C00"), "6700");
  is(say(card, "0020009C"), "63c2");
});

test("an unset PIN is 6985 to every VERIFY and every change", () => {
  const card = selected(JUKI_AID, { pinsUnset: true });
  is(say(card, "0020009C"), "6985");
  is(say(card, verify("1234", "9C")), "6985");
  is(say(card, "80320080043938"), "6700");
  is(say(card, "803200800439383736"), "6985");
});

test("the verified state survives SELECT of the same application and a warm reset", () => {
  const card = selected(JUKI_AID);
  say(card, verify("1234", "9C"));
  say(card, select(JUKI_AID));
  is(pinOf(card, JUKI_AID, 0x001c).verified, true);
  card.reset(true);
  is(pinOf(card, JUKI_AID, 0x001c).verified, true);
});

test("the verified state ends with another application, a cold reset, the supply, a wrong PIN", () => {
  const endings: ((card: JicsapCard) => void)[] = [
    (card) => void say(card, select(COMMON_AID)),
    (card) => card.reset(false),
    (card) => card.powerDown(),
    (card) => void say(card, verify("9999", "9C")),
  ];
  for (const end of endings) {
    const card = selected(JUKI_AID);
    say(card, verify("1234", "9C"));
    end(card);
    is(pinOf(card, JUKI_AID, 0x001c).verified, false);
  }
});

test("a failed SELECT leaves application and verified state alone", () => {
  const card = selected(JUKI_AID);
  say(card, verify("1234", "9C"));
  is(say(card, select("D39210003100010109")), "6a82");
  is(pinOf(card, JUKI_AID, 0x001c).verified, true);
  is(card.selectedAid(), JUKI_AID);
});

test("retry counters outlive the supply", () => {
  const card = selected(JUKI_AID);
  say(card, verify("9999", "9C"));
  card.powerDown();
  card.reset(false);
  say(card, select(JUKI_AID));
  is(say(card, "0020009C"), "63c2");
});

test("a new PIN is taken only after VERIFY, by the instruction of its application alone", () => {
  for (const { aid, file, right, change } of OBJECTS) {
    const card = selected(aid);
    say(card, `00A4020C02${file.toString(16).padStart(4, "0")}`);
    const fresh = "8".repeat(right.length);
    const data = `${right.length.toString(16).padStart(2, "0")}${Buffer.from(fresh).toString("hex")}`;
    const other = change === "80320080" ? "00240180" : "80320080";
    is(say(card, change + data), "6982");
    is(say(card, verify(right)), "9000");
    is(say(card, other + data), "6d00");
    is(say(card, `${change}03${"38".repeat(3)}`), "6700");
    is(pinOf(card, aid, file).value, right);
    is(say(card, change + data), "9000");
    is(pinOf(card, aid, file).value, fresh);
    is(pinOf(card, aid, file).changeCount, 1);
    is(say(card, verify(right)).slice(0, 3), "63c");
    is(say(card, verify(fresh)), "9000");
  }
});

test("after power-up the issuer's domain is selected: no VERIFY, no files, 3F00 unknown", () => {
  const card = myNumberCard();
  card.reset(false);
  is(say(card, "00A4020C023F00"), "6a82");
  is(say(card, "00A40000"), "6a86");
  is(say(card, verify("1234", "9C")), "6a82");
  is(say(card, verify("1234")), "6986");
  is(say(card, select("A0000001510000")), "9000");
});

test("SELECT by name takes part of an AID, and P2 00 gives the FCI", () => {
  const card = myNumberCard();
  is(say(card, select("D392F00026")), "9000");
  is(card.selectedAid(), JPKI_AID);
  is(say(card, `00A404000A${JPKI_AID}`), `6f0c840a${JPKI_AID.toLowerCase()}9000`);
  is(say(card, "00A4040C04D392F000"), "6700");
});

test("other channels are 6881, secure messaging 6882, other classes 6E00, other instructions 6D00", () => {
  const card = selected(JUKI_AID);
  equal(
    [
      "0120009C",
      "0220009C",
      "0820009C",
      "0C20009C",
      "8C20009C",
      "1020009C",
      "4020009C",
      "A020009C",
      "00FE0000",
      "0026009C",
    ].map((hex) => say(card, hex)),
    ["6881", "6881", "6882", "6882", "6882", "6e00", "6e00", "6e00", "6d00", "6d00"],
  );
});

test("共通AP gives serial, municipality and expiry without a PIN", () => {
  const card = selected(COMMON_AID, { serial: "100020003000525" });
  const record = `011c${Buffer.from("1000200030005250142920330401").toString("hex")}9000`;
  is(say(card, "00B2010C00"), record);
  is(say(card, "00A4020C020001"), "9000");
  is(say(card, "00B2010400"), record);
  is(say(card, "00B2020C00"), "6a83");
});

test("the token label tells a 個人番号カード from a 住基カード, which has no 共通AP", () => {
  const label = (card: JicsapCard): string => {
    say(card, select(JPKI_AID));
    say(card, "00A4020C020006");
    return Buffer.from(say(card, "00B0000020"), "hex").subarray(0, 32).toString("latin1");
  };
  is(label(myNumberCard()), "JPKIAPICCTOKEN2".padEnd(32));
  is(label(jukiCard()), "JPKIAPICCTOKEN".padEnd(32));
  is(say(jukiCard(), select(COMMON_AID)), "6a82");
  is(say(jukiCard(), "00CA00F200"), `${Buffer.from("20251227").toString("hex")}9000`);
});

test("個人番号 and 4情報 are 6982 until the 入力補助 PIN, and 0012 is blocked on every card", () => {
  const card = selected(SURFACE_INPUT_AID);
  is(say(card, "00B0810000"), "6982");
  is(say(card, verify("2468", "91")), "9000");
  ok(say(card, "00B0810000").endsWith("9000"));
  is(say(card, "00200092"), "63c0");
  is(say(card, verify("1234", "92")), "6984");
});

test("READ BINARY beyond the end is 6B00 and past it 6282 with what is there", () => {
  const card = selected(JPKI_AID);
  say(card, "00A4020C020008");
  is(say(card, "00B0000003"), "0101019000");
  is(say(card, "00B0000008"), "0101016282");
  is(say(card, "00B0000000"), "0101019000");
  is(say(card, "00B0000301"), "6b00");
});

test("GET CHALLENGE gives Le bytes, the same for every card of that kind", () => {
  const first = say(selected(JUKI_AID), "0084000008");
  is(first.length, 20);
  is(first, say(selected(JUKI_AID), "0084000008"));
});

/** Reads a certificate as OpenSC does: 4 bytes for the length, then slices. */
function certificate(card: JicsapCard, file: string): Buffer {
  say(card, `00A4020C02${file}`);
  const head = Buffer.from(say(card, "00B0000004"), "hex");
  const size = head.readUInt16BE(2) + 4;
  let der = "";
  for (let at = 0; at < size; at += 231) {
    const le = Math.min(231, size - at)
      .toString(16)
      .padStart(2, "0");
    der += say(card, `00B0${at.toString(16).padStart(4, "0")}${le}`).slice(0, -4);
  }
  return Buffer.from(der, "hex");
}

test("a signature by the 利用者証明 key verifies under the certificate that the card gives", () => {
  const card = selected(JPKI_AID);
  const x509 = new X509Certificate(certificate(card, "000A"));
  const text = Buffer.from("a text to sign");
  const digest = createHash("sha256").update(text).digest("hex");
  const info = `3031300d060960864801650304020105000420${digest}`;
  say(card, "00A4020C020017");
  is(say(card, `802A008033${info}00`), "6982");
  say(card, verify("1357", "98"));
  say(card, "00A4020C020017");
  const answer = Buffer.from(say(card, `802A008033${info}00`), "hex");
  is(answer.length, 258);
  is(createVerify("sha256").update(text).verify(x509.publicKey, answer.subarray(0, 256)), true);
});

test("certificates chain to the CAs on the card, and 署名用 is 6982 until its password", () => {
  const card = selected(JPKI_AID);
  const auth = new X509Certificate(certificate(card, "000A"));
  is(auth.verify(new X509Certificate(certificate(card, "000B")).publicKey), true);
  is(say(card, "00A4020C020001"), "9000");
  is(say(card, "00B0000004"), "6982");
  say(card, verify("ABC123", "9B"));
  const sign = new X509Certificate(certificate(card, "0001"));
  is(sign.verify(new X509Certificate(certificate(card, "0002")).publicKey), true);
});

test("共通AP's key answers INTERNAL AUTHENTICATE without a PIN", () => {
  is(say(selected(COMMON_AID), "0088009908010203040506070800").length, 2 * 258);
});

test("a drowsy card's first answer is 6F00, after every power-up", () => {
  const card = myNumberCard({ drowsy: true });
  card.reset(false);
  is(say(card, select(JUKI_AID)), "6f00");
  is(say(card, select(JUKI_AID)), "9000");
  card.powerDown();
  is(say(card, select(JUKI_AID)), "6f00");
});

test("making a card costs less than 5 ms", () => {
  const startMs = performance.now();
  for (let i = 0; i < 50; i++) myNumberCard();
  ok((performance.now() - startMs) / 50 < 5);
});

test.run();
