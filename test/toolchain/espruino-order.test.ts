import { suite } from "uvu";
import { is, match, not, throws } from "uvu/assert";
import { EspruinoSyntaxError, orderForEspruino } from "../../board/build/espruino-order.ts";

const test = suite("Espruino bundle");

test("functions move to the head of their own scope, nested ones too", () => {
  const ordered = orderForEspruino("var a = f();\nfunction f() { return g(); function g() { return 7; } }\n");
  is(ordered, "function f() { function g() { return 7; }\nreturn g(); }\nvar a = f();\n");
});

test("the ordered script computes the same", () => {
  const source =
    "var out = []; { out.push(one()); function one() { return two() + 1; } } function two() { return 1; }";
  const ordered = orderForEspruino(source);
  is(ordered.indexOf("function two") < ordered.indexOf("out.push"), true);
  is(new Function(`${ordered}; return out[0];`)(), 2);
});

const REFUSED: readonly [string, string][] = [
  ["spread", "f(...list);"],
  ["rest", "function f(...list) {}"],
  ["destructuring of an object", "var { a } = b;"],
  ["destructuring of a list", "var [a] = b;"],
  ["a default parameter", "function f(a = 1) {}"],
  ["a generator", "function* f() { yield 1; }"],
  ["a label", "again: for (;;) break again;"],
  ["super.method()", "class A extends B { m() { super.m(); } }"],
  ["super(...arguments)", "class A extends B { constructor() { super(...arguments); this.a = 1; } }"],
  ["default before another case", "switch (a) { default: b(); break; case 1: c(); }"],
  ["an accessor of a class", "class A { get b() { return 1; } }"],
  ["an accessor of an object", "var a = { get b() { return 1; } };"],
];
for (const [name, source] of REFUSED) {
  test(`${name} is refused by name and line`, () => {
    throws(
      () => orderForEspruino(`var x;\n${source}`),
      (error: Error) => {
        return error instanceof EspruinoSyntaxError && error.message.includes("line 2 of the bundle");
      },
    );
  });
}

const TOO_NEW: readonly [string, string][] = [
  ["?.", "a?.b;"],
  ["**", "var a = b ** c;"],
  ["an async function", "async function f() {}"],
  ["an import", 'import a from "a";'],
  ["??", "a ?? b;"],
];
for (const [name, source] of TOO_NEW) {
  test(`${name} is refused by the parser`, () => {
    throws(
      () => orderForEspruino(source),
      (error: Error) => error instanceof SyntaxError,
    );
  });
}

test("what Espruino can run passes unchanged", () => {
  const source =
    "class A { constructor(b) { this.b = b; } m() { return this.b; } }\nvar a = { b, c: () => 1 };\n";
  not.throws(() => orderForEspruino(source));
  match(orderForEspruino(source), /class A/);
  is(orderForEspruino(source), source);
});

test.run();
