/** From nothing to the simulator's page: a clone of this project, `make sim` in it with no terminal attached, and its page fetched. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LoggedProcess } from "../integration/pcsc/logged-process.ts";

export interface FreshClone {
  /** From the begin of `git clone` to the page's last byte. */
  readonly seconds: number;
  readonly status: number;
  /** Of the page. */
  readonly text: string;
}

const ADDRESS = /^http:\/\/127\.0\.0\.1:\d+\/\S+$/m;
/** Twice what is promised: how late it was is told too. */
const LIMIT_MS = 120_000;
/** What a `make` around this one hands down would be the inner one's. */
const NO_OUTER_MAKE = { MAKEFLAGS: "", MFLAGS: "", MAKELEVEL: "", ARGS: "" };

/** Of the last commit here. npm's packages come from its cache, which this project's own installation has filled. Leaves nothing behind. */
export async function openFreshClone(): Promise<FreshClone> {
  const folder = mkdtempSync(join(tmpdir(), "madoguchi-clone-"));
  const clone = join(folder, "madoguchi");
  try {
    const begin = performance.now();
    execFileSync("git", ["clone", "--quiet", ".", clone]);
    if (existsSync(join(clone, "node_modules"))) throw new Error("the clone is not fresh");
    const command = `cd "${clone}" && exec make sim </dev/null`;
    const sim = new LoggedProcess("make sim", ["sh", "-c", command], { ownGroup: true, env: NO_OUTER_MAKE });
    try {
      await sim.waitFor(ADDRESS, LIMIT_MS);
      const page = await fetch(ADDRESS.exec(sim.output())![0]);
      const text = await page.text();
      return { seconds: (performance.now() - begin) / 1000, status: page.status, text };
    } finally {
      await sim.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
