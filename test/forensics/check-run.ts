/** Tells a resident check, or a change, on the emulated board and looks at all its RAM from the way out of the entry on. */
import type { QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import { CheckCounter, playCheck, type CheckStory } from "../interference/check-counter.ts";
import { Watch, type MemoryRun } from "./memory-run.ts";

const STEPS = 4;
const TYPED_MS = 1000;
const KEY_MS = 150;

export function tellCheckWatched(story: CheckStory, pin: string, qemu: QemuImage): MemoryRun {
  const run = tell(qemu, (counter) => playCheck(counter, story, pin));
  if (run.steps.length === 0) throw new Error("no way out of an entry");
  return run;
}

/** The same up to the story's last key: the entry is still under way. */
export function tellCheckTyping(story: CheckStory, pin: string, qemu: QemuImage): MemoryRun {
  return tell(qemu, (counter) => {
    const keys = story.keys(pin);
    counter.toEntry(story.card(pin, counter), story);
    counter.simulator.keys(keys);
    counter.simulator.runFor(KEY_MS * keys.length + TYPED_MS);
    return counter.simulator.page();
  });
}

function tell(qemu: QemuImage, play: (counter: CheckCounter) => string): MemoryRun {
  // An acknowledgement may leave at any time; the card is switched off or reset when its answer has been taken, or has not come.
  const watch = new Watch("card-supply", STEPS);
  const images = { qemu: { ...qemu, observe: watch.observe } };
  const counter = new CheckCounter({ engine: "qemu", images });
  watch.counter = counter;
  try {
    const page = play(counter);
    if (watch.memory === undefined) throw new Error("the board was never seen");
    const end = watch.memory.snapshot();
    return { counts: watch.counts, steps: watch.steps, end, page, symbols: watch.memory.symbols };
  } finally {
    counter.simulator.close();
    watch.memory?.close();
  }
}
