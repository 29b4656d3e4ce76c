/**
 * The portable cases in a process whose bus brings hal/crypto.ts and nothing else of a world. The program's first `idle` is its
 * end.
 */
import { ChildLink, type ChildProgram } from "../../host-sim/engine/child-link.ts";
import { EngineFailure } from "../../host-sim/engine/engine.ts";
import { WireEngine } from "../../host-sim/engine/wire-engine.ts";
import { NullBus } from "../espruino/null-bus.ts";
import { casesOf, oneCheck, type PartResult } from "./result.ts";

export function runCasesOnBus(name: string, program: ChildProgram): PartResult {
  const link = new ChildLink(program);
  try {
    // Boots to the first idle.
    const engine = new WireEngine(name, new NullBus(), link);
    const result = casesOf(link.log());
    engine.close();
    return result;
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    return oneCheck(false, `${error.message}\n`);
  }
}
