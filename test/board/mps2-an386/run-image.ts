/** Runs an image of the reference board that says everything on its log, with nothing on its bus. */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { mapLog } from "../../../host-sim/engine/board-log.ts";
import { EMULATOR, emulatorArguments } from "../../../host-sim/engine/qemu-engine.ts";

/** The emulator's, about a chip that this board does not use. */
const ABOUT_NETWORK = /^qemu-system-arm: warning: nic .*\n/gm;

export interface BoardRun {
  /** UART 0, with lines of TypeScript where the image has a map of them. */
  readonly log: string;
  /** What the board ended with; undefined when it was ended by the limit. */
  readonly status: number | undefined;
}

/** `words` are those of its command line. */
export function runImage(elf: string, words: readonly string[] = [], limitS = 60): BoardRun {
  const folder = mkdtempSync(path.join(tmpdir(), "madoguchi-board-"));
  const logPath = path.join(folder, "log");
  const [bus, log] = [openSync(path.join(folder, "bus"), "w"), openSync(logPath, "w")];
  try {
    const stdio = ["ignore", bus, log] as const;
    const args = emulatorArguments(elf, words);
    const { status } = spawnSync(EMULATOR, args, { stdio: [...stdio], timeout: limitS * 1000 });
    const lines = elf.replace(/\.elf$/, ".lines");
    const said = readFileSync(logPath, "latin1").replaceAll(ABOUT_NETWORK, "");
    return { log: mapLog(said, lines), status: status ?? undefined };
  } finally {
    closeSync(bus);
    closeSync(log);
    rmSync(folder, { recursive: true });
  }
}
