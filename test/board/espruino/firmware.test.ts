/** The firmware of the development board, its own drivers included, at the chip models: a card, a keypad, a display, a host. */
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { buildEspruino } from "../../../board/build/build-espruino.ts";
import { BOARD } from "../../../board/espruino/pins.ts";
import { buildRom } from "../../../board/rom/build-rom.ts";
import { AID, Counter, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import { WorldBus } from "../../../host-sim/world/world-bus.ts";
import { toldReset } from "../../host-sim/world/watched-terminal.ts";
import { Pico } from "./pico.ts";

const test = suite("firmware of the Espruino board");
const OUT = "build/espruino-pico/app.js";
const REASON = 0x400d8008;
const MISSING = 0x400d800c;

await buildEspruino({ roots: ["board/espruino/main.ts"], out: OUT });
const SCRIPT = readFileSync(OUT, "utf8");
const ROM = Buffer.from(buildRom());

interface Running {
  readonly counter: Counter;
  readonly pico: Pico;
}

function running(registers?: readonly (readonly [number, number])[]): Running {
  const counter = new Counter({ seed: 1 });
  const { simulator } = counter;
  // What the simulator has booted by itself is off, its watchdog too.
  simulator.world.resetProcessor();
  const pico = new Pico(new WorldBus(simulator.world), SCRIPT, ROM, registers);
  // The simulator's table of engines has no place for one that only this test needs.
  Reflect.set(simulator, "engine", pico);
  return { counter, pico };
}

test("the first pin that a boot drives is CMDVCCN, high, and all others but EN_1V8N are low then", () => {
  const { simulator } = new Counter({ seed: 1 });
  simulator.world.resetProcessor();
  const bus = new WorldBus(simulator.world);
  const driven: [number, number][] = [];
  const watching = new Proxy(bus, {
    get(target, name: keyof WorldBus) {
      if (name !== "pinsSet") return target[name].bind(target);
      return (mask: number, value: number): void => void driven.push([mask, value]);
    },
  });
  new Pico(watching, SCRIPT, ROM);
  const { commandVccN, enable1V8N } = BOARD.slot;
  equal(driven[0], [commandVccN, commandVccN]);
  const first = driven.slice(0, 8).reduce((levels, [, value]) => levels | value, 0);
  is(first, commandVccN | enable1V8N);
});

test("it boots to its first page and answers the host over USB", () => {
  const { counter } = running();
  counter.start();
  is(counter.page, "insert");
  is(counter.host.slotStatus().status & 3, 2);
});

test("a card is powered and answers, and a PIN typed on its keypad is verified by the card", () => {
  const { counter } = running();
  counter.start().insert("mynumber").select(AID.jpki, "0018");
  is(counter.secure(VERIFY_4, "1357E"), "9000");
  counter.simulator.runFor(100);
  is(counter.page, "ok");
});

test("a wrong PIN is told as wrong, with the tries left", () => {
  const { counter } = running();
  counter.start().insert("mynumber").select(AID.jpki, "0018");
  is(counter.secure(VERIFY_4, "1358E"), "63c2");
});

for (const card of ["iso", "inverse"]) {
  test(`a card of the deck is read in its own convention: ${card}`, () => {
    const { counter } = running();
    counter.start();
    counter.simulator.insert(card);
    counter.simulator.runFor(100);
    const reference = new Counter({ seed: 1 }).start();
    reference.simulator.insert(card);
    reference.simulator.runFor(100);
    equal([...counter.host.powerOn().data], [...reference.host.powerOn().data]);
    is(counter.apdu("00a4040007a0000000000000"), reference.apdu("00a4040007a0000000000000"));
  });
}

test("a card that is pulled during the entry ends it", () => {
  const { counter } = running();
  counter.start().insert("mynumber").select(AID.jpki, "0018");
  counter.host.beginSecure(Uint8Array.from(Buffer.from(VERIFY_4, "hex")));
  counter.waitForPrompt();
  counter.simulator.keys("13");
  counter.simulator.runFor(300);
  counter.simulator.remove();
  counter.simulator.runFor(100);
  is(counter.simulator.world.slot.isPowered(), false);
  is(counter.page, "removed");
});

test("the display shows the same page as the reference board's", () => {
  const { counter } = running();
  counter.start();
  const reference = new Counter({ seed: 1 }).start();
  const glass = ({ simulator }: Counter): Buffer => Buffer.from(simulator.world.lcd.frame());
  is(Buffer.compare(glass(counter), glass(reference)), 0);
  equal(counter.simulator.world.complaints, []);
});

test("the watchdog is armed with the board's time and fed long before it", () => {
  const { counter, pico } = running();
  counter.start().insert("mynumber");
  is(pico.watchdogS, BOARD.watchdogUs / 1e6);
  const gaps = pico.kicksUs.slice(1).map((at, index) => at - pico.kicksUs[index]!);
  ok(gaps.length > 100 && Math.max(...gaps) < BOARD.watchdogUs / 20, `${Math.max(...gaps)} us`);
});

for (const [what, registers, told] of [
  ["power", [[REASON, 0]], [0, 255]],
  ["a watchdog with nothing kept", [[REASON, 1]], [1, 255]],
  [
    "a watchdog while part 3 was missing",
    [
      [REASON, 1],
      [MISSING, 0x57440008],
    ],
    [1, 3],
  ],
  [
    "a watchdog while parts 1 and 4 were missing",
    [
      [REASON, 1],
      [MISSING, 0x57440012],
    ],
    [1, 1],
  ],
] as const) {
  test(`the reason of a boot is told: ${what}`, () => {
    const { counter } = running(registers);
    counter.start();
    equal(toldReset(counter), [...told]);
  });
}

test.run();
