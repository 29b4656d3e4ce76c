/** Tells a resident check on the emulated board and looks at all its RAM from the way out of the entry on. */
import type { QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import { CheckCounter, playCheck, type CheckStory } from "../interference/check-stories.ts";
import { Watch, type MemoryRun } from "./memory-run.ts";

const STEPS = 4;

export function tellCheckWatched(story: CheckStory, pin: string, qemu: QemuImage): MemoryRun {
  // An acknowledgement may leave at any time; the card is switched off or reset when its answer has been taken, or has not come.
  const watch = new Watch("card-supply", STEPS);
  const images = { qemu: { ...qemu, observe: watch.observe } };
  const counter = new CheckCounter({ engine: "qemu", images });
  watch.counter = counter;
  try {
    const page = playCheck(counter, story, pin);
    if (watch.memory === undefined || watch.steps.length === 0) throw new Error("no way out of an entry");
    const end = watch.memory.snapshot();
    return { counts: watch.counts, steps: watch.steps, end, page, symbols: watch.memory.symbols };
  } finally {
    counter.simulator.close();
    watch.memory?.close();
  }
}
