/**
 * A step of the Espruino bundle: numbers that have a name of their own at the top become the number itself. Espruino
 * looks a global up in one list from its head at every use, and each name costs two variables of its few thousand.
 */
import { type AnyNode, parse } from "acorn";
import { eachDeclared, valuesBelow } from "./espruino-names.ts";
import { childrenOf } from "./espruino-tree.ts";

/** Replaces `source[start…end-1]`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Constants = Map<string, number>;

function ofUnary(operator: string, value: number): number | undefined {
  if (operator === "-") return -value;
  return operator === "~" ? ~value : undefined;
}

const BINARY = new Map<string, (a: number, b: number) => number>([
  ["+", (a, b) => a + b],
  ["-", (a, b) => a - b],
  ["*", (a, b) => a * b],
  ["&", (a, b) => a & b],
  ["|", (a, b) => a | b],
  ["^", (a, b) => a ^ b],
  ["<<", (a, b) => a << b],
  [">>", (a, b) => a >> b],
  [">>>", (a, b) => a >>> b],
]);

/** The whole number this expression always has, or nothing. */
function valueOf(node: AnyNode, known: Constants): number | undefined {
  if (node.type === "Literal") return typeof node.value === "number" ? node.value : undefined;
  if (node.type === "Identifier") return known.get(node.name);
  if (node.type === "UnaryExpression") {
    const value = valueOf(node.argument, known);
    return value === undefined ? undefined : ofUnary(node.operator, value);
  }
  if (node.type !== "BinaryExpression") return undefined;
  const [left, right] = [valueOf(node.left, known), valueOf(node.right, known)];
  if (left === undefined || right === undefined) return undefined;
  return BINARY.get(node.operator)?.(left, right);
}

/** How often each name is declared, anywhere; an assignment counts as one more, for then it is no constant. */
function countBindings(node: AnyNode, counts: Map<string, number>): void {
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  eachDeclared(node, count);
  if (node.type === "AssignmentExpression" && node.left.type === "Identifier") count(node.left.name);
  if (node.type === "UpdateExpression" && node.argument.type === "Identifier") count(node.argument.name);
  childrenOf(node).forEach((child) => countBindings(child, counts));
}

/** The constants of the top level, and the edits that take their declarations away. */
function takeConstants(body: readonly AnyNode[], counts: Map<string, number>, edits: Edit[]): Constants {
  const known: Constants = new Map();
  for (const statement of body) {
    if (statement.type !== "VariableDeclaration" || statement.declarations.length !== 1) continue;
    const [declarator] = statement.declarations;
    if (declarator?.id.type !== "Identifier" || !declarator.init || counts.get(declarator.id.name) !== 1)
      continue;
    const value = valueOf(declarator.init, known);
    if (!Number.isSafeInteger(value) || value === undefined) continue;
    known.set(declarator.id.name, value);
    edits.push({ start: statement.start, end: statement.end, text: "" });
  }
  return known;
}

/** `var A = ((A2) => {…})(A || {})`, as esbuild writes the object of an enum. Uses of `const enum` members are numbers. */
function isEnumObject(statement: AnyNode): boolean {
  if (statement.type !== "VariableDeclaration") return false;
  const init = statement.declarations[0]?.init;
  return (
    init?.type === "CallExpression" &&
    init.callee.type === "ArrowFunctionExpression" &&
    init.arguments.length === 1
  );
}

/** Every use of a constant below `node`. Names of members and keys of objects are no uses. */
function findUses(node: AnyNode, known: Constants, edits: Edit[]): void {
  if (node.type === "Identifier") {
    const value = known.get(node.name);
    if (value === undefined) return;
    edits.push({ start: node.start, end: node.end, text: value < 0 ? `(${value})` : String(value) });
    return;
  }
  if (node.type === "Property" && node.shorthand && node.value.type === "Identifier") {
    const name = node.value.name;
    edits.push({ start: node.start, end: node.end, text: `${name}: ${known.get(name) ?? name}` });
    return;
  }
  valuesBelow(node).forEach((child) => findUses(child, known, edits));
}

function apply(source: string, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    out += source.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + source.slice(at);
}

/**
 * @returns the script with every constant whole number of its top level written where it is used, without enum objects, and
 * with `{ a: a }` for `{ a }`: Espruino's own minifier renames the variable of the short form and not its use (0.1.67).
 */
export function inlineConstants(source: string): string {
  const tree = parse(source, { ecmaVersion: 2015, sourceType: "script" });
  const counts = new Map<string, number>();
  countBindings(tree, counts);
  const gone: Edit[] = [];
  const known = takeConstants(tree.body, counts, gone);
  const enums = tree.body.filter(isEnumObject);
  for (const { start, end } of enums) gone.push({ start, end, text: "" });
  const removed = new Set(gone.map((edit) => edit.start));
  const edits = [...gone];
  for (const statement of tree.body) if (!removed.has(statement.start)) findUses(statement, known, edits);
  return apply(source, edits);
}
