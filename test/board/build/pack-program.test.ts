import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { readLuac, type LuaFunction } from "../../../board/build/luac-file.ts";
import { numberedFunctions, packProgram } from "../../../board/build/pack-program.ts";
import { luac, PROGRAM } from "./luac-program.ts";

const test = suite("packed programs");

/** The layout at the head of pack-program.ts, read back as program-loader.c does. */
class Unpacker {
  private at = 0;
  private readonly strings: string[] = [];

  constructor(private readonly packed: Buffer) {
    is(this.packed.subarray(0, 4).toString("latin1"), "MLUA");
    this.at = 4;
    for (let count = this.word(); count > 0; count--) {
      const length = this.word();
      this.strings.push(this.packed.subarray(this.at, this.at + length).toString("latin1"));
      this.at += Math.ceil(length / 4) * 4;
    }
  }

  get left(): number {
    return this.packed.length - this.at;
  }

  get texts(): readonly string[] {
    return this.strings;
  }

  unpack(): object {
    const shape = this.word();
    const code = this.list(() => this.word());
    const upvalues = Array.from({ length: shape >>> 24 }, () => [this.word(), this.word()]);
    const constants = this.list(() => this.constant());
    const functions = this.list(() => this.unpack());
    const [parameters, vararg, stack] = [shape & 255, (shape >> 8) & 255, (shape >> 16) & 255];
    return { parameters, vararg, stack, code, upvalues, constants, functions };
  }

  private constant(): unknown {
    const tag = this.word();
    if (tag === 0x04) return this.strings[this.word()];
    if (tag !== 0x03 && tag !== 0x13) return tag;
    return [tag, this.word(), this.word()];
  }

  private list<T>(one: () => T): T[] {
    return Array.from({ length: this.word() }, one);
  }

  private word(): number {
    this.at += 4;
    return this.packed.readUInt32LE(this.at - 4);
  }
}

/** The same from what luac has written. */
function expected(from: LuaFunction): object {
  const { parameters, vararg, stack, code } = from;
  const upvalues = from.upvalues.map((one) => [0, one.inStack + 256 * one.index + 65536 * one.kind]);
  const constants = from.constants.map(({ tag, bytes }) => {
    if ((tag & 15) === 4) return bytes.toString("latin1");
    return bytes.length === 8 ? [tag, bytes.readUInt32LE(0), bytes.readUInt32LE(4)] : tag;
  });
  const functions = from.functions.map(expected);
  return { parameters, vararg, stack, code, upvalues, constants, functions };
}

const MAIN = readLuac(luac(PROGRAM));

test("a packed program holds what luac has written, and nothing else", () => {
  const unpacker = new Unpacker(packProgram(MAIN));
  equal(unpacker.unpack(), expected(MAIN));
  is(unpacker.left, 0);
});

test("every string stands there once", () => {
  const { texts } = new Unpacker(packProgram(MAIN));
  equal([...texts].sort(), ["long ".repeat(20), "short"].sort());
});

test("strings that are cut into words keep their zeros and their high bytes", () => {
  for (const text of ["", "a", "abc", "abcd", String.raw`\0\0`, String.raw`\255\0x`]) {
    const unpacker = new Unpacker(packProgram(readLuac(luac(`return "${text}"`))));
    const bytes = text.replaceAll(/\\(\d+)/g, (_, code) => String.fromCharCode(Number(code)));
    equal(unpacker.texts, [bytes]);
    unpacker.unpack();
    is(unpacker.left, 0);
  }
});

test("nil, true and false among the constants", () => {
  const main = readLuac(luac("local a = ...; return a == nil, a.x == true, { k = false }, { k = nil }"));
  const tags = main.constants.map(({ tag }) => tag);
  ok(
    tags.some((tag) => [0x00, 0x01, 0x11].includes(tag)),
    tags.join(),
  );
  equal(new Unpacker(packProgram(main)).unpack(), expected(main));
});

test("functions are numbered each before those inside it", () => {
  equal(
    numberedFunctions(MAIN).map(({ firstLine }) => firstLine),
    [0, 3, 5, 10],
  );
});

test("the same program is packed to the same bytes", () => {
  equal(packProgram(readLuac(luac(PROGRAM))), packProgram(MAIN));
});

test.run();
