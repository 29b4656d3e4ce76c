/** Every disguise with every instruction in sixteen classes, on a card that takes them all. */
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";
import { AttackBench } from "./attack-bench.ts";
import { DISGUISES } from "./disguises.ts";
import { carelessTarget } from "./targets.ts";

/**
 * Channel 0 plain and with each secure messaging, chained, channels 1–3, further and reserved interindustry, GlobalPlatform,
 * GSM, proprietary, invalid: one for each way in which a class is read.
 */
const CLASSES = [0x00, 0x01, 0x02, 0x03, 0x04, 0x08, 0x0c, 0x10, 0x20, 0x40, 0x60, 0x80, 0x84, 0x90, 0xa0, 0xff];

const test = suite("disguises");

for (const disguise of DISGUISES) {
  test(`nothing of a PIN passes with ${disguise.name}`, () => {
    const bench = new AttackBench(carelessTarget());
    let count = 0;
    for (const cla of CLASSES) {
      for (let ins = 0; ins < 256; ins++) {
        bench.resynch();
        disguise.run(bench, [cla, ins, 0x00, 0x80, 4, 0x31, 0x32, 0x33, 0x34]);
        bench.check(`${cla.toString(16)} ${ins.toString(16)} ${disguise.name}`);
        count++;
      }
    }
    console.log(`firewall, ${disguise.name}: ${count} commands, ${bench.watch.breaches.length} breaches`);
    equal(bench.watch.breaches.slice(0, 5), []);
    ok(isAlive(bench), "the terminal still serves");
  });
}

function isAlive(bench: AttackBench): boolean {
  bench.powerOn();
  const reply = bench.command([0x00, 0x20, 0x00, 0x80]);
  return reply !== undefined && reply.data[3] === 0x63 && reply.data[4] === 0xc3;
}

test.run();
