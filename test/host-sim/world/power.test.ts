/** The power of the whole terminal goes and comes back: what is to be remembered stays, and nothing else. */
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { StoreError } from "../../../firmware/service/store.ts";
import { PowerCut } from "../../../host-sim/chip/power-cut.ts";
import { makeCard } from "../../../host-sim/card/deck.ts";
import { AID, Counter, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import { World } from "../../../host-sim/world/world.ts";
import { storeInWorld } from "../../powercut/places.ts";

const test = suite("power");
const AT = 0x200;

function powered(): Counter {
  return new Counter({ seed: 1 }).start().insert("mynumber").select(AID.jpki, "0018");
}

test("without power nothing runs, the card is off at once and the display is blank", () => {
  const counter = powered();
  const { simulator } = counter;
  const { world } = simulator;
  is(world.slot.isPowered(), true);
  world.recorder.clear();
  simulator.powerOff();
  is(world.slot.isPowered(), false);
  const supply = world.recorder.all().filter(({ channel }) => channel === "card-supply");
  equal(
    supply.map(({ timeNs, value }) => [timeNs - simulator.nowNs, value]),
    [
      [0, "RST low"],
      [0, "CLK low"],
      [0, "IO low"],
      [0, "VCC off"],
    ],
  );
  ok(world.lcd.frame().every((value) => value === 0));
  const before = world.recorder.all().length;
  simulator.powerOff();
  simulator.runFor(10_000);
  is(world.recorder.all().length, before);
  equal(world.complaints, []);
});

test("the terminal starts again as at its first boot, and the card too", () => {
  const counter = powered();
  const { simulator } = counter;
  counter.host.beginSecure(Uint8Array.from(Buffer.from(VERIFY_4, "hex")));
  counter.waitForPrompt();
  simulator.keys("13");
  simulator.runFor(300);
  simulator.powerOff();
  simulator.runFor(1000);
  simulator.powerOn();
  simulator.runFor(500);
  counter.host.discard();
  is(counter.page, "reading");
  is(simulator.world.slot.isPowered(), false);
  counter.host.powerOn();
  counter.select(AID.jpki, "0018");
  is(counter.secure(VERIFY_4, "1357E"), "9000");
  equal(simulator.world.complaints, []);
});

test("a card may come and go meanwhile, and bytes from the line find nobody", () => {
  const { simulator } = powered();
  const { world } = simulator;
  simulator.powerOff();
  simulator.remove();
  simulator.runFor(100);
  world.line.send(new Uint8Array(100).fill(0x55));
  simulator.runFor(100);
  simulator.insert(makeCard("mynumber"));
  simulator.runFor(100);
  is(world.slot.isPowered(), false);
  simulator.powerOn();
  simulator.runFor(500);
  is(simulator.page(), "reading");
  is(world.complaints.length, 0);
});

test("a chip that loses its power throws through the bus, and the world can be powered again with what it holds", () => {
  const world = new World(1);
  const store = storeInWorld(world);
  is(store.format(), StoreError.None);
  world.fram.power();
  world.fram.cutAt(40);
  store.begin();
  store.put(AT, new Uint8Array(60).fill(7), 0, 60);
  throws(
    () => store.commit(),
    (error: unknown) => error instanceof PowerCut,
  );
  world.powerOff();
  throws(
    () => storeInWorld(world).recover(),
    (error: unknown) => error instanceof PowerCut,
  );
  world.powerOn();
  is(storeInWorld(world).recover(), StoreError.None);
  is(world.fram.save()[AT], 0);
});

test("a cut that is told while the power is off waits for it", () => {
  const world = new World(1);
  world.powerOff();
  world.fram.cutAt(3);
  world.backup.cutAt(0);
  world.powerOn();
  throws(
    () => world.fram.transfer([3, 0, 0, 0]),
    (error: unknown) => error instanceof PowerCut,
  );
  throws(
    () => world.backup.write(0, Uint8Array.of(1)),
    (error: unknown) => error instanceof PowerCut,
  );
});

test.run();
