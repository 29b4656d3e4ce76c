/** How long a host keeps what a person has verified for it (design §7, PC/SC session). */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { AttackBench, POWER_OFF, SLOT_STATUS } from "./attack-bench.ts";
import { attackBySecure, LAWFUL_FORMS } from "./secure-attacks.ts";
import { isoTarget } from "./targets.ts";

const test = suite("session");
const QUERY = [0x00, 0x20, 0x00, 0x01];
const INACTIVE = 0x01;

/** A bench whose card has accepted PIN 01: its empty VERIFY says 9000. */
function verified(): AttackBench {
  const bench = new AttackBench(isoTarget());
  ok(attackBySecure(bench, LAWFUL_FORMS[0]!, QUERY, "1234"));
  is(statusOf(bench), "9000");
  return bench;
}

function statusOf(bench: AttackBench): string {
  bench.resynch();
  return Buffer.from(bench.command(QUERY)?.data.subarray(3, 5) ?? []).toString("hex");
}

test("59 s without XfrBlock or Secure leave the verified state, 60 s end it, and polling the slot does not prolong it", () => {
  const bench = verified();
  bench.simulator.runFor(59_000);
  is(statusOf(bench), "9000");
  for (let seconds = 0; seconds < 61; seconds++) {
    bench.message(SLOT_STATUS);
    bench.simulator.runFor(1000);
  }
  is((bench.message(SLOT_STATUS)?.status ?? 0) & 3, INACTIVE);
  is(statusOf(bench), "63c3");
});

test("power-off, a new power-on and the card's removal end the verified state", () => {
  const ends: readonly ((bench: AttackBench) => void)[] = [
    (bench) => {
      bench.message(POWER_OFF);
      bench.powerOn();
    },
    (bench) => bench.powerOn(),
    (bench) => {
      bench.simulator.remove();
      bench.simulator.runFor(200);
      bench.message(SLOT_STATUS);
      bench.simulator.insert(bench.target.card);
      bench.simulator.runFor(200);
      bench.message(SLOT_STATUS);
      bench.powerOn();
    },
  ];
  for (const end of ends) {
    const bench = verified();
    end(bench);
    is(statusOf(bench), "63c3");
    bench.check("session's end");
    equal(bench.watch.breaches, []);
  }
});

test.run();
