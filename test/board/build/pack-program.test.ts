/** What is written for the compiler; what becomes of it is read back in test/board/mps2-an386/program-image.test.ts. */
import { suite } from "uvu";
import { equal, is, match, ok } from "uvu/assert";
import { readLuac } from "../../../board/build/luac-file.ts";
import { luaHash, numberedFunctions, packedBytes, packProgram } from "../../../board/build/pack-program.ts";
import { luac, PROGRAM } from "./luac-program.ts";

const test = suite("packed programs");

const MAIN = readLuac(luac(PROGRAM));

/** Strings as C literals, in their order. */
function literals(packed: string): string[] {
  return [...packed.matchAll(/\.contents = (".*")};$/gm)].map(([, text = ""]) => text);
}

function packedText(text: string): string {
  return packProgram(readLuac(luac(text)));
}

test("every string stands there once", () => {
  equal(literals(packProgram(MAIN)).sort(), [`"${"long ".repeat(20)}"`, '"short"'].sort());
});

test("strings keep their zeros, quotes and high bytes, and no digit joins an escape", () => {
  for (const [lua, c] of [
    ["", ""],
    ["abc", "abc"],
    [String.raw`\0\0`, String.raw`\000\000`],
    [String.raw`\2551x`, String.raw`\3771x`],
    [String.raw`\\\"\n`, String.raw`\134\042\012`],
    ["??=", String.raw`\077\077=`],
  ] as const)
    equal(literals(packedText(`return "${lua}"`)), [`"${c}"`]);
});

test("a string of 40 bytes is unique, one of 41 is not", () => {
  const text = packedText(`return "${"a".repeat(40)}", "${"b".repeat(41)}"`);
  match(text, /= \{SHORT\(40, 0x[0-9a-f]+, NULL\), \.contents = "a{40}"\};/);
  match(text, /= \{LONG\(41, 0x[0-9a-f]+\), \.contents = "b{41}"\};/);
});

test("strings of one list refer to each other, and the list to the last", () => {
  // Five strings make two lists.
  const names = ["a", "e", "i", "b", "c"];
  equal(
    names.map((name) => luaHash(Buffer.from(name)) % 2),
    [0, 0, 0, 1, 0],
  );
  const text = packedText(`return { ${names.map((name) => `"${name}"`).join(", ")} }`);
  const before = [...text.matchAll(/ s\d = \{SHORT\(1, 0x[0-9a-f]+, (\S+)\)/g)].map(([, one]) => one);
  equal(before, ["NULL", "&s0", "&s1", "NULL", "&s2"]);
  match(text, /program_strings\[2\] = \{\s+\(const TString \*\)&s4,\s+\(const TString \*\)&s3,/);
  match(text, /program_strings_mask = 1;/);
});

test("numbers are written by their 64 bits, nil, true and false by their tags", () => {
  const main = readLuac(
    luac("local a = ...; return a == nil, a.x == true, { k = false }, 1.5, 0x123456789abcdef, -70000"),
  );
  const text = packProgram(main);
  ok(text.includes("CONSTANT_FLOAT(0x3ff8000000000000u)"));
  ok(text.includes("CONSTANT_INTEGER(0x123456789abcdefu)"));
  for (const tag of main.constants.map((one) => one.tag))
    if ([0x00, 0x01, 0x11].includes(tag)) ok(text.includes(`CONSTANT_OTHER(${tag})`));
});

test("functions are numbered each before those inside it", () => {
  equal(
    numberedFunctions(MAIN).map(({ firstLine }) => firstLine),
    [0, 3, 5, 10],
  );
  const numbers = [...packProgram(MAIN).matchAll(/\{FUNCTION\((\d+)\)/g)].map(([, number]) => number);
  equal(numbers, ["0", "1", "2", "3"]);
});

test("what a function takes is its own, not that of those inside it", () => {
  const [outer = 0, inner = 0] = packedBytes(readLuac(luac("return function() end"))).functions;
  // VARARGPREP, CLOSURE, RETURN, RETURN; one upvalue; one function inside. RETURN0.
  is(outer, 84 + 4 * 4 + 8 + 4);
  is(inner, 84 + 4);
});

test("constants and lists of upvalues that functions share are there and counted once", () => {
  const one = "function() return name, 1234567 end";
  const [alone, both] = [`return ${one}`, `return ${one}, ${one}`].map((text) => readLuac(luac(text)));
  is(packedBytes(alone!).constants, 2 * 16);
  is(packedBytes(both!).constants, 2 * 16);
  const [, first = 0, second = 0] = packedBytes(both!).functions;
  is(first - second, 8);
  is([...packProgram(both!).matchAll(/UPVALUES\(1, 1\)/g)].length, 2);
});

test("the same program is packed to the same text", () => {
  equal(packProgram(readLuac(luac(PROGRAM))), packProgram(MAIN));
});

test.run();
