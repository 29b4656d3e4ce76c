/** The engines by name: one table that the command line, the scenarios and the tests share. */
import type { PeripheralBus } from "../../hal/bus.ts";
import type { Engine, ImageMode, ImageOptions } from "./engine.ts";
import { checkEspruino, startEspruino, type EspruinoImage } from "./espruino-engine.ts";
import { builtLua, checkLua, startLua, type LuaImage } from "./lua-engine.ts";
import { NodeEngine } from "./node-engine.ts";
import { builtQemu, checkQemu, startQemu, type QemuImage } from "./qemu-engine.ts";

export const ENGINE_NAMES = ["node", "lua", "qemu", "espruino"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** Other programs than the built ones. */
export interface EngineImages {
  readonly lua?: LuaImage;
  readonly qemu?: QemuImage;
  readonly espruino?: EspruinoImage;
}

/** What an engine must do to be in the table. */
interface EngineKind {
  /** Throws `EngineMissing` when something that it needs for the image `mode` is not here. */
  check(mode: ImageMode, images: EngineImages): void;
  /** Boots the image. Throws `EngineMissing` and `EngineFailure`. */
  start(bus: PeripheralBus, options: ImageOptions, images: EngineImages): Engine;
}

const ENGINES: Readonly<Record<EngineName, EngineKind>> = {
  node: { check: () => undefined, start: (bus, options) => new NodeEngine(bus, options) },
  lua: {
    check: (mode, { lua }) => checkLua(lua ?? builtLua(mode)),
    start: (bus, options, { lua }) => startLua(bus, options, lua),
  },
  qemu: {
    check: (mode, { qemu }) => checkQemu(qemu ?? builtQemu(mode)),
    start: (bus, options, { qemu }) => startQemu(bus, options, qemu),
  },
  espruino: {
    check: (mode, { espruino }) => checkEspruino(mode, espruino),
    start: (bus, options, { espruino }) => startEspruino(bus, options, espruino),
  },
};

/** Throws `EngineMissing` when the engine cannot be started here with the image `mode`. */
export function checkEngine(name: EngineName, mode: ImageMode, images: EngineImages = {}): void {
  ENGINES[name].check(mode, images);
}

/** Boots an image on `bus`. Throws `EngineMissing` and `EngineFailure`. */
export function startEngine(
  name: EngineName,
  bus: PeripheralBus,
  options: ImageOptions,
  images: EngineImages = {},
): Engine {
  return ENGINES[name].start(bus, options, images);
}
