/** A thousand verifications on the reference board, one after the other on one card: what grows, and how fast the emulator is. */
import { INSTRUCTIONS_PER_MS, readCost, type BoardCost } from "../../host-sim/engine/board-meter.ts";
import { builtQemu } from "../../host-sim/engine/qemu-engine.ts";
import type { QemuMemory } from "../../host-sim/engine/qemu-memory.ts";
import { AID, Counter, VERIFY_4 } from "../../host-sim/scenario/counter.ts";

const VERIFICATIONS = 1000;
/** A typist in a hurry: a key is down for 60 ms. */
const KEY_MS = 80;
const RIGHT = "1357E";

export interface Endurance {
  readonly heapPeakBytes: number;
  /** Of the heap in use, from the idle page after the start to the end. */
  readonly heapGrowthBytes: number;
  readonly worstStepMs: number;
  readonly virtualOverReal: number;
}

/** Reads the board's meter whenever a step ends. */
class StepMeter {
  last: BoardCost | undefined;
  worst = 0;

  readonly observe = (memory: QemuMemory, request: string): void => {
    if (!request.startsWith("idle")) return;
    const cost = readCost(memory);
    // What lies before the first is the start.
    if (this.last !== undefined)
      this.worst = Math.max(this.worst, cost.instructions - this.last.instructions);
    this.last = cost;
  };

  get now(): BoardCost {
    if (this.last === undefined) throw new Error("the board has not come to its first idle");
    return this.last;
  }
}

export function endure(count = VERIFICATIONS, image = builtQemu("open")): Endurance {
  const meter = new StepMeter();
  const counter = new Counter({
    engine: "qemu",
    images: { qemu: { ...image, observe: meter.observe } },
  });
  const { simulator } = counter;
  simulator.world.recorder.keep = false;
  simulator.runFor(200);
  const startBytes = meter.now.heapBytes;
  const [realMs, startNs] = [performance.now(), simulator.nowNs];
  counter.start().insert("mynumber").select(AID.jpki, "0018");
  for (let i = 0; i < count; i++) {
    const status = counter.secure(VERIFY_4, RIGHT, KEY_MS);
    if (status !== "9000") throw new Error(`verification ${i + 1} ended ${status}`);
  }
  const virtualOverReal = (simulator.nowNs - startNs) / 1e6 / (performance.now() - realMs);
  const { heapBytes, heapPeakBytes } = meter.now;
  simulator.close();
  return {
    heapPeakBytes,
    heapGrowthBytes: heapBytes - startBytes,
    worstStepMs: meter.worst / INSTRUCTIONS_PER_MS,
    virtualOverReal,
  };
}
