/**
 * Bundles device code into one ES2015 script for Espruino, orders it and refuses what its interpreter cannot parse.
 * Types only erased by esbuild: constants of `const enum` are inlined, class fields become assignments.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { inlineConstants } from "./espruino-constants.ts";
import { orderForEspruino } from "./espruino-order.ts";

/** One script to make. */
export interface EspruinoTarget {
  /** Every module that must be in the script, run in this order. */
  readonly roots: readonly string[];
  readonly out: string;
}

/** The bundle before the ordering step; a comment with its path stands in front of each module. */
export async function bundle(roots: readonly string[]): Promise<string> {
  const contents = roots.map((root) => `import ${JSON.stringify("./" + root)};`).join("\n");
  const result = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2015",
    treeShaking: false,
    tsconfig: "tsconfig.device.json",
    logLevel: "warning",
  });
  return result.outputFiles[0]?.text ?? "";
}

/** Writes one script. @returns its size in bytes. @throws EspruinoSyntaxError when the interpreter could not run it. */
export async function buildEspruino(target: EspruinoTarget): Promise<number> {
  const script = orderForEspruino(inlineConstants(await bundle(target.roots)));
  mkdirSync(path.dirname(target.out), { recursive: true });
  writeFileSync(target.out, script);
  return Buffer.byteLength(script);
}
