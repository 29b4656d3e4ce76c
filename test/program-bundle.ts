/** A program of the project as one file, as `make` bundles it, for tests that start it in a process of its own. */
import { resolve } from "node:path";
import { buildSync } from "esbuild";

/**
 * Bundles `entry` into build/`name`.mjs, below the project, so that its packages are found; returns its absolute path. At once: a test
 * file that waits while it is loaded defines its tests too late for uvu.
 */
export function bundleProgram(entry: string, name: string): string {
  const outfile = resolve(`build/${name}.mjs`);
  buildSync({
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
