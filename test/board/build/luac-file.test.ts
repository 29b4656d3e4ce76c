import { suite } from "uvu";
import { equal, is, match, throws } from "uvu/assert";
import { readLuac, type LuaFunction } from "../../../board/build/luac-file.ts";
import { luac, PROGRAM } from "./luac-program.ts";

const test = suite("bytecode files");
const FILE = luac(PROGRAM);
const NOT_OURS = /^Error: no bytecode of Lua 5\.4/;
const [VERSION_AT, FORMAT_AT, INSTRUCTION_SIZE_AT, INTEGER_AT] = [4, 5, 12, 15];

function stringsOf({ constants }: LuaFunction): string[] {
  return constants.filter(({ tag }) => (tag & 15) === 4).map(({ bytes }) => bytes.toString("latin1"));
}

function messageFor(bytes: Buffer): string {
  try {
    readLuac(bytes);
  } catch (error) {
    return String(error);
  }
  return "read";
}

test("functions lie inside each other as in the text, with their parameters and lines", () => {
  const main = readLuac(FILE);
  equal([main.functions.length, main.vararg, main.parameters], [2, 1, 0]);
  const [outer, other] = main.functions;
  equal([outer?.parameters, outer?.vararg, outer?.firstLine], [2, 1, 3]);
  equal([other?.parameters, other?.vararg, other?.firstLine], [0, 0, 10]);
  const [inner] = outer?.functions ?? [];
  equal([inner?.parameters, inner?.firstLine, inner?.upvalues.length], [1, 5, 4]);
  is(inner?.lines.length, inner?.code.length);
  equal([...new Set(inner?.lines)], [6, 7, 8]);
});

test("constants are numbers of eight bytes and strings of any length", () => {
  const main = readLuac(FILE);
  equal(stringsOf(main), ["long ".repeat(20)]);
  const [outer] = main.functions;
  equal(stringsOf(outer!), ["short"]);
  const numbers = outer!.constants.filter(({ bytes }) => bytes.length === 8);
  equal(
    numbers.map(({ tag, bytes }) => (tag === 0x13 ? bytes.readDoubleLE() : bytes.readBigInt64LE())),
    [1.5, 0x123456789abcdefn],
  );
});

test("lines are right far behind the first one, where they are not told by steps alone", () => {
  const lines = Array.from({ length: 400 }, (_, line) => (line % 7 === 0 ? `x = ${line}` : ""));
  const main = readLuac(luac(`${lines.join("\n")}\n${"\n".repeat(300)}y = 1\n`));
  const expected = lines.flatMap((text, line) => (text === "" ? [] : [line + 1]));
  equal([...new Set(main.lines)], [...expected, 701]);
});

test("a stripped file has no lines", () => {
  const main = readLuac(luac(PROGRAM, "-s"));
  equal([main.lines.length, main.functions[0]?.lines.length], [0, 0]);
  equal(main.code, readLuac(FILE).code);
});

for (const [what, at, value] of [
  ["of Lua 5.3", VERSION_AT, 0x53],
  ["of Lua 5.5", VERSION_AT, 0x55],
  ["of another format", FORMAT_AT, 1],
  ["with longer instructions", INSTRUCTION_SIZE_AT, 8],
  ["with other integers", INTEGER_AT, 0],
] as const) {
  test(`a file ${what} is refused`, () => {
    const file = Buffer.from(FILE);
    file.writeUInt8(value, at);
    match(messageFor(file), NOT_OURS);
  });
}

test("a text is refused", () => {
  match(messageFor(Buffer.from(PROGRAM)), NOT_OURS);
});

test("a file that is cut at any byte is refused", () => {
  for (let length = 0; length < FILE.length; length++)
    is(messageFor(FILE.subarray(0, length)), "Error: the bytecode is cut", `${length} bytes`);
});

test("bytes behind the end are refused", () => {
  throws(() => readLuac(Buffer.concat([FILE, Buffer.alloc(2)])), /2 bytes are left behind the bytecode/);
});

test.run();
