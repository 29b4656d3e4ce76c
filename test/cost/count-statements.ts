/**
 * Puts a counter before every statement of a script, so that running it in any JavaScript engine tells how many statements an
 * interpreter executes. Blocks, declarations of functions and classes, and empty statements cost nothing and do not count.
 */
import { parse } from "acorn";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

interface Edit {
  readonly at: number;
  readonly text: string;
}

const FREE = new Set(["BlockStatement", "FunctionDeclaration", "ClassDeclaration", "EmptyStatement"]);
/** Where the grammar has a single statement that need not be a block. */
const SINGLE = new Set(["body", "consequent", "alternate"]);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

function isStatement(node: Node): boolean {
  return node.type.endsWith("Statement") || node.type === "VariableDeclaration";
}

class Counting {
  readonly edits: Edit[] = [];

  constructor(private readonly counter: string) {}

  /** Goes through `node`; `inList`: it stands in a list of statements, where another may be put before it. */
  visit(node: Node, inList: boolean, isSingle: boolean): void {
    if (isStatement(node) && !FREE.has(node.type) && (inList || isSingle)) {
      this.edits.push({ at: node.start, text: `${isSingle ? "{" : ""}${this.counter}++;` });
      if (isSingle) this.edits.push({ at: node.end, text: "}" });
    }
    for (const [key, value] of Object.entries(node)) {
      if (isNode(value)) this.visit(value, false, SINGLE.has(key) && isStatement(value));
      else if (Array.isArray(value)) this.visitAll(value.filter(isNode), key);
    }
  }

  private visitAll(nodes: readonly Node[], key: string): void {
    for (const node of nodes) this.visit(node, key === "body" || key === "consequent", false);
  }
}

/** @returns `script` with `counter++` before each statement; `counter` is an expression that can be counted up. */
export function countStatements(script: string, counter: string): string {
  const program = parse(script, { ecmaVersion: 2015, sourceType: "script" }) as unknown as Node;
  const counting = new Counting(counter);
  counting.visit(program, false, false);
  // A closing brace goes before what is opened at the same place; inner ones were found after outer ones.
  const edits = counting.edits
    .map((edit, order) => ({ ...edit, order }))
    .sort((a, b) => b.at - a.at || b.order - a.order);
  let text = script;
  for (const { at, text: put } of edits) text = text.slice(0, at) + put + text.slice(at);
  return text;
}
