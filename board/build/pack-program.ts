/**
 * Writes Lua 5.4 bytecode as a C file for a board that runs it where it lies: the objects that the virtual machine works with,
 * in the words of board/mps2-an386/program-image.h, so that the compiler lays them out and the linker knows where they are. Every
 * string stands there once and is found by its hash; neighbours share their constants. Source lines stay on the host.
 */
import { withConstants } from "./lua-operands.ts";
import type { LuaConstant, LuaFunction, LuaUpvalue } from "./luac-file.ts";
import { SharedConstants } from "./shared-constants.ts";

/** Variant tags of constants (lobject.h). */
const INTEGER = 0x03;
const FLOAT = 0x13;

/** A longer one is not unique (LUAI_MAXSHORTLEN). */
const SHORT_MOST = 40;

/** What objects take on the board; program-image.h asserts the first four. */
export const BYTES = { function: 84, constant: 16, upvalue: 8, string: 16, instruction: 4, address: 4 };

/** luaS_hash of lstring.c, with a seed of 0. */
export function luaHash(text: Uint8Array): number {
  let hash = text.length;
  for (let at = text.length - 1; at >= 0; at--) {
    const mixed = (hash << 5) + (hash >>> 2) + (text[at] ?? 0);
    hash = (hash ^ mixed) >>> 0;
  }
  return hash;
}

/** Text as a C literal. A question mark may begin a trigraph. */
function literal(text: Buffer): string {
  const escaped = Array.from(text, (byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && !'"\\?'.includes(String.fromCharCode(byte));
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${escaped.join("")}"`;
}

function isString({ tag }: LuaConstant): boolean {
  return (tag & 0x0f) === 0x04;
}

/** A program makes few strings at run time: four to be compared with each are cheaper than the memory of shorter lists. */
const STRINGS_OF_LIST = 4;

/** How many lists `count` strings are kept in: a power of two. */
function listsFor(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(count / STRINGS_OF_LIST, 1)));
}

/** Every string of the program, once. */
class Strings {
  readonly all: Buffer[] = [];
  private readonly indices = new Map<string, number>();

  constructor(main: LuaFunction) {
    for (const { constants } of numberedFunctions(main))
      for (const one of constants) if (isString(one)) this.add(one.bytes);
  }

  /** The constant of a function. */
  constant(text: Buffer): string {
    const kind = text.length > SHORT_MOST ? "LONG" : "SHORT";
    return `CONSTANT_${kind}(s${this.indices.get(text.toString("latin1"))})`;
  }

  /** Lists by hash; each string refers to the one before it in its list. */
  lines(): string[] {
    const lengths = [...new Set(this.all.map(({ length }) => length))].sort((one, other) => one - other);
    const lists = Array.from({ length: listsFor(this.all.length) }, () => "NULL");
    const definitions = this.all.map((text, index) => {
      const head = this.head(text, `&s${index}`, lists);
      return `static const struct string_${text.length} s${index} = {${head}, .contents = ${literal(text)}};`;
    });
    return [
      ...lengths.map((length) => `PROGRAM_STRING(${length});`),
      ...definitions,
      `const uint32_t program_strings_mask = ${lists.length - 1};`,
      ...array(
        "const TString *const program_strings",
        lists.map((one) => (one === "NULL" ? one : `(const TString *)${one}`)),
      ),
    ];
  }

  bytes(): number {
    const words = this.all.map(({ length }) => BYTES.string + 4 * Math.ceil((length + 1) / 4));
    const lists = listsFor(this.all.length) * BYTES.address;
    return words.reduce((sum, one) => sum + one, lists);
  }

  private add(text: Buffer): void {
    const key = text.toString("latin1");
    if (this.indices.has(key)) return;
    this.indices.set(key, this.all.length);
    this.all.push(text);
  }

  private head(text: Buffer, address: string, lists: string[]): string {
    const hash = luaHash(text);
    const hex = `0x${hash.toString(16)}`;
    if (text.length > SHORT_MOST) return `LONG(${text.length}, ${hex})`;
    const list = hash % lists.length;
    const after = lists[list] ?? "NULL";
    lists[list] = address;
    return `SHORT(${text.length}, ${hex}, ${after})`;
  }
}

function array(declaration: string, elements: readonly string[]): string[] {
  return [`${declaration}[${elements.length}] = {`, ...elements.map((one) => `  ${one},`), "};"];
}

/** The arrays that functions have parts of, and the functions. */
class Functions {
  /** What each takes, those inside it and its constants apart. */
  readonly bytes: number[] = [];
  readonly constants = new SharedConstants();
  private readonly code: string[] = [];
  private readonly upvalues: string[] = [];
  private readonly upvaluesAt = new Map<string, number>();
  private readonly inside: string[] = [];
  private readonly functions: string[] = [];

  constructor(main: LuaFunction) {
    this.add(main);
  }

  lines(strings: Strings): string[] {
    const constants = this.constants.all.map((one) => constant(one, strings));
    return [
      ...array("static const Instruction code", this.code),
      ...array("static const Upvaldesc upvalues", this.upvalues),
      ...array("static const TValue constants", constants),
      ...array("static const Proto *const inside", this.inside),
      ...array("const Proto program_functions", this.functions),
    ];
  }

  /** @returns its number. */
  private add(from: LuaFunction): number {
    const number = this.functions.length;
    const { parameters, vararg, stack } = from;
    const shape = `.numparams = ${parameters}, .is_vararg = ${vararg}, .maxstacksize = ${stack}`;
    const { at, count, positions } = this.constants.place(from.constants);
    const before = this.upvalues.length;
    const parts = [
      part("CODE", this.code, withConstants(from.code, positions).map(hex)),
      this.upvaluesOf(from.upvalues.map(upvalue)),
      `CONSTANTS(${count}, ${at})`,
    ];
    const ownUpvalues = this.upvalues.length - before;
    this.functions.push("");
    this.bytes.push(
      BYTES.function +
        BYTES.instruction * from.code.length +
        BYTES.upvalue * ownUpvalues +
        BYTES.address * from.functions.length,
    );
    const inside = from.functions.map((one) => `&program_functions[${this.add(one)}]`);
    parts.push(part("INSIDE", this.inside, inside));
    this.functions[number] = `{FUNCTION(${number}), ${shape}, ${parts.join(", ")}}`;
    return number;
  }

  /** Methods of a class have the same variables from outside: each list stands there once. */
  private upvaluesOf(list: readonly string[]): string {
    const key = list.join();
    const at = this.upvaluesAt.get(key);
    if (at !== undefined) return `UPVALUES(${list.length}, ${at})`;
    this.upvaluesAt.set(key, this.upvalues.length);
    return part("UPVALUES", this.upvalues, list);
  }
}

function constant(one: LuaConstant, strings: Strings): string {
  if (isString(one)) return strings.constant(one.bytes);
  if (one.tag !== INTEGER && one.tag !== FLOAT) return `CONSTANT_OTHER(${one.tag})`;
  const kind = one.tag === INTEGER ? "INTEGER" : "FLOAT";
  return `CONSTANT_${kind}(0x${one.bytes.readBigUInt64LE().toString(16)}u)`;
}

/** Adds elements to what an array has; where they are. */
function part(name: string, all: string[], elements: readonly string[]): string {
  const at = all.length;
  all.push(...elements);
  return `${name}(${elements.length}, ${at})`;
}

function hex(word: number): string {
  return `0x${word.toString(16)}`;
}

function upvalue({ inStack, index, kind }: LuaUpvalue): string {
  return `{NULL, ${inStack}, ${index}, ${kind}}`;
}

/** The program as a C file. */
export function packProgram(main: LuaFunction): string {
  const strings = new Strings(main);
  const functions = new Functions(main).lines(strings);
  return `${['#include "program-image.h"', ...strings.lines(), ...functions].join("\n")}\n`;
}

/** Bytes that a packed program takes. */
export interface PackedBytes {
  /** Each function, those inside it apart, in the order of `numberedFunctions`. */
  readonly functions: readonly number[];
  /** What functions share. */
  readonly constants: number;
  readonly strings: number;
}

export function packedBytes(main: LuaFunction): PackedBytes {
  const { bytes, constants } = new Functions(main);
  return {
    functions: bytes,
    constants: BYTES.constant * constants.all.length,
    strings: new Strings(main).bytes(),
  };
}

/** Every function in the order of their numbers: each before those inside it. */
export function numberedFunctions(main: LuaFunction): LuaFunction[] {
  return [main, ...main.functions.flatMap(numberedFunctions)];
}
