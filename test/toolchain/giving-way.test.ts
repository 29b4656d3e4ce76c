/** Proofs may run beside the stock software only because they leave it the processors. */
import { getPriority } from "node:os";
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";
import { givingWay, runChild } from "../runner/child.ts";

const test = suite("giving way");
/** Its own priority, and that of a program which it starts. */
const TELL = `const { getPriority } = require("node:os");
console.log(getPriority());
if (process.argv[1] !== "last") require("node:child_process").spawnSync(process.execPath, ["-e", process.argv[2], "last"], { stdio: "inherit" });`;

async function told(): Promise<number[]> {
  const { output } = await runChild(process.execPath, ["-e", TELL, "first", TELL], {
    limitS: 60,
    quiet: true,
  });
  return output.trim().split("\n").map(Number);
}

test("what work that gives way starts, and what that starts, has a lower priority; other work at the same time has not", async () => {
  const [giving, other] = await Promise.all([givingWay(told), told()]);
  const own = getPriority();
  equal(other, [own, own]);
  const lower = Math.min(own + 10, 19);
  ok(lower > own, "this test itself has the lowest priority there is: nothing can be shown");
  equal(giving, [lower, lower]);
});

test.run();
