/** The message of the failure of an engine that `action` must end with. */
import { instance } from "uvu/assert";
import { EngineFailure } from "../../../host-sim/engine/engine.ts";

export function failureOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    instance(error, EngineFailure);
    return error instanceof Error ? error.message : "";
  }
  throw new Error("nothing was thrown");
}
