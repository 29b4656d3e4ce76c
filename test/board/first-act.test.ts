import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { bootBench } from "../../board/bus-bench.ts";
import { BOARD } from "../../board/mps2-an386/pins.ts";
import { Language } from "../../firmware/service/view.ts";
import type { PeripheralBus } from "../../hal/bus.ts";
import { ResetReason, type ResetRecord } from "../../hal/watchdog.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { nodeRom } from "../../host-sim/engine/node-rom.ts";
import { WorldBus } from "../../host-sim/world/world-bus.ts";
import { World } from "../../host-sim/world/world.ts";

const test = suite("the first act of a boot");
const { commandVccN, reset } = BOARD.slot;

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Boots the bench image in `world`; every call that it made, in order. */
function boot(world: World, known?: ResetRecord): Call[] {
  const calls: Call[] = [];
  const bus = new Proxy<PeripheralBus>(new WorldBus(world), {
    get(target, name: keyof PeripheralBus) {
      return (...args: never[]): unknown => {
        calls.push({ name, args });
        return (target[name] as (...all: never[]) => unknown)(...args);
      };
    },
  });
  const options = { language: Language.Japanese, substitute: false };
  const image = { natives: NODE_NATIVES, rom: nodeRom(), bus };
  bootBench(known === undefined ? image : { ...image, known }, options);
  return calls;
}

test("a boot is said before everything else, with nothing known", () => {
  equal(boot(new World(1))[0], { name: "boot", args: [255, 255] });
});

test("what the processor knows of its end is said as it is", () => {
  const known = { reason: ResetReason.Fault, part: 255 };
  equal(boot(new World(1), known)[0], { name: "boot", args: [2, 255] });
});

test("right after it card power goes off, with RST low, in one write and before anything else is driven or read", () => {
  const [, second, ...rest] = boot(new World(1));
  is(second?.name, "pinsSet");
  const [mask, value] = (second?.args ?? []).map(Number);
  is((mask ?? 0) & (commandVccN | reset), commandVccN | reset, "both are driven");
  is((value ?? 0) & (commandVccN | reset), commandVccN, "CMDVCCN high, RST low");
  for (const { name, args } of rest)
    if (name === "pinsSet") is(Number(args[0]) & (commandVccN | reset), 0, "nothing takes it back");
});

test("a card that was powered when the processor stopped is off 100 µs after the boot", () => {
  const world = new World(1);
  // A reset that lets the outputs stand, as a program that ends by itself does.
  world.resetProcessor = () => undefined;
  world.setPins(-1, reset);
  is(world.outputs & commandVccN, 0);
  boot(world);
  is(world.outputs & (commandVccN | reset), commandVccN);
});

test("the watchdog is armed for every part by the time that the terminal stands", () => {
  const calls = boot(new World(1));
  const armed = calls.filter(({ name }) => name === "watchdogStart");
  equal(
    armed.map(({ args }) => args),
    [[5]],
  );
  ok(calls.every(({ name }) => name !== "progress"));
});

test.run();
