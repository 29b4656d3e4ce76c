/** An operator's card in the hands of a PC/SC program: in sealed images nothing reaches its application, on a bench no PIN command. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { OPERATOR_AID } from "../../host-sim/card/apps/operator-card.ts";
import { AttackBench, SECURE } from "./attack-bench.ts";
import { CLASSES } from "./classes.ts";
import type { RawReply } from "./raw-host.ts";
import { sealedBench } from "./sealed-bench.ts";
import { modifyRequest, verifyRequest } from "./secure-requests.ts";
import { operatorTarget } from "./targets.ts";

const test = suite("an operator's card and PC/SC programs");
const DIGITS = [4, 0x34, 0x36, 0x34, 0x39];
const CHALLENGE = [0x10, ...Array<number>(16).fill(0xc5), 0x20];
const SELECT = [0x00, 0xa4, 0x04, 0x0c, 0x0a, ...Buffer.from(OPERATOR_AID, "hex")];
const AUTHENTICATE = [0x00, 0x88, 0x00, 0x92, ...CHALLENGE];

function statusOf(reply: RawReply | undefined): string {
  return Buffer.from(reply?.data.subarray(3, 5) ?? []).toString("hex");
}

test("in a sealed image its application is not there, whole or in part, and nothing of a program reaches the card", () => {
  const bench = sealedBench({ ...operatorTarget(), selects: [] });
  const before = bench.watch.tap.commands;
  for (let length = 1; length <= 10; length++)
    is(
      statusOf(bench.command([...SELECT.slice(0, 4), length, ...SELECT.slice(5, 5 + length)])),
      "6a82",
      `${length}`,
    );
  for (const first of [0x00, 0x80]) {
    for (const ins of [0x20, 0x24, 0x82, 0x84, 0x86, 0x87, 0x88, 0xa4, 0xb0, 0xb2, 0xca, 0x22, 0x2a]) {
      for (const tail of [[], DIGITS, CHALLENGE]) {
        const reply = bench.command([first, ins, 0x00, 0x92, ...tail]);
        if (reply === undefined || reply.data.length < 4) bench.resynch();
        bench.check(`${first} ${ins}`);
      }
    }
  }
  is(statusOf(bench.command(AUTHENTICATE)), "6985");
  // The empty VERIFY of nothing that is selected is on no list either.
  is(bench.watch.tap.commands, before, "commands on the card's line");
  equal(bench.watch.breaches, []);
  bench.simulator.close();
});

test("Secure in a sealed image never verifies its PIN, whatever the reference", () => {
  const target = { ...operatorTarget(), selects: [] };
  const bench = sealedBench(target);
  for (const reference of [0x80, 0x91, 0x11]) {
    bench.message(SECURE, verifyRequest({ apdu: [0x00, 0x20, 0x00, reference] }));
    if (bench.isPrompting()) bench.type("4649E");
    bench.reply();
    bench.resynch();
  }
  equal(
    target.pins.map(({ verifyCount, verified, left }) => [verifyCount, verified, left]),
    [[0, false, 3]],
  );
  bench.simulator.close();
});

test("on a bench no instruction in sixteen classes touches its PIN, and without it there is no answer to a challenge", () => {
  const bench = new AttackBench(operatorTarget());
  for (const cla of CLASSES) {
    for (let ins = 0; ins < 256; ins++) {
      const reply = bench.command([cla, ins, 0x00, 0x80, ...DIGITS]);
      if (reply === undefined || reply.data.length < 4 || (reply.data[1]! & 0xbf) !== 0) bench.resynch();
      bench.check(`${cla.toString(16)} ${ins.toString(16)}`);
    }
    bench.resynch();
    for (const select of bench.target.selects) bench.command(select);
  }
  is(statusOf(bench.command(AUTHENTICATE)), "6982");
  equal(bench.watch.breaches, []);
  bench.simulator.close();
});

test("on a bench Secure asks its owner for it, for VERIFY alone", () => {
  const target = operatorTarget();
  const bench = new AttackBench(target);
  const changes = [
    [0x00, 0x24, 0x01, 0x80],
    [0x00, 0x24, 0x00, 0x80],
    [0x80, 0x32, 0x00, 0x80],
  ];
  for (const apdu of changes) {
    bench.message(SECURE, modifyRequest({ apdu: [...apdu, 4, 0xff, 0xff, 0xff, 0xff] }));
    is(bench.isPrompting(), false, apdu.join());
  }
  bench.host.send(SECURE, [0, 0, 0], verifyRequest({ apdu: [0x00, 0x20, 0x00, 0x80] }));
  is(bench.isAsked(), true);
  bench.type("4649E");
  is(statusOf(bench.reply()), "9000");
  bench.check("a VERIFY that its owner has confirmed");
  equal([target.pins[0]!.verifyCount, bench.watch.breaches], [1, []]);
  bench.simulator.close();
});

test.run();
