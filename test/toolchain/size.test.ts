/** The product stays within its budget of lines and instructions; `make size` says what takes how many. */
import { spawnSync } from "node:child_process";
import { suite } from "uvu";
import { is, match } from "uvu/assert";

const test = suite("size");

test("hal and firmware are within their budget", () => {
  const { status, stdout, stderr } = spawnSync("node_modules/.bin/tsx", ["board/build/size.ts"], {
    encoding: "utf8",
  });
  match(stdout, /^total +\d+ +\d+ +\d+\nbudget +\d+ +\d+$/m);
  is(status, 0, `${stderr}\n${stdout.split("\n").slice(-4).join("\n")}`);
});

test.run();
