/** The bench image compiled to Lua, in a lua5.4 process of its own, on the peripheral bus as bytes. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { BusEvents, PeripheralBus } from "../../hal/bus.ts";
import { BusDecoder, BusFault, encodeIdleAnswer, frameAnswer } from "./bus-decoder.ts";
import { ChildLink, LinkBroken } from "./child-link.ts";
import { EngineFailure, EngineMissing, type Engine, type ImageOptions } from "./engine.ts";

/** What the interpreter is given. Paths are relative to the project. */
export interface LuaImage {
  readonly program: string;
  readonly rom: string;
  /** How long it may take until it says something, in milliseconds of real time. */
  readonly silenceMs?: number;
}

export const BUILT_LUA: LuaImage = { program: "build/lua/app.lua", rom: "build/rom/rom.bin" };

const INTERPRETER = "lua5.4";
const HOST = "board/lua/host.lua";
/** A step takes milliseconds, and a busy machine is no fault of the engine. */
const SILENCE_MS = 10_000;

/** Throws `EngineMissing` when something that the engine needs is not here. */
export function checkLua(lua: LuaImage = BUILT_LUA): void {
  for (const path of [HOST, lua.program, lua.rom])
    if (!existsSync(path))
      throw new EngineMissing(
        `engine lua: ${path} is missing; \`make build\` in the project's folder makes it`,
      );
  if (spawnSync(INTERPRETER, ["-v"]).error !== undefined)
    throw new EngineMissing(
      `engine lua: ${INTERPRETER} is missing; \`apt-get install ${INTERPRETER}\` brings it`,
    );
}

export class LuaEngine implements Engine {
  private readonly decoder: BusDecoder;
  private readonly link: ChildLink;

  /** Throws `EngineMissing` and `EngineFailure`. */
  constructor(bus: PeripheralBus, options: ImageOptions, lua: LuaImage = BUILT_LUA) {
    checkLua(lua);
    this.decoder = new BusDecoder(bus);
    const args = [HOST, lua.program, lua.rom, options.language, options.firewall];
    this.link = new ChildLink({ command: INTERPRETER, args, silenceMs: lua.silenceMs ?? SILENCE_MS });
    this.runUntilIdle();
  }

  resume(events: BusEvents): number {
    return this.runUntilIdle(encodeIdleAnswer(events));
  }

  close(): void {
    this.link.close();
  }

  private runUntilIdle(first?: Uint8Array): number {
    try {
      if (first !== undefined) this.link.write(frameAnswer(first));
      for (;;) {
        const asked = this.decoder.obey();
        if (asked === undefined) this.decoder.take(this.link.read());
        else if (asked.kind === "idle") return asked.untilUs;
        else this.link.write(frameAnswer(asked.bytes));
      }
    } catch (error) {
      if (error instanceof LinkBroken || error instanceof BusFault) throw this.failure(error.message);
      throw error;
    }
  }

  /** Ends the child and tells what is known. The bus request is named without its bytes: they may be digits. */
  private failure(what: string): EngineFailure {
    const log = this.link.log();
    this.close();
    const last = `last bus request: ${this.decoder.lastRequest}`;
    return new EngineFailure(`engine lua ${what}; ${last}; log: ${log === "" ? "empty" : `\n${log}`}`);
  }
}
