/** The syntax tree of the Espruino bundle, for the steps that change it. */
import type { AnyNode } from "acorn";

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** The nodes just below `node`, in the order of the text. A shorthand property lists one node twice. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const fields: unknown[] = Object.values(node).flat();
  return fields.filter(isNode).sort((a, b) => a.start - b.start);
}
