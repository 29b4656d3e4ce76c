/**
 * One list of constants for all functions of a program. An operand reaches 256 constants from where its function's begin, and
 * functions that follow each other mostly name the same ones: each function begins as far behind as it can and adds what it does
 * not find there.
 */
import type { LuaConstant } from "./luac-file.ts";

/** What an operand of 8 bits reaches. */
const WINDOW = 256;

/** Where a function finds its constants: `positions[n]` counts from `at`. */
export interface PlacedConstants {
  readonly at: number;
  readonly count: number;
  readonly positions: readonly number[];
}

function keyOf({ tag, bytes }: LuaConstant): string {
  return `${tag} ${bytes.toString("latin1")}`;
}

export class SharedConstants {
  readonly all: LuaConstant[] = [];
  private readonly lastAt = new Map<string, number>();

  place(constants: readonly LuaConstant[]): PlacedConstants {
    if (constants.length > WINDOW) return this.placeApart(constants);
    const at = this.windowFor(constants);
    for (const one of constants) if (!this.isBehind(one, at)) this.add(one);
    const positions = constants.map((one) => (this.lastAt.get(keyOf(one)) ?? NaN) - at);
    return { at, count: Math.max(0, ...positions.map((position) => position + 1)), positions };
  }

  /** Room for those that are missing is made at the window's begin, where some may get lost that were there. */
  private windowFor(constants: readonly LuaConstant[]): number {
    let at = Math.max(0, this.all.length - WINDOW);
    for (;;) {
      const missing = constants.filter((one) => !this.isBehind(one, at)).length;
      const next = Math.max(at, this.all.length + missing - WINDOW);
      if (next === at) return at;
      at = next;
    }
  }

  /** In the order of the function: its code was made for it. */
  private placeApart(constants: readonly LuaConstant[]): PlacedConstants {
    const at = this.all.length;
    for (const one of constants) this.add(one);
    return { at, count: constants.length, positions: constants.map((_, position) => position) };
  }

  private isBehind(one: LuaConstant, at: number): boolean {
    return (this.lastAt.get(keyOf(one)) ?? -1) >= at;
  }

  private add(one: LuaConstant): void {
    this.lastAt.set(keyOf(one), this.all.length);
    this.all.push(one);
  }
}
