/** What people do to the terminal, and what happens to it: cards, keys, power, case, cable. */
import { z } from "zod";
import { LineNoise } from "../chip/line-noise.ts";
import { byChance, LossyLine } from "../chip/lossy-line.ts";
import { ScenarioFailure } from "../scenario/scenario.ts";
import type { Stage } from "./stage.ts";
import { step, type StepRow } from "./step.ts";
import { cardName, fields, hex, key, keys, oneOf, percent, shortFor, time, whole, yes } from "./values.ts";

const MS = 1e6;
const FASTEST_NS = 40 * MS;
const SLOWEST_NS = 60_000 * MS;
const EVERY = "must be whole milliseconds between 40ms and 60s";

const every = time.refine((ns) => ns >= FASTEST_NS && ns <= SLOWEST_NS && ns % MS === 0, EVERY);

/** A step that says everything by its name. */
export const nothing = z
  .unknown()
  .refine((value) => value === "" || value === null || value === undefined, "takes nothing behind it");

const noise = z.preprocess(
  (value) => (value === "off" ? { rate: "0%" } : typeof value === "string" ? { rate: value } : value),
  fields({
    /** Of characters that come out as others, or not at all. */
    rate: percent.optional(),
    /** Of the sealed line's frames that are lost. */
    frames: percent.optional(),
    seed: whole(0, 0xffffffff).optional(),
  }).refine(
    ({ rate, frames }) => (rate === undefined) !== (frames === undefined),
    "needs rate (of characters) or frames (of the sealed line), not both",
  ),
);

function setNoise(stage: Stage, { rate, frames, seed }: z.output<typeof noise>): void {
  const { line, lineNoise } = stage.simulator.world;
  if (frames !== undefined) {
    line.medium = new LossyLine(byChance(frames, seed ?? 1)).medium;
    return;
  }
  const cable = seed === undefined ? lineNoise : new LineNoise(seed);
  cable.setRate(rate ?? 0);
  line.medium = cable.medium;
}

/** Presses, and waits until all of it is typed. */
async function typeKeys(stage: Stage, pressed: string, everyNs: number, waits: boolean): Promise<void> {
  stage.typed(pressed);
  stage.simulator.keys(pressed, everyNs / MS);
  if (waits) await stage.advanceTo(stage.simulator.nowNs + pressed.length * everyNs);
}

export const WORLD_STEPS: Readonly<Record<string, StepRow>> = {
  insert: step({
    schema: shortFor("card", fields({ card: cardName, fresh: yes.default(false) })),
    run: ({ card, fresh }, stage) => stage.insert(card, fresh),
  }),
  remove: step({
    schema: nothing,
    run(_nothing, { simulator }) {
      if (simulator.world.slot.inserted() === undefined) throw new ScenarioFailure("no card is in the slot");
      simulator.remove();
    },
  }),
  /** One after the other, `every` from press to press. */
  keys: step({
    schema: shortFor("press", fields({ press: keys, every: every.default(150 * MS) })),
    run: ({ press, every: everyNs }, stage, pace) => typeKeys(stage, press, everyNs, pace === "done"),
  }),
  /** One key stays down. */
  hold: step({
    schema: fields({ key, for: time }),
    async run({ key: held, for: heldNs }, stage) {
      stage.typed(held);
      stage.simulator.press(held);
      await stage.advanceTo(stage.simulator.nowNs + heldNs);
      stage.simulator.release(held);
    },
  }),
  /** A finger goes down on a key, and lifts later. */
  "key-down": step({
    schema: key,
    run(pressed, stage) {
      stage.typed(pressed);
      stage.simulator.press(pressed);
    },
  }),
  "key-up": step({ schema: key, run: (pressed, { simulator }) => simulator.release(pressed) }),
  /** Of the whole terminal; what it is in the middle of is lost. */
  power: step({
    schema: oneOf("state", ["on", "off"]),
    run: (state, { simulator }) => (state === "on" ? simulator.powerOn() : simulator.powerOff()),
  }),
  reset: step({ schema: nothing, run: (_nothing, { simulator }) => simulator.pressReset() }),
  /** With power or without. */
  "open-case": step({ schema: nothing, run: (_nothing, { simulator }) => simulator.openCase() }),
  "case-key": step({
    schema: oneOf("position", ["service", "back"]),
    run: (position, { simulator }) => simulator.world.turnCaseKey(position === "service"),
  }),
  /** The cable of the counter line. */
  line: step({
    schema: oneOf("state", ["unplugged", "plugged"]),
    run: (state, { simulator: { world } }) => (state === "plugged" ? world.line.plug() : world.line.unplug()),
  }),
  noise: step({ schema: noise, run: (value, stage) => setNoise(stage, value) }),
  /** What came by the line in a recorded session, byte for byte. */
  "line-sends": step({
    schema: hex("bytes in hexadecimal digits", /^([0-9a-fA-F]{2}){1,4096}$/),
    run: (bytes, { simulator }) => simulator.world.line.send(Buffer.from(bytes, "hex")),
  }),
};
