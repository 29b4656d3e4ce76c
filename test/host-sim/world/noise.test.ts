import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { World } from "../../../host-sim/world/world.ts";
import { WorldBus } from "../../../host-sim/world/world-bus.ts";

const test = suite("noise");

function taken(seed: number, length: number): number[] {
  const into = new Uint8Array(length + 1);
  new WorldBus(new World(seed)).noise(into, length);
  is(into[length], 0, "no byte more than asked for");
  return [...into.subarray(0, length)];
}

test("a seed means the same noise, another seed another", () => {
  equal(taken(1, 255), taken(1, 255));
  ok(taken(1, 32).join() !== taken(2, 32).join());
  ok(new Set(taken(1, 255)).size > 100);
});

test("taking noise moves no other stream of the seed", () => {
  const [quiet, asked] = [new World(7), new World(7)];
  asked.noise(100);
  is(asked.random.next(), quiet.random.next());
});

test.run();
