/**
 * Compiles device code to Lua 5.4 through TypeScriptToLua's API: every diagnostic is fatal (its own command line keeps
 * exit code 0 on warnings), and `luac5.4 -p` must accept what comes out.
 */
import { execFileSync } from "node:child_process";
import path from "node:path";
import ts from "typescript";
import * as tstl from "typescript-to-lua";
import { int32Plugin } from "./int32.ts";

const CONFIG = "tsconfig.lua.json";

/** One file to make. */
export interface LuaTarget {
  /** Every file that must compile, the entry included. What they import comes along. */
  readonly roots: readonly string[];
  /** The module to run; without it every module becomes a file of its own below `out`. */
  readonly entry?: string;
  /** Path of the bundle, or the folder of the modules. */
  readonly out: string;
  /** Whether a source map is written beside it, as `out` and `.map`. */
  readonly sourceMap?: boolean;
}

/** Compiler and emitter messages; the build failed when there is one. */
export class LuaBuildError extends Error {}

function optionsFor(target: LuaTarget): tstl.CompilerOptions {
  const { options, errors } = tstl.parseConfigFileWithSystem(CONFIG);
  failOn(errors);
  const sourceMap = target.sourceMap ?? false;
  const common = { ...options, sourceMap, luaPlugins: [{ plugin: int32Plugin }] };
  if (target.entry === undefined) return { ...common, outDir: path.resolve(target.out) };
  const outDir = path.resolve(path.dirname(target.out));
  return {
    ...common,
    outDir,
    luaBundle: path.basename(target.out),
    luaBundleEntry: path.resolve(target.entry),
  };
}

function failOn(diagnostics: readonly ts.Diagnostic[]): void {
  if (diagnostics.length === 0) return;
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => process.cwd(),
    getNewLine: () => "\n",
  };
  throw new LuaBuildError(ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(diagnostics), host));
}

/** Compiles, writes and checks one target. @returns the paths written. @throws LuaBuildError with every message. */
export function buildLua(target: LuaTarget): string[] {
  const written: string[] = [];
  const program = ts.createProgram([...target.roots], optionsFor(target));
  const before = ts.getPreEmitDiagnostics(program);
  const texts = new Map<string, string>();
  const writeFile = (name: string, text: string): void => void texts.set(name, text);
  const { diagnostics } = new tstl.Transpiler().emit({ program, writeFile });
  failOn([...before, ...diagnostics]);
  for (const [name, text] of texts) {
    if (!name.endsWith(".lua") && !name.endsWith(".map")) continue;
    ts.sys.writeFile(name, text);
    if (!name.endsWith(".lua")) continue;
    execFileSync("luac5.4", ["-p", name], { stdio: "inherit" });
    written.push(name);
  }
  return written;
}
