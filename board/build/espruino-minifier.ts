/**
 * Shortens the ordered bundle: esbuild renames, Espruino's own tools (npm `espruino`, installed apart below board/espruino/)
 * do the rest and are a second judge of the bundle's syntax. Their own renaming is off: it does not know block scopes, and made
 * `for (const f of list[f])` of two variables (measured: 0.1.67). They exit with 0 whatever happens, so what they wrote is
 * parsed and searched for names that nothing declares.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { INTERPRETER_MEMBER } from "./espruino-members.ts";
import { freeNames } from "./espruino-names.ts";
import { orderForEspruino } from "./espruino-order.ts";

export const ESPRUINO_TOOL = "board/espruino/node_modules/espruino/bin/espruino-cli.js";

/** Bytes of a script before and after. */
export interface Shortened {
  readonly before: number;
  readonly after: number;
}

/** The same script with short names for everything but the interpreter's members. */
function renamed(source: string): string {
  const members = { mangleProps: /./, reserveProps: INTERPRETER_MEMBER };
  const form = { format: "esm", target: "es2015", treeShaking: false } as const;
  const options = { minifyIdentifiers: true, ...form, ...members };
  return orderForEspruino(transformSync(source, options).code);
}

/** Lets the tools shorten `from` into `to`. @throws Error with what they said. */
function runTool(from: string, to: string): void {
  rmSync(to, { force: true });
  const config = ["--config", "MINIFICATION_Mangle=false"];
  const args = [ESPRUINO_TOOL, "--no-ble", "-q", "-m", ...config, "-o", to, from];
  const result = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 120_000 });
  const said = result.stdout + result.stderr;
  if (!existsSync(to) || /ERROR|Uncaught/i.test(said))
    throw new Error(`espruino could not shorten ${from}:\n${said}`);
}

/** @throws Error when `to` would not be the same program, shorter. */
export function minify(from: string, to: string): Shortened {
  const before = readFileSync(from, "utf8");
  const between = `${to}.renamed.js`;
  writeFileSync(between, renamed(before));
  runTool(between, to);
  rmSync(between);
  const after = readFileSync(to, "utf8");
  orderForEspruino(after);
  if (after.length >= before.length) throw new Error(`espruino did not shorten ${from}`);
  const known = freeNames(before);
  const lost = [...freeNames(after)].filter((name) => !known.has(name));
  if (lost.length > 0) throw new Error(`espruino left names that nothing declares: ${lost.join(", ")}`);
  return { before: before.length, after: after.length };
}
