import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { EventLog } from "../../../host-sim/page/event-log.ts";
import { readCommand, readResponse } from "../../../host-sim/page/wire-decode-apdu.ts";
import { CardWireDecoder } from "../../../host-sim/page/wire-decode-card.ts";
import { SealedLineDecoder } from "../../../host-sim/page/wire-decode-sealed.ts";
import { T1Follower } from "../../../host-sim/page/wire-decode-t1.ts";
import type { WireEntry } from "../../../host-sim/page/wire-entry.ts";
import { WireLog } from "../../../host-sim/page/wire-log.ts";
import { encodeMoments } from "../../../host-sim/chip/wire-character.ts";
import { AID, Counter, fromHex, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import type { TraceEvent } from "../../../host-sim/world/recorder.ts";
import { CheckDesk, residentCard } from "../../sealed-line/check-desk.ts";

const test = suite("the decoded wire");

/** What tab and log would show of a recorded run. */
function shown(events: readonly TraceEvent[], mode: "open" | "sealed") {
  const [wire, log] = [new WireLog(mode), new EventLog()];
  for (const event of events) {
    wire.hear(event);
    log.hear(event);
  }
  return { wire: wire.entries.since(0), log: log.entries.since(0) };
}

function openRun(keys: string) {
  const counter = new Counter({ seed: 3 }).start().insert("mynumber").select(AID.juki, "001c");
  counter.secure(VERIFY_4, keys);
  // Its number is the last one's that passed here: the block between was the terminal's own.
  counter.apdu("00a4020c02001c");
  const { recorder } = counter.simulator.world;
  counter.simulator.close();
  return shown(recorder.all(), "open");
}

function sealedRun(keys: string) {
  const desk = new CheckDesk({ seed: 3 });
  desk.atThePin(1, residentCard());
  desk.simulator.keys(keys);
  desk.result();
  const { recorder } = desk.simulator.world;
  desk.close();
  return shown(recorder.all(), "sealed");
}

function lines(entries: readonly WireEntry[], layer: string): string[] {
  return entries.filter((entry) => entry.layer === layer).map(({ from, text }) => `${from}: ${text}`);
}

test("an entry at the bench image is told frame by frame, block by block, APDU by APDU", () => {
  const { wire } = openRun("1234E");
  const ccid = lines(wire, "ccid").join("\n");
  for (const part of [
    /^counter: IccPowerOn #\d+$/m,
    /^counter: XfrBlock #\d+ · \d+ bytes$/m,
    /^counter: Secure: verify a PIN #\d+ · 19 bytes$/m,
    /^terminal: echo of Secure #\d+$/m,
    /^terminal: DataBlock #\d+ · card active · 6 bytes$/m,
  ])
    match(ccid, part);
  const apdus = wire.filter(({ layer }) => layer === "apdu");
  const verify = apdus.filter(({ wire: where, text }) => where === "card" && /^VERIFY .* bytes$/.test(text));
  equal(
    verify.map(({ from, text, hex }) => [from, text, hex]),
    [["terminal", "VERIFY 00 80 · 4 bytes", "00 20 00 80 04 •• •• •• ••"]],
  );
  const selects = apdus.filter(({ text }) => text.startsWith("SELECT 04 0C"));
  equal(new Set(selects.map(({ from }) => from)), new Set(["counter", "terminal"]));
  is(apdus.at(-1)?.text, "9000 done");
  const asked = apdus.filter(({ wire: where, from }) => where === "line" && from === "counter");
  equal(
    asked.map(({ text }) => text),
    ["SELECT 04 0C · 10 bytes", "SELECT 02 0C · 2 bytes", "SELECT 02 0C · 2 bytes"],
  );
  match(lines(wire, "atr").join("\n"), /^card: ATR \d+ characters$/m);
  is(wire.filter(({ bad }) => bad === true).length, 0);
});

test("a sealed check shows frames, the identity in the ClientHello, and records by their lengths", () => {
  const { wire } = sealedRun("1234E");
  const link = lines(wire, "link");
  match(link[0] ?? "", /^counter: SABM · version 1, MTU 128, call \d+/);
  match(link[1] ?? "", /^terminal: UA · version 1, MTU \d+/);
  ok(link.some((text) => /^terminal: I \d, wants \d · \d+ bytes/.test(text)));
  const tls = lines(wire, "tls");
  match(tls[0] ?? "", /^counter: ClientHello · madoguchi 1\|T-0001\|C-0001 · \d+ bytes$/);
  match(tls.join("\n"), /^terminal: ServerHello · \d+ bytes$/m);
  match(tls.join("\n"), /^terminal: sealed record · \d+ bytes$/m);
  is(wire.filter(({ bad }) => bad === true).length, 0);
  equal(
    wire.filter(({ text }) => text === "VERIFY 00 80 · 4 bytes").map(({ hex }) => hex),
    ["00 20 00 80 04 •• •• •• ••"],
  );
});

for (const [name, run] of [
  ["bench", openRun],
  ["development", sealedRun],
] as const) {
  test(`nothing that the page tells depends on which digits were typed: ${name} image`, () => {
    const [one, other] = [run("1234E"), run("5678E")].map(({ wire, log }) => {
      // What the card says of the digits is what the entry is for; up to there all is the same.
      const end = wire.findIndex(({ text }) => text === "VERIFY 00 80 · 4 bytes") + 1;
      ok(end > 0);
      const untilNs = wire[end - 1]?.timeNs ?? 0;
      return JSON.stringify([wire.slice(0, end), log.filter(({ timeMs }) => timeMs * 1e6 <= untilNs)]);
    });
    is(one, other);
    match(one ?? "", /● down/);
    match(one ?? "", /確認 ○ down/);
    not.match(one ?? "", /31 32 33 34/);
  });
}

test("a change of a PIN is masked in block and APDU, its LRC too, and so is a chain's second block", () => {
  const entries: WireEntry[] = [];
  const t1 = new T1Follower({ asks: "terminal", answers: "card" }, (entry) => entries.push(entry));
  const block = (pcb: number, inf: number[]): Uint8Array => {
    const raw = [0, pcb, inf.length, ...inf];
    return Uint8Array.from([...raw, raw.reduce((sum, byte) => sum ^ byte, 0)]);
  };
  t1.block(0, "terminal", block(0x20, [0x00, 0x24, 0x00, 0x80, 0x08, 0x31, 0x32]), false);
  t1.block(1, "card", block(0x90, []), false);
  t1.block(2, "terminal", block(0x40, [0x33, 0x34, 0x35, 0x36, 0x37, 0x38]), false);
  // Asked for once more.
  t1.block(3, "terminal", block(0x40, [0x33, 0x34, 0x35, 0x36, 0x37, 0x38]), false);
  // Its number with other bytes, as nobody sends them: nothing is known of it.
  t1.block(4, "terminal", block(0x40, [0x00, 0xa4, 0x31, 0x32, 0x33, 0x34]), false);
  equal(
    entries.map(({ text, hex }) => `${text} | ${hex}`),
    [
      "I(0) 7 bytes · more follows | 00 20 07 00 24 00 80 08 •• •• ••",
      "R(1) | 00 90 00 90",
      "I(1) 6 bytes | 00 40 06 •• •• •• •• •• •• ••",
      "CHANGE REFERENCE DATA 00 80 · 8 bytes | 00 24 00 80 08 •• •• •• •• •• •• •• ••",
      "I(1) 6 bytes · again | 00 40 06 •• •• •• •• •• •• ••",
      "I(1) 6 bytes | 00 40 06 •• •• •• •• •• •• ••",
    ],
  );
});

test("a block of the terminal that is no good block is dots alone; one of the card can be read", () => {
  const entries: WireEntry[] = [];
  const t1 = new T1Follower({ asks: "terminal", answers: "card" }, (entry) => entries.push(entry));
  const bad = fromHex("0000050020008031ff");
  t1.block(0, "terminal", bad, false);
  t1.block(0, "card", bad, false);
  equal(
    entries.map(({ hex, bad: isBad }) => [hex, isBad]),
    [
      ["•• •• •• •• •• •• •• •• ••", true],
      ["00 00 05 00 20 00 80 31 FF", true],
    ],
  );
});

test("data is shown of the instructions that are listed alone", () => {
  for (const ins of [0x20, 0x21, 0x24, 0x2c, 0x32, 0x54, 0xc2, 0xd6, 0xda, 0x82])
    match(readCommand(Uint8Array.of(0x80, ins, 0, 1, 2, 0x31, 0x32)).hex, /02 •• ••$/);
  for (const ins of [0xa4, 0x88, 0x2a])
    match(readCommand(Uint8Array.of(0, ins, 0, 1, 2, 0x31, 0x32)).hex, /31 32$/);
  is(readCommand(fromHex("00200080")).text, "VERIFY 00 80 · asks for the tries left");
  is(readCommand(fromHex("00b0000000")).text, "READ BINARY 00 00 · asks for 256");
  match(readCommand(fromHex("0020008004313233")).text, /contradict/);
  is(readCommand(fromHex("0020008004313233")).hex, "00 20 00 80 04 •• •• ••");
  is(readCommand(fromHex("0031")).hex, "•• ••");
});

test("status words are told by what they mean", () => {
  const text = (hex: string): string => readResponse(fromHex(hex)).text;
  equal(["9000", "63c2", "6983", "6f01", "0102039000", "90"].map(text), [
    "9000 done",
    "63C2 2 tries left",
    "6983 blocked",
    "6F01",
    "9000 done · 3 bytes",
    "1 bytes, no response",
  ]);
});

test("an ATR in inverse convention, a PPS and a card that goes amid a block are told as such", () => {
  const entries: WireEntry[] = [];
  const decoder = new CardWireDecoder((entry) => entries.push(entry));
  const say = (from: "card" | "terminal", hex: string, inverse: boolean): void =>
    fromHex(hex).forEach((byte, at) => decoder.character(at, from, encodeMoments(byte, inverse) & 0xff));
  decoder.supply(0, "VCC on");
  say("card", "3f020001", true);
  say("terminal", "ff00ff", true);
  say("card", "ff00ff", true);
  say("card", "0000", true);
  decoder.supply(9, "VCC off");
  equal(
    entries.map(({ from, text, hex }) => `${from}: ${text} | ${hex}`),
    [
      "terminal: VCC on | ",
      "card: ATR 4 characters, inverse convention | 3F 02 00 01",
      "terminal: PPS | FF 00 FF",
      "card: PPS | FF 00 FF",
      "card: 2 characters, no good block | 00 00",
      "terminal: VCC off | ",
    ],
  );
});

test("a frame that comes again adds nothing to the records, and damage is told", () => {
  const entries: WireEntry[] = [];
  const decoder = new SealedLineDecoder((entry) => entries.push(entry));
  const desk = new CheckDesk({ seed: 3 });
  const events = desk.simulator.world.recorder.all().filter(({ channel }) => channel === "line-in");
  desk.close();
  const bytes = Buffer.concat(events.map(({ value }) => value as Uint8Array));
  const frames = bytes
    .toString("latin1")
    .split("~")
    .filter((text) => text !== "");
  for (const frame of frames) {
    const raw = Buffer.from(`~${frame}~`, "latin1");
    decoder.bytes(0, "counter", raw);
    decoder.bytes(0, "counter", raw);
  }
  decoder.bytes(0, "counter", Buffer.from(`~${frames[0]?.slice(0, -1)}x~`, "latin1"));
  is(entries.filter(({ text }) => text.startsWith("ClientHello")).length, 1);
  ok(entries.some(({ text }) => text.endsWith("· again")));
  equal([entries.at(-1)?.text, entries.at(-1)?.bad], ["damaged frame", true]);
});

test.run();
