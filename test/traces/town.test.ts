/** A town image in service, by keys without the mark of development: the sealed day of every engine, with the same trace. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { buildLuaImage, buildQemuImage } from "../built-images.ts";
import { PAIR } from "../host-sim/world/sealed-simulator.ts";
import { tellSealedStory } from "./sealed-story.ts";

const test = suite("town traces");
const FOLDER = "build/town";
const LUA = buildLuaImage(`${FOLDER}/lua`, "town");
const QEMU = buildQemuImage(`${FOLDER}/qemu`, "town");
const TOWN = { mode: "town", pair: { ...PAIR, forTown: true } } as const;

test("node, lua and the reference board leave the same trace of a town's day", () => {
  const node = tellSealedStory(TOWN);
  const lines = node.simulator.world.recorder.lines();
  ok(lines.length > 4000, `${lines.length} events`);
  equal(node.simulator.world.complaints, []);
  for (const [engine, images] of [
    ["lua", { lua: LUA }],
    ["qemu", { qemu: QEMU }],
  ] as const) {
    const other = tellSealedStory({ ...TOWN, engine, images }).simulator.world.recorder.lines();
    const different = lines.findIndex((line, i) => line !== other[i]);
    is(different, -1, `${engine}, event ${different}: ${lines[different]} | ${other[different]}`);
    is(other.length, lines.length, engine);
  }
  console.log(`${lines.length} events of a town's day x 3 engines, 0 differences`);
});

test.run();
