import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { ISO_AID, IsoCard } from "../../../host-sim/card/apps/iso-card.ts";

const test = suite("ISO card");

function say(card: IsoCard, hex: string): string {
  return Buffer.from(card.process(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toString("hex");
}

test("PIN 01 counts down, is 6983 when blocked, and its counter is 63Cx or 9000 when verified", () => {
  const card = new IsoCard();
  is(say(card, "00200001"), "63c3");
  is(say(card, "00200001 04 31323334"), "9000");
  is(say(card, "00200001"), "9000");
  equal(
    Array.from({ length: 4 }, () => say(card, "00200001 04 39393939")),
    ["63c2", "63c1", "63c0", "6983"],
  );
  is(say(card, "00200001 04 31323334"), "6983");
  is(say(card, "00200001"), "63c0");
});

test("PIN 81 is changed by old and new value in one field, and a wrong old one costs a try", () => {
  const card = new IsoCard();
  const old = Buffer.from("24681357").toString("hex");
  is(say(card, `00240081 0C 3939393939393939 31313131`), "63c2");
  is(say(card, `00240081 0B ${old} 313131`), "6a80");
  is(say(card, `00240081 0C ${old} 31313131`), "9000");
  is(say(card, "00200081 04 31313131"), "9000");
  is(card.pins[1]!.value, "1111");
});

test("the guarded file is 6982 until PIN 01, and again after a reset", () => {
  const card = new IsoCard();
  say(card, "00A4000C022003");
  is(say(card, "00B0000000"), "6982");
  say(card, "00200001 04 31323334");
  is(say(card, "00B0000008"), `${Buffer.from("readable").toString("hex")}9000`);
  card.reset(true);
  say(card, "00A4000C022003");
  is(say(card, "00B0000000"), "6982");
});

test("files are found by identifier, the application by name or part of it, and their descriptions come with P2 00", () => {
  const card = new IsoCard();
  is(say(card, `00A4040C08${ISO_AID}`), "9000");
  is(say(card, "00A4040C05A000000999"), "9000");
  is(say(card, "00A40000022002"), "6f0780024e208201019000");
  is(say(card, "00A4000C021234"), "6a82");
  is(say(card, "00A4040C05A000000998"), "6a82");
});

test("the big file is read at any offset up to 15 bits", () => {
  const card = new IsoCard();
  say(card, "00A4000C022002");
  is(say(card, "00B0300001"), `${((7 * 0x3000) % 251).toString(16).padStart(2, "0")}9000`);
  is(say(card, "00B04E2001"), "6b00");
  is(say(card, "00B04E1F02").slice(-4), "6282");
});

test("chaining, channels and secure messaging are 6884, 6881 and 6882", () => {
  const card = new IsoCard();
  equal(
    ["10200001", "01200001", "0C200001", "80CA0000", "00CA0000"].map((hex) => say(card, hex)),
    ["6884", "6881", "6882", "6e00", "6d00"],
  );
});

test.run();
