/** The board while it waits on its bus: seen from outside, as a debugger sees it. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { startQemu } from "../../../host-sim/engine/qemu-engine.ts";
import type { QemuMemory } from "../../../host-sim/engine/qemu-memory.ts";
import { makeBusEvents, WorldBus } from "../../../host-sim/world/world-bus.ts";
import { World } from "../../../host-sim/world/world.ts";
import { buildProgram } from "./test-images.ts";

const test = suite("the board waits");
const IMAGE = { mode: "open", language: "ja", firewall: "refuse" } as const;
/** Of wiped.lua; long enough to stand nowhere else. */
const PATTERN = Uint8Array.from({ length: 32 }, (_, i) => (73 * i + 41) & 255);
/** One turn through the bus and back: some thousand instructions. */
const MOST_TICKS = 2000;

function occurrences(memory: QemuMemory): number {
  let count = 0;
  for (const { bytes } of memory.snapshot())
    for (let at = bytes.indexOf(PATTERN); at >= 0; at = bytes.indexOf(PATTERN, at + 1)) count++;
  return count;
}

test("bytes are gone when they are wiped, and when they are collected; so are those that were sent", async () => {
  const elf = await buildProgram("wiped");
  const seen: [string, number][] = [];
  const observe = (memory: QemuMemory, request: string): void => {
    seen.push([request.split(" ")[0] ?? "", occurrences(memory)]);
  };
  startQemu(new WorldBus(new World(1)), IMAGE, { elf, observe }).close();
  equal(seen, [
    ["boot", 0],
    // Filled, wiped.
    ["pinsRead", 1],
    ["pinsRead", 0],
    // Filled, collected; the same with a small block.
    ["pinsRead", 1],
    ["pinsRead", 0],
    ["pinsRead", 1],
    ["pinsRead", 0],
    // Being sent, sent, wiped.
    ["pinsRead", 2],
    ["pinsRead", 1],
    ["pinsRead", 0],
    ["idle", 0],
  ]);
});

test("noise, the backup memory and chips that talk back are the world's", async () => {
  const world = new World(1);
  world.backup.openCase();
  startQemu(new WorldBus(world), IMAGE, { elf: await buildProgram("remembering") }).close();
  const memory = world.backup.save();
  equal([...memory.subarray(0, 6)], [0, 1, 2, 3, 4, 5]);
  equal([...memory.subarray(8, 14)], [4, 5, 0, 0, 0, 0], "read back from 4 on, and beside it what was there");
  equal([...memory.subarray(16, 24)], [...new World(1).noise(8)]);
  equal([...memory.subarray(24, 26)], [1, 0], "the latch, before and after it was cleared");
  equal([...memory.subarray(32, 37)], [0, 4, 0x7f, 5, 9], "what the FRAM answered");
  equal(world.complaints, []);
});

/** Ticks of a turn during which the world does `work`. */
function ticksWhile(elf: string, work: (memory: QemuMemory) => void): number {
  const world = new World(1);
  const observe = (memory: QemuMemory, request: string): void => {
    if (request.startsWith("idle")) work(memory);
  };
  const engine = startQemu(new WorldBus(world), IMAGE, { elf, observe });
  is(engine.resume(makeBusEvents()), 2000);
  engine.close();
  return world.toneHz;
}

test("the processor does nothing while it waits: its timer counts the same however long the world takes", async () => {
  const elf = await buildProgram("waiting");
  const short = ticksWhile(elf, () => undefined);
  const long = ticksWhile(elf, (memory) => {
    for (let i = 0; i < 10; i++) memory.snapshot();
  });
  ok(short > 0 && short < MOST_TICKS, `${short} ticks`);
  is(long, short);
});

test.run();
