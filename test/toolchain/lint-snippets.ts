/** What the linter must refuse, one rule a snippet, and a file that it must pass. */
export interface Snippet {
  readonly name: string;
  readonly code: string;
  /** Part of the message. */
  readonly says: string;
}

function device(name: string, says: string, code: string): Snippet {
  return { name, says, code };
}

function inFunction(name: string, says: string, body: string): Snippet {
  return { name, says, code: `export function f(n: number, list: number[]): void {\n${body}\n}\n` };
}

export const DEVICE_SNIPPETS: readonly Snippet[] = [
  inFunction("a number as a condition", "strict-boolean-expressions", "if (n) list[0] = 1;"),
  inFunction("a default value by ||", "strict-boolean-expressions", "list[0] = n || 3;"),
  inFunction("spread", "no spread", "list[0] = Math.max(...list);"),
  device(
    "rest parameters",
    "no rest",
    "export function f(...list: number[]): number { return list.length; }",
  ),
  inFunction("destructuring", "no destructuring", "const [a] = list;\nlist[1] = a;"),
  device("a default parameter", "no default parameter", "export function f(n = 1): number { return n; }"),
  device(
    "?.",
    "no ?.",
    "export function f(o: { n: number } | undefined): number | undefined { return o?.n; }",
  ),
  inFunction("**", "no **", "list[0] = n ** 2;"),
  inFunction("%", "no %", "list[0] = n % 2;"),
  inFunction("a division without Math.floor", "Math.floor", "list[0] = n / 2;"),
  inFunction("a fraction below a bit operator", "Math.floor", "list[0] = (n / 2) | 0;"),
  inFunction("/=", "Math.floor", "list[0] /= n;"),
  device("a regular expression", "no regular expression", "export const A = /a/;"),
  device("null", "undefined, never null", "export const A: number | null = null;"),
  device("a plain enum", "const enum", "export enum A { B = 0 }"),
  inFunction(
    "default in a switch",
    "list every member",
    "switch (n) { case 1: break; default: list[0] = 1; }",
  ),
  device(
    "a switch that forgets a member",
    "switch-exhaustiveness-check",
    "export const enum A { B = 0, C = 1 }\nexport function f(a: A): number { switch (a) { case A.B: return 1; } return 0; }",
  ),
  device(
    "super.method()",
    "no super.method()",
    "class A { m(): number { return 1; } }\nexport class B extends A { override m(): number { return super.m(); } }",
  ),
  device(
    "a derived class with fields and no constructor",
    "writes its constructor",
    "class A { n: number; constructor() { this.n = 1; } }\nexport class B extends A { m = 2; }",
  ),
  inFunction("a closure in a for loop", "no closure in a loop", "for (let i = 0; i < n; i++) g(() => i);"),
  inFunction("a closure in a for-of loop", "no closure in a loop", "for (const i of list) g(() => i);"),
  inFunction("for-in", "no for-in", "for (const key in list) g(key);"),
  inFunction("delete", "no in, no delete", "delete list[n];"),
  inFunction("try", "no try", "try { list[0] = n; } finally { list[1] = n; }"),
  inFunction("throw", "no throw", "throw n;"),
  device("async", "no async", "export async function f(): Promise<void> {}"),
  device("a generator", "no generator", "export function* f(): Generator<number> { yield 1; }"),
  device("an accessor", "no accessor", "export class A { get n(): number { return 1; } }"),
  inFunction("new Array(n)", "no new Array", "g(new Array(n));"),
  inFunction("an assignment to length", "no assignment to length", "list.length = n;"),
  device("undefined in an array", "no undefined in arrays", "export const A = [1, undefined];"),
  inFunction("sort", "no sort", "list.sort();"),
  inFunction("++ inside an expression", "++ only", "list[n++] = 1;"),
  inFunction("an assignment inside an expression", "assignment only", "list[0] = list[1] = n;"),
  device("module state", "no module state", "let n = 0;\nexport function f(): void { n = n + 1; }"),
  device(
    "a boolean among two parameters",
    "no boolean",
    "export function f(n: number, on: boolean): void { g(n, on); }",
  ),
  device(
    "five parameters",
    "too many parameters",
    "export function f(a: 1, b: 1, c: 1, d: 1, e: 1): void { g(a, b, c, d, e); }",
  ),
  device("a template", "no string building", "export function f(n: number): string { return `${n}`; }"),
  device("a string sum", "no string building", 'export function f(n: number): string { return "a" + n; }'),
  device(
    "new in a method",
    "allocate in constructors",
    "class A {}\nexport class B { m(): A { return new A(); } }",
  ),
  device(
    "an array in a method",
    "allocate in constructors",
    "export class B { m(): number[] { return [1]; } }",
  ),
  device(
    "an object in a method",
    "allocate in constructors",
    "export class B { m(): object { return { n: 1 }; } }",
  ),
  inFunction("==", "eqeqeq", "if (n == 1) list[0] = 1;"),
  inFunction("a label", "no-labels", "again: for (;;) break again;"),
  device("any", "no-explicit-any", "export const A: any = 1;"),
  device("!", "no-non-null-assertion", "export function f(n: number | undefined): number { return n!; }"),
  device("as", "consistent-type-assertions", "export function f(n: unknown): number { return n as number; }"),
  device("use before define", "no-use-before-define", "export const A = B;\nconst B = 1;"),
  device("Map", "no-restricted-globals", "export const A = new Map<number, number>();"),
  device("Uint8Array", "no-restricted-globals", "export const A = new Uint8Array(4);"),
  device("JSON", "no-restricted-globals", "export const A = JSON;"),
  inFunction("Math.imul", "Math.imul", "list[0] = Math.imul(n, 3);"),
  inFunction("Math.random", "Math.random", "list[0] = Math.random();"),
  inFunction(
    "nesting of four",
    "nested too deeply",
    "if (n > 1) { if (n > 2) { if (n > 3) { if (n > 4) list[0] = 1; } } }",
  ),
];

export const HOST_SNIPPETS: readonly Snippet[] = [
  device("a promise left alone", "no-floating-promises", "export function f(p: Promise<void>): void { p; }"),
  device("==", "eqeqeq", "export const f = (n: number): boolean => n == 1;"),
  device("any", "no-explicit-any", "export const A: any = 1;"),
  device("var", "no-var", "export var a = 1;"),
];

export const SOUND_DEVICE_FILE = `
/** A counter that stops at its limit. */
export class Counter {
  private value = 0;
  private readonly history: number[] = [0, 0];

  constructor(private readonly limit: number) {}

  add(step: number): number {
    for (let i = 0; i < step && this.value < this.limit; i++) this.value++;
    this.history[0] = Math.floor(this.value / 2) & 255;
    return this.value;
  }
}
`;
