import { suite } from "uvu";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { is } from "uvu/assert";
import { checkCommandApdu } from "../portable/command-apdu.cases.ts";

const test = suite("command-apdu");

test("the seven encodings are told apart and all else is refused by its cause", () => {
  checkCommandApdu({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
