/** The engines by name: one table that the command line, the scenarios and the tests share. */
import type { PeripheralBus } from "../../hal/bus.ts";
import type { Engine, ImageOptions } from "./engine.ts";
import { checkEspruino, startEspruino, type EspruinoImage } from "./espruino-engine.ts";
import { checkLua, startLua, type LuaImage } from "./lua-engine.ts";
import { NodeEngine } from "./node-engine.ts";
import { checkQemu, startQemu, type QemuImage } from "./qemu-engine.ts";

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
  /** Throws `EngineMissing` when something that it needs is not here. */
  check(images: EngineImages): void;
  /** Boots the image. Throws `EngineMissing` and `EngineFailure`. */
  start(bus: PeripheralBus, options: ImageOptions, images: EngineImages): Engine;
}

const ENGINES: Readonly<Record<EngineName, EngineKind>> = {
  node: { check: () => undefined, start: (bus, options) => new NodeEngine(bus, options) },
  lua: {
    check: ({ lua }) => checkLua(lua),
    start: (bus, options, { lua }) => startLua(bus, options, lua),
  },
  qemu: {
    check: ({ qemu }) => checkQemu(qemu),
    start: (bus, options, { qemu }) => startQemu(bus, options, qemu),
  },
  espruino: {
    check: ({ espruino }) => checkEspruino(espruino),
    start: (bus, options, { espruino }) => startEspruino(bus, options, espruino),
  },
};

/** Throws `EngineMissing` when the engine cannot be started here. */
export function checkEngine(name: EngineName, images: EngineImages = {}): void {
  ENGINES[name].check(images);
}

/** Boots the bench image on `bus`. Throws `EngineMissing` and `EngineFailure`. */
export function startEngine(
  name: EngineName,
  bus: PeripheralBus,
  options: ImageOptions,
  images: EngineImages = {},
): Engine {
  return ENGINES[name].start(bus, options, images);
}
