/**
 * Packs Lua 5.4 bytecode for a board that runs it where it lies: instructions and upvalue descriptions aligned as the virtual
 * machine reads them, every string once (read back by board/mps2-an386/program-loader.c). Source lines stay on the host.
 *
 *   words, little endian: magic, string count, {length, bytes, padding}*, function
 *   function: parameters | vararg << 8 | stack << 16 | upvalues << 24, count, instruction*, {0, instack | index << 8 | kind << 16}*,
 *             count, {tag, value}*, count, function*      value: 2 words of a number, 1 of a string's index, 0 of nil, false, true
 */
import type { LuaFunction } from "./luac-file.ts";

/** "MLUA" */
const MAGIC = 0x41554c4d;

/** Variant tags of constants (lobject.h). */
const INTEGER = 0x03;
const FLOAT = 0x13;
const SHORT_STRING = 0x04;

class Words {
  private readonly list: number[] = [];

  add(...words: number[]): void {
    this.list.push(...words);
  }

  bytes(): Buffer {
    const made = Buffer.alloc(this.list.length * 4);
    this.list.forEach((word, index) => made.writeUInt32LE(word >>> 0, index * 4));
    return made;
  }
}

class Strings {
  readonly all: Buffer[] = [];
  private readonly indices = new Map<string, number>();

  indexOf(text: Buffer): number {
    const key = text.toString("latin1");
    const known = this.indices.get(key);
    if (known !== undefined) return known;
    this.indices.set(key, this.all.length);
    this.all.push(text);
    return this.all.length - 1;
  }
}

function packConstants(from: LuaFunction, into: Words, strings: Strings): void {
  into.add(from.constants.length);
  for (const { tag, bytes } of from.constants) {
    if (tag === INTEGER || tag === FLOAT) into.add(tag, bytes.readUInt32LE(0), bytes.readUInt32LE(4));
    else if ((tag & 0x0f) === SHORT_STRING) into.add(SHORT_STRING, strings.indexOf(bytes));
    else into.add(tag);
  }
}

function packFunction(from: LuaFunction, into: Words, strings: Strings): void {
  const { parameters, vararg, stack, upvalues, code, functions } = from;
  into.add(parameters | (vararg << 8) | (stack << 16) | (upvalues.length << 24));
  into.add(code.length, ...code);
  for (const { inStack, index, kind } of upvalues) into.add(0, inStack | (index << 8) | (kind << 16));
  packConstants(from, into, strings);
  into.add(functions.length);
  for (const one of functions) packFunction(one, into, strings);
}

function packStrings(strings: Strings): Buffer {
  const parts = strings.all.map((text) => {
    const padded = Buffer.alloc(4 + Math.ceil(text.length / 4) * 4);
    padded.writeUInt32LE(text.length);
    text.copy(padded, 4);
    return padded;
  });
  return Buffer.concat(parts);
}

/** The program as the board's loader takes it. */
export function packProgram(main: LuaFunction): Buffer {
  const strings = new Strings();
  const body = new Words();
  packFunction(main, body, strings);
  const head = new Words();
  head.add(MAGIC, strings.all.length);
  return Buffer.concat([head.bytes(), packStrings(strings), body.bytes()]);
}

/** Bytes that each function takes, those inside it apart, in the order of `numberedFunctions`; and the strings of all. */
export function packedBytes(main: LuaFunction): {
  readonly functions: readonly number[];
  readonly strings: number;
} {
  const strings = new Strings();
  const functions = numberedFunctions(main).map((one) => {
    const words = new Words();
    packFunction({ ...one, functions: [] }, words, strings);
    return words.bytes().length;
  });
  return { functions, strings: packStrings(strings).length };
}

/** Every function in the order in which the loader numbers them: each before those inside it. */
export function numberedFunctions(main: LuaFunction): LuaFunction[] {
  return [main, ...main.functions.flatMap(numberedFunctions)];
}
