/** `--firewall substitute`: a host's VERIFY of an object known by name becomes an entry; nothing else does, and no host digit passes. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { AttackBench } from "./attack-bench.ts";
import { CLASSES } from "./classes.ts";
import { substituted } from "./substituted.ts";
import { isoTarget, jpkiTarget } from "./targets.ts";

const test = suite("substitute");
const HOST_DIGITS = [0x39, 0x39, 0x39, 0x39];
const PIN = "1357";

test("of all instructions in sixteen classes one VERIFY is replaced, and the card gets the digits of the person", () => {
  const target = jpkiTarget();
  const bench = new AttackBench(target, "substitute");
  const begun: string[] = [];
  let count = 0;
  for (const cla of CLASSES) {
    for (let ins = 0; ins < 256; ins++) {
      const apdu = [cla, ins, 0x00, 0x80, 4, ...HOST_DIGITS];
      if (substituted(bench, apdu, PIN)) begun.push(Buffer.from(apdu.slice(0, 4)).toString("hex"));
      count++;
    }
  }
  console.log(`\n${count} commands with a substitute, ${bench.watch.breaches.length} breaches`);
  equal(begun, ["00200080"]);
  equal(bench.watch.breaches, []);
  is(target.pins.find((pin) => pin.file === 0x18)?.verified, true);
});

test("no other form of VERIFY is replaced: other lengths, Le, P1, P2, extended", () => {
  const bench = new AttackBench(jpkiTarget(), "substitute");
  const forms = [
    [0x00, 0x20, 0x00, 0x80, 3, ...HOST_DIGITS.slice(1)],
    [0x00, 0x20, 0x00, 0x80, 5, ...HOST_DIGITS, 0x39],
    [0x00, 0x20, 0x00, 0x80, 4, ...HOST_DIGITS, 0],
    [0x00, 0x20, 0x00, 0x80, 0, 0, 4, ...HOST_DIGITS],
    [0x00, 0x20, 0x00, 0x80, 0],
    [0x00, 0x20, 0x01, 0x80, 4, ...HOST_DIGITS],
    [0x00, 0x20, 0x00, 0x81, 4, ...HOST_DIGITS],
    [0x00, 0x20, 0x00, 0x9b, 4, ...HOST_DIGITS],
    [0x00, 0x24, 0x01, 0x80, 4, ...HOST_DIGITS],
  ];
  for (const form of forms) is(substituted(bench, form, PIN), false, Buffer.from(form).toString("hex"));
  equal(bench.watch.breaches, []);
});

test("a VERIFY of an application that has no name is refused, not replaced", () => {
  const bench = new AttackBench(isoTarget(), "substitute");
  is(substituted(bench, [0x00, 0x20, 0x00, 0x01, 4, ...HOST_DIGITS], "1234"), false);
  equal(bench.watch.breaches, []);
});

test.run();
