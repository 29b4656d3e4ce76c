/** What a terminal remembers without power, as bytes: both chips of one instant, which belong together. */
import { BACKUP_BYTES } from "../chip/backup-memory.ts";
import { FRAM_BYTES } from "../chip/fram.ts";
import type { World } from "./world.ts";

export interface TerminalMemory {
  /** `FRAM_BYTES` */
  readonly fram: Uint8Array;
  /** `KEPT_BACKUP_BYTES`: the bytes, and one more for the latch of the case. */
  readonly backup: Uint8Array;
}

export const KEPT_BACKUP_BYTES = BACKUP_BYTES + 1;

/** As it left the factory. */
export const BLANK_MEMORY: TerminalMemory = {
  fram: new Uint8Array(FRAM_BYTES),
  backup: new Uint8Array(KEPT_BACKUP_BYTES),
};

/** With power or without. */
export function saveMemory({ fram, backup }: World): TerminalMemory {
  return { fram: fram.save(), backup: backup.save() };
}

/** Before the first boot. */
export function loadMemory(world: World, memory: TerminalMemory): void {
  world.fram.load(memory.fram);
  world.backup.load(memory.backup);
}

export function sameMemory(a: TerminalMemory, b: TerminalMemory): boolean {
  return Buffer.compare(a.fram, b.fram) === 0 && Buffer.compare(a.backup, b.backup) === 0;
}
