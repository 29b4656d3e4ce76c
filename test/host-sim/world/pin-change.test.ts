/** ChangePin over the sealed line: what reaches the card, what its two PINs are after every story, what is told and stored. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { ALL, ChangeBench, ChangeCard, NEW, OLD } from "./change-bench.ts";

const test = suite("pin change");
const OK = 0;

test("old, new, new again: both PINs are the new one, by five commands", () => {
  const bench = new ChangeBench();
  const card = new ChangeCard();
  const id = bench.asked(card);
  bench.typeAll();
  const done = bench.result();
  equal([done.outcome, done.object], [OK, 0]);
  is(bench.simulator.page(), "changed");
  equal(card.commands, ALL);
  equal(card.values(), [NEW, NEW]);
  equal(bench.check.getResult(id), done);
  bench.leave();
  equal(bench.check.journal(), [
    [1, 0, 0],
    [2, 0, 0],
    [2, 1, 0],
    [3, OK, 0],
  ]);
  bench.close();
});

test.run();
