/** What takes the bundle for Espruino, by module: its parts keep their order when they are shortened, so the n-th is the n-th. */
import { readFileSync } from "node:fs";
import { parse, type AnyNode } from "acorn";
import { bundle } from "../../board/build/build-espruino.ts";
import type { SizeTable } from "../../board/build/mps2-flash.ts";

const ENTRY = "board/espruino/bus-main.ts";
const BETWEEN = "what joins them";

/** A function, a class or another value at the top of a script, or a statement. */
export interface Part {
  readonly node: AnyNode;
  /** Of what it declares; "" where it declares nothing. */
  readonly name: string;
  /** `var`, `let` or `const` in front of it in a declaration of its own; "" where none belongs there. */
  readonly keyword: string;
}

/** Parts of a script, with the module each was written in. */
export interface ModulePart extends Part {
  readonly module: string;
}

function part(node: AnyNode, keyword = ""): Part {
  const id = "id" in node ? node.id : undefined;
  return { node, keyword, name: id?.type === "Identifier" ? id.name : "" };
}

function partsOf(script: string): Part[] {
  return parse(script, { ecmaVersion: 2022, sourceType: "module" }).body.flatMap((node) => {
    if (node.type === "VariableDeclaration") return node.declarations.map((each) => part(each, node.kind));
    if (node.type !== "ExpressionStatement" || node.expression.type !== "SequenceExpression")
      return [part(node)];
    return node.expression.expressions.map((each) => part(each));
  });
}

/** The module of each name at the top of the bundle. */
async function modulesByName(): Promise<ReadonlyMap<string, string>> {
  const text = await bundle([ENTRY]);
  const heads = [...text.matchAll(/^\/\/ (\S+\.ts)$/gm)].map(({ index, 1: path = "" }) => ({ index, path }));
  const moduleAt = (at: number): string => heads.findLast(({ index }) => index < at)?.path ?? ENTRY;
  return new Map(partsOf(text).map(({ name, node }) => [name, moduleAt(node.start)]));
}

/** Of the shortened bundle at `shortened`, made from `ordered`. Throws when the two cannot be set side by side. */
export async function modulePartsOf(ordered: string, shortened: string): Promise<ModulePart[]> {
  const modules = await modulesByName();
  const long = partsOf(readFileSync(ordered, "utf8"));
  const short = partsOf(readFileSync(shortened, "utf8"));
  if (long.length !== short.length)
    throw new Error(`${shortened} has ${short.length} parts, ${ordered} ${long.length}`);
  return short.map((each, at) => ({ ...each, module: modules.get(long[at]!.name) ?? ENTRY }));
}

/** Bytes of the shortened bundle. */
export async function bundleOf(ordered: string, shortened: string): Promise<SizeTable> {
  const table = new Map<string, number>();
  const add = (name: string, bytes: number): void => void table.set(name, (table.get(name) ?? 0) + bytes);
  let left = readFileSync(shortened, "utf8").length;
  for (const { node, module } of await modulePartsOf(ordered, shortened)) {
    add(module, node.end - node.start);
    left -= node.end - node.start;
  }
  add(BETWEEN, left);
  return table;
}
