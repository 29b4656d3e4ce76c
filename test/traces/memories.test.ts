/** What the terminal's memories hold outlives reset and power, whichever engine runs the firmware. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { Counter } from "../../host-sim/scenario/counter.ts";
import { buildLuaImage } from "../built-images.ts";

const test = suite("memories");
const LUA = buildLuaImage("build/memories");

for (const engine of ["node", "lua"] as const) {
  test(`the memories keep what they hold through reset and power, on ${engine}`, () => {
    const counter = new Counter({ seed: 1, engine, images: { lua: LUA } });
    const { simulator } = counter;
    const { fram, backup } = simulator.world;
    fram.transfer([6]);
    fram.transfer([2, 0, 0, 7]);
    backup.write(5, Uint8Array.of(8));
    simulator.pressReset();
    simulator.runFor(100);
    simulator.powerOff();
    backup.openCase();
    simulator.runFor(100);
    simulator.powerOn();
    simulator.runFor(100);
    is(fram.save()[0], 7);
    equal([...backup.read(5, 1)], [0]);
    is(backup.wasOpened(), true);
    equal(simulator.world.complaints, []);
    simulator.close();
  });
}

test.run();
