/** What `state` answers and the text view shows: the terminal as somebody standing before it sees and hears it. */
import { BOARD } from "../../board/mps2-an386/pins.ts";
import type { ResetRecord } from "../../hal/watchdog.ts";
import { partName, reasonName, resetText } from "../world/reset-name.ts";
import type { ImageMode } from "../engine/engine.ts";
import type { EngineName } from "../engine/engines.ts";
import { codeOfLanguage, type LanguageCode } from "../world/language-code.ts";
import type { Simulator } from "../world/simulator.ts";
import type { World } from "../world/world.ts";

export type LampState = Readonly<Record<"slot" | "secureEntry" | "status", boolean>>;

export function lampsOf(world: World): LampState {
  const lit = (mask: number): boolean => (world.outputs & mask) !== 0;
  const { slot, secureEntry, status } = BOARD.lamps;
  return { slot: lit(slot), secureEntry: lit(secureEntry), status: lit(status) };
}

/** What somebody sees who stands before a terminal. */
export interface TerminalSight {
  /** The page's name; `off` without power. */
  readonly page: string;
  readonly language: LanguageCode;
  readonly lamps: LampState;
  readonly power: string;
  readonly case: string;
  readonly caseKey: string;
  readonly plugged: boolean;
  readonly complaintCount: number;
}

/** And which terminal it is. */
export interface TerminalLook extends TerminalSight {
  /** In the slot, or "none". */
  readonly card: string;
  readonly line: string;
  readonly mode: ImageMode;
  readonly engine: EngineName;
  readonly pace: "none" | "real";
  readonly seed: number;
}

/** Without power the language is what it starts with, `lang`. */
export function sightOf(simulator: Simulator, lang: LanguageCode): TerminalSight {
  const { world } = simulator;
  const isOn = simulator.isPowered();
  return {
    page: isOn ? simulator.page() : "off",
    language: isOn ? codeOfLanguage(simulator.view().language) : lang,
    lamps: lampsOf(world),
    ...handledOf(simulator),
    complaintCount: world.complaints.length,
  };
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

/** Complaints can be many: only the latest are told, beside the number of all. */
const TOLD_COMPLAINTS = 20;

export function latestComplaints(world: World): string[] {
  return world.complaints.slice(-TOLD_COMPLAINTS);
}
