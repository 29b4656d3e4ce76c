/** The program in program memory: what luac has written, as objects that Lua can work with, and that nothing can write. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { readLuac, type LuaFunction } from "../../../board/build/luac-file.ts";
import { withConstants } from "../../../board/build/lua-operands.ts";
import { luaHash, numberedFunctions, packedBytes } from "../../../board/build/pack-program.ts";
import { symbolsOf } from "../../../host-sim/engine/qemu-memory.ts";
import { runImage } from "./run-image.ts";
import { buildProgram } from "./test-images.ts";

const test = suite("the program in program memory");
let elf = "";
test.before(async () => {
  elf = await buildProgram("strings");
});

/** Black and old (lgc.h): no collector looks at it. */
const MARKED = 0x24;
const FUNCTION = 0x0a;
const SHORT = 0x04;
const LONG = 0x14;
const COLLECTABLE = 0x40;

interface FlashFunction {
  readonly parameters: number;
  readonly vararg: number;
  readonly stack: number;
  readonly upvalues: readonly unknown[];
  readonly constants: readonly unknown[];
  readonly code: readonly number[];
  readonly functions: readonly FlashFunction[];
}

/** Program memory, read as Lua 5.4's structs with 4-byte addresses (lobject.h). */
class Flash {
  private readonly bytes: Buffer;
  private readonly symbols = symbolsOf(elf);
  /** Addresses of all strings that constants refer to. */
  readonly strings = new Set<number>();

  constructor() {
    const file = elf.replace(/\.elf$/, ".flash");
    execFileSync("arm-none-eabi-objcopy", ["-O", "binary", elf, file]);
    this.bytes = readFileSync(file);
  }

  address(symbol: string): number {
    return this.symbols.get(symbol) ?? NaN;
  }

  word(at: number): number {
    return this.bytes.readUInt32LE(at);
  }

  byte(at: number): number {
    return this.bytes.readUInt8(at);
  }

  function(at: number, number = { next: 0 }): FlashFunction {
    this.checkObject(at, FUNCTION);
    equal([this.word(at + 40), this.word(at + 44)], [number.next, number.next]);
    number.next++;
    // Lines, names of variables, source, list of the collector.
    for (const field of [24, 32, 36, 64, 68, 72, 76, 80]) is(this.word(at + field), 0);
    return {
      parameters: this.byte(at + 6),
      vararg: this.byte(at + 7),
      stack: this.byte(at + 8),
      upvalues: this.list(at + 12, at + 60, 8, (one) => [this.word(one), this.word(one + 4)]),
      constants: this.list(at + 16, at + 48, 16, (one) => this.constant(one)),
      code: this.list(at + 20, at + 52, 4, (one) => this.word(one)),
      functions: this.list(at + 28, at + 56, 4, (one) => this.function(this.word(one), number)),
    };
  }

  string(at: number): string {
    this.strings.add(at);
    const tag = this.byte(at + 4);
    this.checkObject(at, tag);
    const length = tag === SHORT ? this.byte(at + 7) : this.word(at + 12);
    const text = this.bytes.subarray(at + 16, at + 16 + length);
    is(tag, length > 40 ? LONG : SHORT);
    is(this.byte(at + 6), tag === LONG ? 1 : 0, "a long one's hash is known");
    is(this.byte(at + 16 + length), 0);
    is(this.word(at + 8), luaHash(text));
    return text.toString("latin1");
  }

  /** All strings that are found by their hash, list by list. */
  lists(): number[] {
    const mask = this.word(this.address("program_strings_mask"));
    return Array.from({ length: mask + 1 }, (_, list) => {
      const found: number[] = [];
      const head = this.address("program_strings") + 4 * list;
      for (let at = this.word(head); at !== 0; at = this.word(at + 12)) {
        is(this.word(at + 8) & mask, list);
        found.push(at);
      }
      return found;
    }).flat();
  }

  private checkObject(at: number, tag: number): void {
    is(at % 4, 0);
    equal([this.word(at), this.byte(at + 4), this.byte(at + 5)], [0, tag, MARKED]);
  }

  private constant(at: number): unknown {
    is(at % 8, 0);
    const tag = this.byte(at + 8);
    if ((tag & COLLECTABLE) === 0) return [tag, this.word(at), this.word(at + 4)];
    is(tag, this.byte(this.word(at) + 4) | COLLECTABLE);
    return this.string(this.word(at));
  }

  private list<T>(count: number, first: number, size: number, one: (at: number) => T): T[] {
    return Array.from({ length: this.word(count) }, (_, index) => one(this.word(first) + size * index));
  }
}

/** Whether `there` is `from` as luac has written it, but for constants of others between its own. */
function compare(there: FlashFunction, from: LuaFunction): void {
  const upvalues = from.upvalues.map((one) => [0, one.inStack + 256 * one.index + 65536 * one.kind]);
  const constants = from.constants.map(({ tag, bytes }) => {
    if ((tag & 15) === 4) return bytes.toString("latin1");
    return bytes.length === 8 ? [tag, bytes.readUInt32LE(0), bytes.readUInt32LE(4)] : [tag, 0, 0];
  });
  const positions = constants.map((one) => positionIn(there.constants, one));
  ok(!positions.includes(-1));
  equal(there.code, withConstants(from.code, positions));
  equal([there.parameters, there.vararg, there.stack], [from.parameters, from.vararg, from.stack]);
  equal(there.upvalues, upvalues);
  is(there.functions.length, from.functions.length);
  there.functions.forEach((inside, index) => compare(inside, from.functions[index]!));
}

/** The last: functions find what was added last. */
function positionIn(constants: readonly unknown[], wanted: unknown): number {
  const text = JSON.stringify(wanted);
  return constants.findLastIndex((one) => JSON.stringify(one) === text);
}

function main(): LuaFunction {
  return readLuac(readFileSync(elf.replace(/\.elf$/, ".luac")));
}

test("every function lies there as luac has written it, and can be told by its number", () => {
  const flash = new Flash();
  compare(flash.function(flash.address("program_functions")), main());
});

test("every short string lies there once, and its hash leads to it", () => {
  const flash = new Flash();
  flash.function(flash.address("program_functions"));
  const short = [...flash.strings].filter((at) => flash.byte(at + 4) === SHORT);
  const texts = short.map((at) => flash.string(at));
  is(new Set(texts).size, texts.length);
  const sorted = (list: readonly number[]): number[] => [...list].sort((one, other) => one - other);
  equal(sorted(flash.lists()), sorted(short));
  ok(flash.strings.size > short.length);
});

test("what is counted as program memory is what the compiler has made, but for gaps", () => {
  const object = elf.replace(/\.elf$/, ".program.o");
  const size = execFileSync("arm-none-eabi-size", [object], { encoding: "utf8" });
  const made = Number(/^\s+(\d+)/m.exec(size)?.[1]);
  const { functions, constants, strings } = packedBytes(main());
  const counted = functions.reduce((sum, bytes) => sum + bytes, constants + strings);
  // The mask of the lists, and where 8 bytes are wanted.
  ok(made >= counted && made <= counted + 16, `${made}, ${counted}`);
  is(functions.length, numberedFunctions(main()).length);
});

const SAME = [
  "a name: 1",
  "a native's name: 2",
  "a metamethod's name: 3",
  "the error's text: 4",
  "a long text: 5",
  "a name that is nowhere: nil",
  "a type's name: true",
  "an inherited value: 6",
  "a native: true",
];

test("a string made at run time is the program's own, before and after thousands came and went", () => {
  const { log, status } = runImage(elf, ["compare"]);
  const made = ["made: 1500", "made: 1500", "made: 1500"];
  equal(log.trimEnd().split("\n"), [...SAME, ...made, ...SAME, "exhausted: true", "kinds: 10"]);
  is(status, 0);
});

/** MMARVALID and DACCVIOL (DDI 0403E, B3.2.15). */
test("a write to one of its objects is told, and resets the board", () => {
  const { log } = runImage(elf, ["write"]);
  match(log, /^fault: pc [0-9a-f]{8} lr [0-9a-f]{8} cfsr 00000082 /);
  match(log, /\nreset: 2\n$/);
  not.match(log, /error/);
});

test.run();
