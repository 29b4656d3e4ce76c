import { suite } from "uvu";
import { is } from "uvu/assert";
import { nearest, noSuch } from "../../../host-sim/scenario-file/nearest.ts";

const test = suite("nearest name");
const NAMES = ["insert", "pin", "ok", "wrong", "card-suspended"];

test("a letter too many, too few, another one, or two swapped is what was meant", () => {
  is(nearest("innsert", NAMES), "insert");
  is(nearest("insrt", NAMES), "insert");
  is(nearest("onsert", NAMES), "insert");
  is(nearest("pni", NAMES), "pin");
  is(nearest("CARD-SUSPEND", NAMES), "card-suspended");
});

test("what is far from every name, or endless, is not guessed", () => {
  is(nearest("remove", NAMES), undefined);
  is(nearest("", NAMES), undefined);
  is(nearest("insert".repeat(10_000), NAMES), undefined);
});

test("what was written is quoted, and cut when it is long", () => {
  is(noSuch("pni", "page", ["pin"]), '"pni" is no page: did you mean pin? there are pin');
  is(noSuch("x".repeat(99), "page", ["pin"]), `"${"x".repeat(40)}" is no page: there are pin`);
});

test.run();
