/** What takes the bundle for Espruino, by module: its parts keep their order when they are shortened, so the n-th is the n-th. */
import { readFileSync } from "node:fs";
import { parse, type AnyNode } from "acorn";
import { bundle } from "../../board/build/build-espruino.ts";
import type { SizeTable } from "../../board/build/mps2-flash.ts";

const ENTRY = "board/espruino/bus-main.ts";
const BETWEEN = "what joins them";

/** A function, a class or another value at the top of a script; "" where it has no name. */
interface Part {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function part(node: AnyNode): Part {
  const id = "id" in node ? node.id : undefined;
  return { name: id?.type === "Identifier" ? id.name : "", start: node.start, end: node.end };
}

function partsOf(script: string): Part[] {
  return parse(script, { ecmaVersion: 2022, sourceType: "module" }).body.flatMap((node) => {
    if (node.type === "VariableDeclaration") return node.declarations.map(part);
    if (node.type !== "ExpressionStatement" || node.expression.type !== "SequenceExpression")
      return [part(node)];
    return node.expression.expressions.map(part);
  });
}

/** The module of each name at the top of the bundle. */
async function modulesByName(): Promise<ReadonlyMap<string, string>> {
  const text = await bundle([ENTRY]);
  const heads = [...text.matchAll(/^\/\/ (\S+\.ts)$/gm)].map(({ index, 1: path = "" }) => ({ index, path }));
  const moduleAt = (at: number): string => heads.findLast(({ index }) => index < at)?.path ?? ENTRY;
  return new Map(partsOf(text).map(({ name, start }) => [name, moduleAt(start)]));
}

/** Bytes of the shortened bundle at `shortened`, made from `ordered`. Throws when the two cannot be set side by side. */
export async function bundleOf(ordered: string, shortened: string): Promise<SizeTable> {
  const modules = await modulesByName();
  const long = partsOf(readFileSync(ordered, "utf8"));
  const text = readFileSync(shortened, "utf8");
  const short = partsOf(text);
  if (long.length !== short.length)
    throw new Error(`${shortened} has ${short.length} parts, ${ordered} ${long.length}`);
  const table = new Map<string, number>();
  const add = (name: string, bytes: number): void => void table.set(name, (table.get(name) ?? 0) + bytes);
  let left = text.length;
  short.forEach(({ start, end }, at) => {
    add(modules.get(long[at]!.name) ?? ENTRY, end - start);
    left -= end - start;
  });
  add(BETWEEN, left);
  return table;
}
