/**
 * The last step of the Espruino bundle. Espruino hoists nothing, so function declarations move to the head of their
 * scope; and what its parser does not know, or knows wrongly, is refused here by name (facts: measured on 2v27).
 * Anything newer than ES2015 is already refused by the parser.
 */
import { type AnyNode, parse } from "acorn";
import { childrenOf } from "./espruino-tree.ts";

/** Names the construct and the line of the bundle. */
export class EspruinoSyntaxError extends Error {}

/** Constructs of ES2015 that Espruino cannot parse, by node type. */
const REFUSED = new Map<string, string>([
  ["SpreadElement", "spread"],
  ["RestElement", "rest"],
  ["ObjectPattern", "destructuring"],
  ["ArrayPattern", "destructuring"],
  ["AssignmentPattern", "a default parameter"],
  ["YieldExpression", "a generator"],
  ["TaggedTemplateExpression", "a tagged template"],
  ["LabeledStatement", "a label"],
  ["ImportDeclaration", "an import"],
  ["ExportNamedDeclaration", "an export"],
]);

/** What is wrong with this node on Espruino, or nothing. */
function complaint(node: AnyNode): string | undefined {
  if (node.type === "MemberExpression" && node.object.type === "Super")
    return "super.method(): it can recurse for ever";
  if (node.type === "SwitchStatement" && node.cases.slice(0, -1).some((one) => one.test === null)) {
    return "`default` before another case";
  }
  const isMember = node.type === "MethodDefinition" || node.type === "Property";
  if (isMember && (node.kind === "get" || node.kind === "set")) return "an accessor";
  return REFUSED.get(node.type);
}

/** Writes a tree back as its source text, scopes reordered. */
class Writer {
  constructor(private readonly source: string) {}

  text(node: AnyNode): string {
    this.check(node);
    const isScope = node.type === "Program" || node.type === "BlockStatement";
    return isScope ? this.scope(node.body, node) : this.plain(node);
  }

  private plain(node: AnyNode): string {
    let out = "";
    let at = node.start;
    for (const child of childrenOf(node)) {
      if (child.start < at) continue; // a shorthand property lists one node twice
      out += this.source.slice(at, child.start) + this.text(child);
      at = child.end;
    }
    return out + this.source.slice(at, node.end);
  }

  private scope(body: readonly AnyNode[], node: AnyNode): string {
    const [first, last] = [body[0], body[body.length - 1]];
    if (first === undefined || last === undefined) return this.source.slice(node.start, node.end);
    const functions = body.filter((statement) => statement.type === "FunctionDeclaration");
    const others = body.filter((statement) => statement.type !== "FunctionDeclaration");
    const statements = [...functions, ...others].map((statement) => this.text(statement));
    const [head, tail] = [this.source.slice(node.start, first.start), this.source.slice(last.end, node.end)];
    return head + statements.join("\n") + tail;
  }

  private check(node: AnyNode): void {
    const what = complaint(node);
    if (what === undefined) return;
    const before = this.source.slice(0, node.start);
    const line = before.split("\n").length;
    const text = this.source.split("\n")[line - 1]?.trim() ?? "";
    throw new EspruinoSyntaxError(`Espruino cannot run ${what}, line ${line} of the bundle: ${text}`);
  }
}

/** @returns the script in the order Espruino needs. @throws EspruinoSyntaxError, or acorn's SyntaxError past ES2015. */
export function orderForEspruino(source: string): string {
  const tree = parse(source, { ecmaVersion: 2015, sourceType: "script" });
  return new Writer(source).text(tree);
}
