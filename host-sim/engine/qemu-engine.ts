/** An image on the reference board, executed by QEMU: the peripheral bus goes over its two FIFOs, as bytes. */
import { existsSync } from "node:fs";
import type { PeripheralBus } from "../../hal/bus.ts";
import { mapLog } from "./board-log.ts";
import { ChildLink, type ChildProgram } from "./child-link.ts";
import { EngineMissing, type Engine, type ImageMode, type ImageOptions } from "./engine.ts";
import { isOnPath } from "./on-path.ts";
import { QemuMemory } from "./qemu-memory.ts";
import { WireEngine } from "./wire-engine.ts";

/** What the emulator is given. Paths are relative to the project. */
export interface QemuImage {
  readonly elf: string;
  /** Called whenever the board waits for an answer, with its request by name and size: its memory can be looked at. */
  readonly observe?: (memory: QemuMemory, request: string) => void;
  /** How long it may take until it says something, in milliseconds of real time. */
  readonly silenceMs?: number;
}

const PROGRAMS: Readonly<Record<ImageMode, string>> = {
  open: "build/mps2-an386/madoguchi.elf",
  sealed: "build/mps2-an386/development.elf",
  town: "build/mps2-an386/town.elf",
};

export function builtQemu(mode: ImageMode): QemuImage {
  return { elf: PROGRAMS[mode] };
}

export const EMULATOR = "qemu-system-arm";
/** A step takes milliseconds, and a busy machine is no fault of the engine. */
const SILENCE_MS = 10_000;

/** Throws `EngineMissing` when something that the engine needs is not here. */
export function checkQemu({ elf }: QemuImage): void {
  if (!existsSync(elf))
    throw new EngineMissing(`engine qemu: ${elf} is missing; \`make build BOARD=mps2-an386\` makes it`);
  if (!isOnPath(EMULATOR))
    throw new EngineMissing(
      `engine qemu: ${EMULATOR} is missing; \`apt-get install qemu-system-arm\` brings it`,
    );
}

/**
 * 8 ns an instruction, which is a processor of 125 MHz at one instruction a cycle: the board's own time passes with its
 * instructions alone, so a run is the same every time. UART 0 is the log.
 */
export function emulatorArguments(elf: string, words: readonly string[]): string[] {
  const semihosting = ["enable=on", "target=native", ...words.map((word) => `arg=${word}`)].join(",");
  return [
    ...["-M", "mps2-an386", "-display", "none", "-monitor", "none", "-nodefaults", "-nic", "none"],
    ...["-chardev", "file,id=log,append=on,path=/dev/fd/2", "-serial", "chardev:log"],
    ...["-icount", "shift=3", "-semihosting-config", semihosting, "-kernel", elf],
  ];
}

/** The memory is opened with the first request: the program has set it up by then. */
function observer(link: ChildLink, { elf, observe }: QemuImage): ((request: string) => void) | undefined {
  if (observe === undefined) return undefined;
  let memory: QemuMemory | undefined;
  return (request) => {
    memory ??= new QemuMemory(link.pid ?? 0, elf);
    observe(memory, request);
  };
}

class BoardLink extends ChildLink {
  constructor(
    private readonly image: QemuImage,
    program: ChildProgram,
  ) {
    super(program);
  }

  override log(): string {
    return mapLog(super.log(), this.image.elf.replace(/\.elf$/, ".lines"));
  }
}

/** Throws `EngineMissing` and `EngineFailure`. */
export function startQemu(bus: PeripheralBus, options: ImageOptions, chosen?: QemuImage): Engine {
  const image = chosen ?? builtQemu(options.mode);
  checkQemu(image);
  const args = emulatorArguments(image.elf, [options.language, options.firewall]);
  const silenceMs = image.silenceMs ?? SILENCE_MS;
  const link = new BoardLink(image, { command: EMULATOR, args, silenceMs });
  return new WireEngine("qemu", bus, link, observer(link, image));
}
