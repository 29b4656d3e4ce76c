/** What a firmware developer is promised: a minute from cloning to the running simulator. */
import { suite } from "uvu";
import { is, match, ok } from "uvu/assert";
import { openFreshClone } from "../bench/fresh-clone.ts";

const test = suite("a fresh clone");
const LIMIT_S = 60;

test("make sim in a fresh clone, no terminal attached: its page answers within 60 s, npm's cache being warm", async () => {
  const { seconds, status, text } = await openFreshClone();
  console.log(`\nfrom git clone to the page: ${seconds.toFixed(1)} s`);
  is(status, 200);
  match(text, /<html/);
  ok(seconds <= LIMIT_S, `${seconds} s`);
});

test.run();
