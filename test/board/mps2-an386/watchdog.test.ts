/**
 * The board's own watchdog and its other ways to end, with the whole terminal on it: its time passes with its instructions, so a
 * loop without an end is ended by the board itself. What follows is seen from the world.
 */
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import { equal, instance, is, match, ok } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { EngineFailure } from "../../../host-sim/engine/engine.ts";
import type { TraceEvent } from "../../../host-sim/world/recorder.ts";
import { AID, Counter, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import { PART_NAMES, restartNs, toldReset } from "../../host-sim/world/watched-terminal.ts";
import { buildPlanted, ERROR_KEY, FAULT_KEY, HANG_KEYS } from "./planted-faults.ts";

const test = suite("the terminal's ends on the board");
const { commandVccN, reset } = BOARD.slot;
/** A key press until it is taken, in the world's time; none of it passes while the board hangs. */
const KEY_MS = 100;
let elf = "";
test.before(async () => {
  elf = await buildPlanted();
});

function counterWith(firewall: "refuse" | "substitute"): Counter {
  return new Counter({ engine: "qemu", images: { qemu: { elf } }, firewall });
}

interface Restarted {
  readonly counter: Counter;
  /** What happened from the step on that set the fault off. */
  readonly events: readonly TraceEvent[];
}

/** A terminal in whose slot a card is powered and one of whose faults has just been set off. */
function restarted(key: string): Restarted {
  const counter = counterWith("refuse").start().insert("mynumber");
  const { world } = counter.simulator;
  is(world.slot.isPowered(), true);
  is(restartNs(counter), 0);
  counter.simulator.keys(key);
  let before = 0;
  const isRestarted = (): boolean => {
    if (restartNs(counter) > 0) return true;
    before = world.recorder.all().length;
    return false;
  };
  is(counter.simulator.runUntil(isRestarted, KEY_MS), true);
  counter.simulator.runFor(1000);
  return { counter, events: world.recorder.all().slice(before) };
}

/** After the scan that has seen the key the contacts go off, before anything else happens, and all of them in order. */
function checkCardOff({ counter, events }: Restarted): void {
  const atNs = restartNs(counter);
  const [scan, first] = events;
  equal([scan?.channel, first?.channel, first?.timeNs], ["scan", "pins", atNs]);
  is(Number(first?.value) & (commandVccN | reset), commandVccN);
  const supply = events.filter(
    ({ channel, value }) => channel === "card-supply" && !String(value).startsWith("OFFN"),
  );
  equal(
    supply.map(({ value }) => value),
    ["RST low", "CLK low", "IO low", "VCC off"],
  );
  ok((supply.at(-1)?.timeNs ?? Infinity) - atNs <= 100_000);
}

function checkEnd(end: Restarted, told: readonly number[], cause: string): void {
  const { counter } = end;
  checkCardOff(end);
  is(counter.simulator.world.slot.isPowered(), false);
  is(counter.page, "reading");
  equal(toldReset(counter), told);
  const { complaints } = counter.simulator.world;
  is(complaints.length, 1);
  match(complaints[0] ?? "", cause);
  counter.simulator.close();
}

for (const [part, name] of PART_NAMES.entries()) {
  test(`${name} runs in a circle for ever: the watchdog resets, the card goes off first, the part is told`, () => {
    const end = restarted(HANG_KEYS[part]!);
    checkEnd(end, [1, part], `its watchdog has bitten; part ${name} had not come to its end`);
  });
}

test("a fault of the processor: the card goes off first, the reason is told", () => {
  const end = restarted(FAULT_KEY);
  checkEnd(end, [2, 0], "the processor's fault handler has stopped it; part keypad");
});

test("an error of the program: the card goes off first, the reason is told", () => {
  const end = restarted(ERROR_KEY);
  checkEnd(end, [3, 0], "its program has ended with an error; part keypad");
});

test("after a reset by the watchdog the same card works", () => {
  const { counter } = restarted(HANG_KEYS[2]!);
  counter.host.discard();
  counter.host.powerOn();
  counter.select(AID.jpki, "0018");
  is(counter.secure(VERIFY_4, "1357E"), "9000");
  counter.simulator.close();
});

test("a program that fails in every boot halts; its log names the lines of its source", () => {
  const source = readFileSync("firmware/terminal.ts", "utf8").split("\n");
  const line = 1 + source.findIndex((text) => text.includes("watchdog.progress(Part.Screen)"));
  ok(line > 1);
  try {
    counterWith("substitute").start();
    ok(false, "it has run");
  } catch (error) {
    instance(error, EngineFailure);
    const message = String(error);
    match(message, "error: planted error\n");
    match(message, `\n  at firmware/terminal.ts:${line}\n  at board/bus-terminal.ts:`);
    match(message, "halted: it failed again before it ran");
  }
});

test.run();
