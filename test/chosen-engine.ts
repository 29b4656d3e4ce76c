/** The engine that runs the firmware in bench, scenarios and stock-software tests: `ENGINE=qemu make bench`. */
import { ENGINE_NAMES, type EngineName } from "../host-sim/engine/engines.ts";

function chosen(): EngineName {
  const name = process.env["ENGINE"] ?? "node";
  const found = ENGINE_NAMES.find((one) => one === name);
  if (found === undefined) throw new Error(`ENGINE is ${name}, none of ${ENGINE_NAMES.join(", ")}`);
  return found;
}

export const ENGINE = chosen();
