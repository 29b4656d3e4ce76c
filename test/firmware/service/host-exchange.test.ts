import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import type { T1Endpoint } from "../../../host-sim/card/t1-endpoint.ts";
import { makeCard } from "../../../host-sim/card/deck.ts";
import { LineHost } from "./line-host.ts";

const test = suite("host-exchange");

const XFR = 0x6f;
const PPS = "ff11" + "18" + "f6";
const PPS_ANSWER = "ff01fe";

/** A block for the host's T=1 in hexadecimal. */
function block(pcb: number, data: string): string {
  const body = Uint8Array.of(0, pcb, data.length / 2, ...Buffer.from(data, "hex"));
  return Buffer.from(
    Uint8Array.of(
      ...body,
      body.reduce((sum, byte) => sum ^ byte, 0),
    ),
  ).toString("hex");
}

/** A command in the first I-block after power-on or RESYNCH; the response without prologue and EDC. */
function command(host: LineHost, apdu: string): string {
  host.message(XFR, block(0xc0, ""));
  return host.message(XFR, block(0x00, apdu)).data.slice(6, -2);
}

/** Characters that went to the card since `count` was made. */
function cardCharacters(host: LineHost): () => number {
  let count = 0;
  host.counter.simulator.world.wire.onCharacter(({ from }) => {
    if (from === "terminal") count++;
  });
  return () => count;
}

test("the first PPS after power-on is answered without PPS1, and the card never sees it", () => {
  for (const pps of [PPS, "ff01fe", "ff1118f6", "ff71181200" + "84", "ff2100" + "de"]) {
    const host = new LineHost("mynumber");
    const characters = cardCharacters(host);
    is(host.message(XFR, pps).data, PPS_ANSWER, pps);
    is(characters(), 0, pps);
    is(command(host, "0084000008").length, 20, "the card works on");
  }
});

test("what is no PPS for T=1, and a second one, are answered as damaged blocks", () => {
  const wrong = [
    "ff1118f7",
    "ff1018f7",
    "ff00ff",
    "ff817e",
    "ff1118f600",
    "ff1118",
    "ff02fd",
    "ff11ee",
    "fe01ff",
  ];
  for (const pps of wrong) {
    const host = new LineHost("mynumber");
    const characters = cardCharacters(host);
    ok(/^008[12]00..$/.test(host.message(XFR, pps).data), pps);
    ok(/^008[12]00..$/.test(host.message(XFR, PPS).data), `${pps}: too late for a PPS`);
    is(characters(), 0, pps);
  }
});

test("a PPS is taken again after each power-on, and not behind a block", () => {
  const host = new LineHost("mynumber");
  is(host.message(XFR, PPS).data, PPS_ANSWER);
  ok(host.message(XFR, PPS).data !== PPS_ANSWER);
  host.message(0x62, "", [1, 0, 0], 700);
  is(host.message(XFR, PPS).data, PPS_ANSWER);
  host.message(0x62, "", [1, 0, 0], 700);
  command(host, "0084000008");
  ok(host.message(XFR, PPS).data !== PPS_ANSWER);
});

test("refusals are answered at once in a block of our own, and the next command works", () => {
  const host = new LineHost("mynumber");
  const refused = [
    ["002000800431323334", "6985"],
    ["0024018004", "6985"],
    ["8032008004", "6985"],
    ["00c200000101", "6985"],
    ["002000", "6700"],
    ["00b0000004010203", "6700"],
    ["ffb0000001", "6e00"],
  ] as const;
  for (const [apdu, status] of refused) {
    const characters = cardCharacters(host);
    is(command(host, apdu), status, apdu);
    is(characters(), 0, `${apdu}: nothing reaches the card`);
    is(command(host, "0084000008").slice(-4), "9000", "the next command");
  }
});

test("the empty VERIFY passes, with a byte more it does not", () => {
  const card = makeCard("mynumber") as T1Endpoint;
  const host = new LineHost(card);
  host.counter.select("d392f000260100000001", "0018");
  is(host.counter.apdu("00200080"), "63c3");
  is(host.counter.apdu("0020008000"), "6985");
  equal(
    card.application.pins.map((pin) => pin.verifyCount + pin.changeCount),
    [0, 0, 0, 0, 0, 0],
  );
});

test("a block for a card that did not answer its reset is an error", () => {
  const host = new LineHost("mute");
  equal([host.message(XFR, block(0x00, "0084000008")).status, host.message(0x65).status], [0x41, 1]);
});

test.run();
