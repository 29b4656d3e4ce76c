/** An image compiled to Lua, in a lua5.4 process of its own, on the peripheral bus as bytes. */
import { existsSync } from "node:fs";
import type { PeripheralBus } from "../../hal/bus.ts";
import { ChildLink } from "./child-link.ts";
import { EngineMissing, type Engine, type ImageMode, type ImageOptions } from "./engine.ts";
import { isOnPath } from "./on-path.ts";
import { WireEngine } from "./wire-engine.ts";

/** What the interpreter is given. Paths are relative to the project. */
export interface LuaImage {
  readonly program: string;
  readonly rom: string;
  /** How long it may take until it says something, in milliseconds of real time. */
  readonly silenceMs?: number;
}

const PROGRAMS: Readonly<Record<ImageMode, string>> = {
  open: "build/lua/app.lua",
  sealed: "build/lua/development.lua",
  town: "build/lua/town.lua",
};

export function builtLua(mode: ImageMode): LuaImage {
  return { program: PROGRAMS[mode], rom: "build/rom/rom.bin" };
}

const INTERPRETER = "lua5.4";
const HOST = "board/lua/host.lua";
/** A step takes milliseconds, and a busy machine is no fault of the engine. */
const SILENCE_MS = 10_000;

/** Throws `EngineMissing` when something that the engine needs is not here. */
export function checkLua(lua: LuaImage): void {
  for (const path of [HOST, lua.program, lua.rom])
    if (!existsSync(path))
      throw new EngineMissing(
        `engine lua: ${path} is missing; \`make build\` in the project's folder makes it`,
      );
  if (!isOnPath(INTERPRETER))
    throw new EngineMissing(
      `engine lua: ${INTERPRETER} is missing; \`apt-get install ${INTERPRETER}\` brings it`,
    );
}

/** Throws `EngineMissing` and `EngineFailure`. */
export function startLua(bus: PeripheralBus, options: ImageOptions, image?: LuaImage): Engine {
  const lua = image ?? builtLua(options.mode);
  checkLua(lua);
  const args = [HOST, lua.program, lua.rom, options.language, options.firewall];
  const silenceMs = lua.silenceMs ?? SILENCE_MS;
  return new WireEngine("lua", bus, new ChildLink({ command: INTERPRETER, args, silenceMs }));
}
