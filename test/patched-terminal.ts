/**
 * A copy of the program with holes: bundles an entry with some lines of its sources replaced and imports it, so that a proof can
 * show that it would have noticed. The sources themselves are not touched.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/**
 * `from` stands in `file` (relative to the project) exactly once. Where a line is broken is the formatter's business: white
 * space of any kind matches white space.
 */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Bundles `entry` with `patches` into build/patched/<name>.mjs and imports it. Give it the test's own harness as the entry, so
 * that everything which runs is one program. Throws when a patch does not fit, or when its file is not part of the program.
 */
export async function importPatched<Module>(
  name: string,
  entry: string,
  patches: readonly Patch[],
): Promise<Module> {
  const used = new Set<Patch>();
  const outfile = resolve(`build/patched/${name}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    sourcemap: true,
    logLevel: "silent",
    plugins: [patching(patches, used)],
  });
  const unused = patches.find((patch) => !used.has(patch));
  if (unused !== undefined) throw new Error(`${name}: ${unused.file} is not part of ${entry}`);
  return (await import(pathToFileURL(outfile).href)) as Module;
}

function patching(patches: readonly Patch[], used: Set<Patch>): Plugin {
  const paths = new Map<string, Patch[]>();
  for (const patch of patches) {
    const path = resolve(patch.file);
    paths.set(path, [...(paths.get(path) ?? []), patch]);
  }
  return {
    name: "patches",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const wanted = paths.get(path);
        if (wanted === undefined) return undefined;
        for (const patch of wanted) used.add(patch);
        return { contents: wanted.reduce(applied, readFileSync(path, "utf8")), loader: "ts" };
      });
    },
  };
}

function applied(source: string, { file, from, to }: Patch): string {
  const parts = source.split(new RegExp(from.trim().split(/\s+/).map(escaped).join("\\s+")));
  if (parts.length !== 2)
    throw new Error(`${file}: ${JSON.stringify(from)} stands there ${parts.length - 1} times`);
  return parts.join(to);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
