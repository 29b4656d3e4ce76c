/** A program of the project as one file, as `make` bundles it, for tests that start it in a process of its own. */
import { resolve } from "node:path";
import { build } from "esbuild";

/** Bundles `entry` into build/`name`.mjs, below the project, so that its packages are found; returns its absolute path. */
export async function bundleProgram(entry: string, name: string): Promise<string> {
  const outfile = resolve(`build/${name}.mjs`);
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    logLevel: "warning",
  });
  return outfile;
}
