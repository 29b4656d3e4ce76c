/** What `state` answers and the text view shows: the terminal as somebody standing before it sees and hears it. */
import { BOARD } from "../../board/mps2-an386/pins.ts";
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

/** Complaints can be many: only the latest are told, with the number of all. */
const TOLD_COMPLAINTS = 20;

export function complaintsOf(world: World): { complaints: string[]; complaintCount: number } {
  return { complaints: world.complaints.slice(-TOLD_COMPLAINTS), complaintCount: world.complaints.length };
}
