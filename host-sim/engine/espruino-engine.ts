/**
 * The bench image on Espruino's interpreter (its Linux build, named by the environment variable ESPRUINO), booted from Storage in
 * a directory of its own, on the peripheral bus as bytes. Its directory is its flash: started again there it is the same device.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { PeripheralBus } from "../../hal/bus.ts";
import { ChildLink } from "./child-link.ts";
import { EngineFailure, EngineMissing, type Engine, type ImageMode, type ImageOptions } from "./engine.ts";
import { FLASH_FILE, flashWith, type RunFrom } from "./espruino-flash.ts";
import { WireEngine } from "./wire-engine.ts";

/** What the interpreter is given. Paths are relative to the project. */
export interface EspruinoImage {
  /** The bundle, ordered and shortened. */
  readonly program: string;
  readonly rom: string;
  /** The Linux build; what ESPRUINO names unless told otherwise. */
  readonly interpreter?: string;
  /** How long it may take until it says something, in milliseconds of real time. */
  readonly silenceMs?: number;
  /** A copy of what is in Storage unless told otherwise. */
  readonly runFrom?: RunFrom;
  /** The device's directory, which stays; without it one is made and removed. */
  readonly folder?: string;
}

export const BUILT_ESPRUINO: EspruinoImage = {
  program: "build/espruino/bus.min.js",
  rom: "build/rom/rom.bin",
};

/** Some ten thousand statements a second from Storage, and a busy machine is no fault of the engine. */
const SILENCE_MS = 30_000;

/** The interpreter's path. Throws `EngineMissing` when something that the engine needs is not here. */
function interpreterFor(image: EspruinoImage): string {
  const path = image.interpreter ?? process.env["ESPRUINO"] ?? "";
  if (path === "")
    throw new EngineMissing(
      "engine espruino: no interpreter; set ESPRUINO to the path of a Linux build of Espruino (2v29 or later)",
    );
  if (!existsSync(path)) throw new EngineMissing(`engine espruino: ESPRUINO names ${path}, which is missing`);
  for (const file of [image.program, image.rom])
    if (!existsSync(file))
      throw new EngineMissing(
        `engine espruino: ${file} is missing; \`make build\` in the project's folder makes it`,
      );
  return resolve(path);
}

/** Throws `EngineMissing` when something that the engine needs is not here, and for every image but the bench image. */
export function checkEspruino(mode: ImageMode, image: EspruinoImage = BUILT_ESPRUINO): void {
  if (mode !== "open")
    throw new EngineMissing(
      `engine espruino: the image of --mode ${mode} is not built for it yet; node, lua and qemu have it`,
    );
  interpreterFor(image);
}

/** A link whose directory goes with it. */
class DeviceLink extends ChildLink {
  constructor(
    interpreter: string,
    private readonly device: string,
    private readonly isOurs: boolean,
    silenceMs: number,
  ) {
    super({ command: interpreter, args: [], silenceMs, folder: device, bus: "descriptors" });
  }

  /** Without what the interpreter says of itself, and without the carriage returns of its console. */
  override log(): string {
    const text = super.log().replaceAll("\r", "").replaceAll("\u001b[J", "");
    return text.replace(/^espruino: .*\n/gm, "").trim();
  }

  override close(): void {
    super.close();
    if (this.isOurs) rmSync(this.device, { recursive: true, force: true });
  }
}

/** Throws `EngineMissing` and `EngineFailure`. */
export function startEspruino(
  bus: PeripheralBus,
  options: ImageOptions,
  image: EspruinoImage = BUILT_ESPRUINO,
): Engine {
  checkEspruino(options.mode, image);
  const interpreter = interpreterFor(image);
  const device = image.folder ?? mkdtempSync(join(tmpdir(), "madoguchi-espruino-"));
  try {
    const flash = join(device, FLASH_FILE);
    if (!existsSync(flash))
      writeFileSync(flash, flashWith(interpreter, image.program, image.runFrom ?? "copy"));
    copyFileSync(image.rom, join(device, "rom.bin"));
    writeFileSync(join(device, "options"), `${options.language} ${options.firewall}`);
  } catch (error) {
    throw new EngineFailure(`engine espruino: cannot make the device in ${device}: ${String(error)}`);
  }
  const isOurs = image.folder === undefined;
  const link = new DeviceLink(interpreter, device, isOurs, image.silenceMs ?? SILENCE_MS);
  return new WireEngine("espruino", bus, link);
}
