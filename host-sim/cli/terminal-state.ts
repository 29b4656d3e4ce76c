/** What `state` answers and the text view shows: the terminal as somebody standing before it sees and hears it. */
import { BOARD } from "../../board/mps2-an386/pins.ts";
import type { ResetRecord } from "../../hal/watchdog.ts";
import { partName, reasonName, resetText } from "../world/reset-name.ts";
import type { Simulator } from "../world/simulator.ts";
import type { World } from "../world/world.ts";

export type LampState = Readonly<Record<"slot" | "secureEntry" | "status", boolean>>;

export function lampsOf(world: World): LampState {
  const lit = (mask: number): boolean => (world.outputs & mask) !== 0;
  const { slot, secureEntry, status } = BOARD.lamps;
  return { slot: lit(slot), secureEntry: lit(secureEntry), status: lit(status) };
}

/** The latest tone that began, in Hz, 0 before the first; and how many there were. */
export class ToneEar {
  lastHz = 0;
  count = 0;

  constructor(world: World) {
    world.recorder.onEvent((event) => {
      if (event.channel !== "tone" || event.value === 0 || typeof event.value !== "number") return;
      this.lastHz = event.value;
      this.count++;
    });
  }
}

/** What was done to the terminal from outside: by `power`, `case`, `casekey` and `line`. */
export function handledOf(
  simulator: Simulator,
): Readonly<Record<"power" | "case" | "caseKey", string>> & { readonly plugged: boolean } {
  const { backup, line } = simulator.world;
  return {
    power: simulator.isPowered() ? "on" : "off",
    case: backup.isCaseOpened() ? "opened" : "closed",
    caseKey: simulator.world.isCaseKeyTurned() ? "service" : "off",
    plugged: line.isPlugged(),
  };
}

/** Why the terminal started last, by name. */
export function lastResetOf({ lastReset }: World): { reason: string; part: string } {
  return { reason: reasonName(lastReset.reason), part: partName(lastReset.part) };
}

/** What to tell somebody who sees the terminal start again. */
export function restartText(reset: ResetRecord): string {
  return `${resetText(reset)}. {"do":"state"} tells lastReset; a run with --trace FILE shows what came before it`;
}

/** Complaints can be many: only the latest are told, with the number of all. */
const TOLD_COMPLAINTS = 20;

export function complaintsOf(world: World): { complaints: string[]; complaintCount: number } {
  return { complaints: world.complaints.slice(-TOLD_COMPLAINTS), complaintCount: world.complaints.length };
}
