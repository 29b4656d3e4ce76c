/** Names of a script: what declares them, what uses them. Scopes are not told apart, so a name declared anywhere is known. */
import { type AnyNode, parse } from "acorn";
import { childrenOf } from "./espruino-tree.ts";

/** Calls `see` with every name that `node` itself declares: a variable, a function, a class or parameters. */
export function eachDeclared(node: AnyNode, see: (name: string) => void): void {
  const bind = (target: AnyNode | null | undefined): void => {
    if (target?.type === "Identifier") see(target.name);
  };
  if (
    node.type === "VariableDeclarator" ||
    node.type === "ClassDeclaration" ||
    node.type === "ClassExpression"
  )
    bind(node.id);
  if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression") bind(node.id);
  if (node.type === "CatchClause") bind(node.param);
  if ("params" in node) node.params.forEach(bind);
}

/** The nodes below `node` that are not names of members or keys. */
export function valuesBelow(node: AnyNode): AnyNode[] {
  const isName = (child: AnyNode): boolean => {
    if (node.type === "MemberExpression") return !node.computed && child === node.property;
    const isKeyed = node.type === "Property" || node.type === "MethodDefinition";
    return isKeyed && !node.computed && child === node.key && child !== node.value;
  };
  return childrenOf(node).filter((child) => !isName(child));
}

/** Every name that is used and nowhere declared: the interpreter's own. */
export function freeNames(source: string): Set<string> {
  const [used, declared] = [new Set<string>(), new Set<string>()];
  const visit = (node: AnyNode): void => {
    if (node.type === "Identifier") used.add(node.name);
    eachDeclared(node, (name) => declared.add(name));
    valuesBelow(node).forEach(visit);
  };
  visit(parse(source, { ecmaVersion: 2015, sourceType: "script" }));
  return new Set([...used].filter((name) => !declared.has(name)));
}
