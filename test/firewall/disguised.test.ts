/** Every disguise with every instruction in sixteen classes, on a card that takes them all. */
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";
import { AttackBench } from "./attack-bench.ts";
import { CLASSES } from "./classes.ts";
import { DISGUISES } from "./disguises.ts";
import { carelessTarget } from "./targets.ts";

const test = suite("disguises");
let commands = 0;
let breaches = 0;

for (const disguise of DISGUISES) {
  test(`nothing of a PIN passes with ${disguise.name}`, () => {
    const bench = new AttackBench(carelessTarget());
    for (const cla of CLASSES) {
      for (let ins = 0; ins < 256; ins++) {
        bench.resynch();
        disguise.run(bench, [cla, ins, 0x00, 0x80, 4, 0x31, 0x32, 0x33, 0x34]);
        bench.check(`${cla.toString(16)} ${ins.toString(16)} ${disguise.name}`);
        commands++;
      }
    }
    breaches += bench.watch.breaches.length;
    equal(bench.watch.breaches.slice(0, 5), []);
    ok(isAlive(bench), "the terminal still serves");
  });
}

function isAlive(bench: AttackBench): boolean {
  bench.powerOn();
  const reply = bench.command([0x00, 0x20, 0x00, 0x80]);
  return reply !== undefined && reply.data[3] === 0x63 && reply.data[4] === 0xc3;
}

test.after(() =>
  console.log(`\n${commands} commands in ${DISGUISES.length} disguises, ${breaches} breaches`),
);

test.run();
