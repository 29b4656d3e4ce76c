/** The int32 plugin against Node: random expressions, compiled to Lua and run there, must give the same int32. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { suite } from "uvu";
import { equal, is, match, ok, throws } from "uvu/assert";
import { buildLua, LuaBuildError } from "../../board/build/build-lua.ts";

const FOLDER = "build/fixtures/int32";
const VALUES = [
  0,
  1,
  -1,
  2,
  5,
  31,
  32,
  33,
  255,
  256,
  65535,
  0x7fffffff,
  -0x80000000,
  0x80000000,
  0xffffffff,
  2 ** 40 + 3,
];
const OPERATORS = ["&", "|", "^", "<<", ">>", ">>>"];

const leaf = fc.oneof(
  fc.constantFrom("_a", "_b", "_c", "list[1]", "bytes[0]", "bytes[1]"),
  fc.constantFrom(...VALUES.filter((value) => value >= 0).map(String)),
  fc.nat(0xffffffff).map(String),
);
const expression = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc
      .tuple(tie("node"), fc.constantFrom(...OPERATORS), tie("node"))
      .map(([left, operator, right]) => `((${left}) ${operator} ${right})`),
    tie("node").map((inner) => `(~${inner})`),
    fc.tuple(tie("node"), tie("node"), tie("node")).map(([a, b, c]) => `(0 < ${a} ? ${b} : ${c})`),
  ),
})).node;

const HEAD = `interface Bytes { readonly length: number; [index: number]: number }
declare const fixture: { readonly bytes: Bytes; line(this: void, value: number): void };
const bytes: Bytes = fixture.bytes;
const list = [7, -9, 0x12345678];
`;

function compile(name: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const source = `${FOLDER}/${name}.ts`;
  writeFileSync(source, text);
  buildLua({ roots: [source], entry: source, out: `${FOLDER}/${name}.lua` });
  return `${FOLDER}/${name}.lua`;
}

function runInLua(name: string, body: string): number[] {
  const program = compile(name, HEAD + body);
  const setUp =
    "fixture = { bytes = { [0] = 200, [1] = 3, length = 2 }, line = function(v) print(math.tointeger(v)) end }";
  const output = execFileSync("lua5.4", ["-e", setUp, program], { encoding: "utf8" });
  return output.trim().split("\n").map(Number);
}

/** The same text in Node, its few types cut off. */
function runInNode(body: string): number[] {
  const lines: number[] = [];
  const fixture = { line: (value: number) => lines.push(value) };
  const run = new Function("fixture", "bytes", "list", body.replaceAll(/: (number|any)/g, ""));
  run(fixture, [200, 3], [7, -9, 0x12345678]);
  return lines;
}

function sameInBoth(name: string, body: string): number {
  const [lua, node] = [runInLua(name, body), runInNode(body)];
  equal(lua, node);
  return node.length;
}

const test = suite("int32 plugin");

/** One function an expression, kept in a table: a Lua function has at most 200 local variables. */
function programOf(expressions: readonly string[], calls: readonly string[]): string {
  const parameters = "_a: number, _b: number, _c: number";
  const functions = expressions.map((text, i) => `t.f${i} = function (${parameters}) { return ${text}; };`);
  return ["const t: any = {};", ...functions, ...calls].join("\n");
}

test("random bit expressions give the same int32 in Lua and in Node", () => {
  const seed = Number(process.env["SEED"] ?? 20260101);
  const expressions = fc.sample(expression, { numRuns: 400, seed });
  const cases = fc.sample(fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(...VALUES))), {
    numRuns: 12,
    seed,
  });
  const calls = expressions.flatMap((_, i) =>
    cases.map((values) => `fixture.line(t.f${i}(${values.join(", ")}));`),
  );
  is(sameInBoth("random", programOf(expressions, calls)), 4800, `seed ${seed}`);
});

test("compound assignments mean the same on variables, fields, lists and bytes, and the order of evaluation is kept", () => {
  const body = `
    let x = -5;
    x >>= 1; fixture.line(x);
    x >>>= 4; fixture.line(x);
    x <<= 7; fixture.line(x);
    x ^= 0x80000001 | bytes[0]; fixture.line(x);
    x |= 12; fixture.line(x);
    x &= 0x7ffffff0; fixture.line(x);
    list[1] <<= 3; fixture.line(list[1]);
    const box = { n: 3 };
    box.n ^= -1; fixture.line(box.n);
    let n = 1;
    const next = () => { n = n * 3; return n; };
    fixture.line((next() << 8) | (n > 2 ? next() : 7));
    fixture.line(n ^ next());`;
  is(sameInBoth("compound", body), 10);
});

test("a compound bit assignment inside an expression and a warning of the compiler stop the build", () => {
  const text = `${HEAD}let x = 1;\nfixture.line((x |= bytes[0]));\nif (x) fixture.line(list[0]);\n`;
  throws(
    () => compile("refused", text),
    (error: Error) => {
      ok(error instanceof LuaBuildError);
      match(error.message, "a compound bit assignment is a statement");
      match(error.message, "Only false and nil evaluate to 'false' in Lua");
      return true;
    },
  );
});

test.run();
