/** The ears in the card line hear what the card hears, and the test's list of PIN commands is what it should be. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { IsoCard } from "../../host-sim/card/apps/iso-card.ts";
import { iso, card } from "../../host-sim/card/deck.ts";
import { buildAtr } from "../../host-sim/card/card-atr.ts";
import type { CardApplication } from "../../host-sim/card/card-application.ts";
import { AttackBench } from "./attack-bench.ts";
import { CardTap } from "../../host-sim/scenario/card-tap.ts";
import { forbiddenReason } from "./pin-commands.ts";

const test = suite("card tap");

/** IFSC 16, so that commands travel in chains. */
const SHORT_BLOCKS = buildAtr(0x3b, 0x8, [0x81, 0x31, 0x10, 0x45], [0x80]);
const INVERSE = buildAtr(0x3f, 0x8, [0x81, 0x31, 0xfe, 0x45], [0x80]);

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** An ISO card that notes what reaches its application. */
function noting(): CardApplication & { readonly heard: string[] } {
  const inner = new IsoCard();
  const heard: string[] = [];
  return {
    heard,
    pins: inner.pins,
    reset: (warm) => inner.reset(warm),
    powerDown: () => inner.powerDown(),
    process(command) {
      heard.push(hex(command));
      return inner.process(command);
    },
  };
}

for (const [name, atr] of [
  ["in chains of 16 bytes", SHORT_BLOCKS],
  ["in the inverse convention", INVERSE],
] as const) {
  test(`the tap hears the commands that the card hears, ${name}`, () => {
    const application = noting();
    const bench = new AttackBench({ card: card("noting", application, { atr }), pins: [], selects: [] });
    const tap = new CardTap(bench.simulator.world);
    const heard: string[] = [];
    tap.onCommand = (apdu) => heard.push(hex(apdu));
    bench.powerOn();
    application.heard.length = 0;
    heard.length = 0;
    bench.command([0x00, 0xa4, 0x02, 0x0c, 2, 0x20, 0x01]);
    bench.command([0x00, 0xd6, 0x00, 0x00, 40, ...new Uint8Array(40).fill(0x5a)]);
    bench.command([0x00, 0xb0, 0x00, 0x00, 0x28]);
    is(heard.length, 3);
    equal(heard, application.heard);
  });
}

test("a block that the card asks for again is one command, and the same command after a reset is another", () => {
  const repeating = iso("repeating", { faults: { askRepeat: [2] } });
  const bench = new AttackBench({ card: repeating, pins: [], selects: [] });
  const before = bench.watch.tap.commands;
  const query = [0x00, 0x20, 0x00, 0x01];
  bench.command(query);
  bench.command(query);
  is(bench.watch.tap.commands - before, 2);
  bench.powerOn();
  bench.command(query);
  is(bench.watch.tap.commands - before, 3);
});

test("a PIN command on the wire is a breach without 確認, and none after it, but once", () => {
  const bench = new AttackBench({ card: iso("iso", {}), pins: [], selects: [] });
  const verify = Uint8Array.of(0x00, 0x20, 0x00, 0x01, 4, 0x31, 0x32, 0x33, 0x34);
  const heard = (): number => {
    const before = bench.watch.breaches.length;
    bench.watch.tap.onCommand(verify);
    bench.check("by hand");
    return bench.watch.breaches.length - before;
  };
  is(heard(), 1);
  bench.type("E");
  is(heard(), 0);
  is(heard(), 1);
});

test("the test's own list refuses what it should, and passes signing and the empty VERIFY", () => {
  const refused = [
    "0020008004",
    "8020008000",
    "002000",
    "0021008000",
    "0024000000",
    "a02c0000",
    "80320080",
    "00c20000",
  ];
  const tails = [
    "00b00000000020008004",
    "00b0000001ff00ff",
    "ffb00000",
    "002001800431323334",
    "90500000",
    "00200180",
  ];
  const passing = [
    "00200080",
    "0020009c",
    "802a00800401020304",
    "0088000001aa00",
    "00b0000000",
    "00a4040c",
    "00500000",
  ];
  for (const one of [...refused, ...tails]) ok(forbiddenReason(Buffer.from(one, "hex")) !== undefined, one);
  for (const one of passing) is(forbiddenReason(Buffer.from(one, "hex")), undefined, one);
});

test.run();
