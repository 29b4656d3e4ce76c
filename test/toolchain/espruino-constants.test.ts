import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { inlineConstants } from "../../board/build/espruino-constants.ts";
import { freeNames } from "../../board/build/espruino-names.ts";

const test = suite("Espruino constants");

/** What the script leaves in `out`, before and after the step. */
function bothResults(source: string): [unknown, unknown] {
  const run = (script: string): unknown => new Function(`var out; ${script}; return out;`)();
  return [run(source), run(inlineConstants(source))];
}

const REPLACED: readonly [string, string, string][] = [
  ["a number", "var A = 4; f(A);", " f(4);"],
  ["a negative number", "var A = -4; f(1 - A);", " f(1 - (-4));"],
  ["a sum of constants", "var A = 4; var B = 2 + A * 50; f(B);", "  f(202);"],
  ["a use inside a class", "var A = 4; class B { m() { return A; } }", " class B { m() { return 4; } }"],
  ["an index", "var A = 4; b[A] = 1;", " b[4] = 1;"],
];
for (const [name, source, expected] of REPLACED) {
  test(`${name} takes its name's place`, () => is(inlineConstants(source), expected));
}

const KEPT: readonly [string, string][] = [
  ["a name that is assigned", "var A = 4; A = 5; f(A);"],
  ["a name that counts", "var A = 4; A++; f(A);"],
  ["a name that a parameter hides", "var A = 4; function f(A) { return A; }"],
  ["a name that a local hides", "var A = 4; { let A = 5; f(A); }"],
  ["a fraction", "var A = 0.5; f(A);"],
  ["a number past 2^53", "var A = 9007199254740992; f(A);"],
  ["a list", "var A = [4]; f(A);"],
];
for (const [name, source] of KEPT) {
  test(`${name} stays as it is`, () => is(inlineConstants(source), source));
}

test("members and keys of the same name are no uses", () => {
  const [before, after] = bothResults("var A = 4; var b = { A: 1 }; out = b.A + b['A'] + A");
  equal([before, after], [6, 6]);
});

test("the short form of a property is written out, with the constant's value or the variable", () => {
  is(inlineConstants("var A = 4; var b = c(); f({ A, b });"), " var b = c(); f({ A: 4, b: b });");
});

test("the object of an enum goes away", () => {
  const bundled = 'var A = ((A2) => { A2[A2["B"] = 0] = "B"; return A2; })(A || {}); f(0);';
  is(inlineConstants(bundled), " f(0);");
});

test("a name that is used and declared nowhere is free", () => {
  const source = "function f(a) { return a.b + g(c); } class D { c2() {} } var h = { i: j };";
  equal([...freeNames(source)].sort(), ["c", "g", "j"]);
});

test.run();
