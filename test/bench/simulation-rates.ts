/** How fast the simulator runs whole PIN checks: insert, type, verify through Secure, remove. */
import { ENGINE } from "../chosen-engine.ts";
import { AID, Counter, VERIFY_4 } from "../../host-sim/scenario/counter.ts";

const WARM_UP = 60;
const RUNS = 5;
const CHECKS_PER_RUN = 80;

export interface SimulationRates {
  /** Virtual over real time. */
  readonly virtualOverReal: number;
  readonly checksPerSecond: number;
}

function check(counter: Counter): void {
  counter.insert("mynumber").select(AID.jpki, "0018");
  const status = counter.secure(VERIFY_4, "1357E");
  if (status !== "9000") throw new Error(`a check of the right PIN ended ${status} on page ${counter.page}`);
  counter.simulator.remove();
  counter.simulator.runFor(300);
}

/** The medians of several runs after a warm-up. */
export function simulationRates(): SimulationRates {
  const counter = new Counter({ engine: ENGINE }).start();
  counter.simulator.world.recorder.keep = false;
  for (let i = 0; i < WARM_UP; i++) check(counter);
  const runs = Array.from({ length: RUNS }, () => {
    const startMs = performance.now();
    const startNs = counter.simulator.nowNs;
    for (let i = 0; i < CHECKS_PER_RUN; i++) check(counter);
    const realMs = performance.now() - startMs;
    return { realMs, virtualMs: (counter.simulator.nowNs - startNs) / 1e6 };
  }).sort((a, b) => a.realMs - b.realMs);
  counter.simulator.close();
  const median = runs[Math.floor(RUNS / 2)]!;
  return {
    virtualOverReal: median.virtualMs / median.realMs,
    checksPerSecond: (CHECKS_PER_RUN * 1000) / median.realMs,
  };
}
