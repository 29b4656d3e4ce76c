/**
 * `tsx board/build/minify-espruino.ts FROM TO`: shortens the ordered bundle with Espruino's own tools (npm `espruino`,
 * installed apart below board/espruino/). Its parser is thereby a second judge of the bundle. The tools exit with 0
 * whatever happens, so what they wrote is parsed again here.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { orderForEspruino } from "./espruino-order.ts";

const TOOL = "board/espruino/node_modules/espruino/bin/espruino-cli.js";

function minify(from: string, to: string): void {
  rmSync(to, { force: true });
  const args = [TOOL, "--no-ble", "-q", "-m", "-o", to, from];
  const result = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 120_000 });
  const said = result.stdout + result.stderr;
  if (!existsSync(to) || /ERROR|Uncaught/i.test(said))
    throw new Error(`espruino could not shorten ${from}:\n${said}`);
  const [before, after] = [readFileSync(from, "utf8"), readFileSync(to, "utf8")];
  orderForEspruino(after);
  if (after.length >= before.length) throw new Error(`espruino did not shorten ${from}:\n${said}`);
  console.log(`${to}: ${after.length} of ${before.length} bytes`);
}

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error("usage: minify-espruino.ts FROM TO");
minify(from, to);
