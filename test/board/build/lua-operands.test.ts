/** The compiler itself says how code with other numbers of constants looks: other constants before it move all numbers on. */
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { withConstants } from "../../../board/build/lua-operands.ts";
import { readLuac, type LuaFunction } from "../../../board/build/luac-file.ts";
import { luac } from "./luac-program.ts";

const test = suite("operands that are constants");
const MOVED = 100;

/** Every operation that names constants, each kind of operand. */
const BODY = `
x = "text"; x = 2.5
t = u; v = "value"; w = x
x = x.name; x.first = x; x.second = "value"
x[x] = "value"; x[x] = x; x[1] = 3.5; x[2] = x
x = x:method(1); x = x + 1000; x = x - 1.5; x = x * 7.5; x = x % 9; x = x ^ 3; x = x / 11; x = x // 13
x = x & 0x1234; x = x | 0x2345; x = x ~ 0x3456
if x == "other" then x = -x end
for i = 1, 300 do x = { "listed", i, i + 1, [i] = "keyed" } end
return x == 4.25, function() return "inner" end`;

function functionOf(text: string): LuaFunction {
  return readLuac(luac(text));
}

test("each is renumbered, and nothing else is", () => {
  const plain = functionOf(`local x ${BODY}`);
  const before = Array.from({ length: MOVED }, (_, number) => `x = "before ${number}"`).join("\n");
  const moved = functionOf(`local x\n${before} ${BODY}`);
  is(moved.constants.length, plain.constants.length + MOVED);
  const positions = plain.constants.map((_, number) => number + MOVED);
  // VARARGPREP and LOADNIL come before.
  equal(withConstants(plain.code.slice(2), positions), moved.code.slice(2 + MOVED));
});

test("the program above has every operation that names constants", () => {
  const operations = new Set(functionOf(`local x ${BODY}`).code.map((one) => one & 127));
  const named = [3, 11, 14, 15, 16, 17, 18, 20, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 48, 60];
  equal(
    named.filter((one) => !operations.has(one)),
    [],
  );
});

test("an operand of eight bits that cannot reach its constant is an error, that of LOADK reaches farther", () => {
  const field = functionOf("local x = ...; return x.name");
  equal(withConstants(field.code, [255]).length, field.code.length);
  throws(() => withConstants(field.code, [256]), /constant 0 is out of reach/);
  const load = functionOf('return "text"');
  const [, instruction = 0] = withConstants(load.code, [70_000]);
  is(instruction >>> 15, 70_000);
  is(instruction & 0x7fff, (load.code[1] ?? 0) & 0x7fff);
  throws(() => withConstants(load.code, [2 ** 17]), /out of reach/);
});

test("a number that the function does not have is an error", () => {
  ok(functionOf("return x").constants.length === 1);
  throws(() => withConstants(functionOf("return x").code, []), /constant 0/);
});

test.run();
