/** Same rhythm, other digits: everything but the keypad's contacts and the card's wire is the same, byte and time. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { ENTRIES } from "../../host-sim/scenario/entries.ts";
import { compare, somePins, tell } from "./runs.ts";

const PINS = 50;
/** Stories in which only the first digits are typed have fewer different ones. */
const DIFFERENT = 40;

const test = suite("same-rhythm");
const channels = new Set<string>();
let differences = 0;

for (const scenario of ENTRIES) {
  test(`nothing tells which PIN was typed: ${scenario.name}`, () => {
    const result = compare(scenario, somePins(scenario.digits, PINS));
    equal([...result.pages], [scenario.page]);
    ok(result.typed >= DIFFERENT, `${result.typed} different PINs`);
    differences += result.differences.length;
    for (const channel of result.channels) channels.add(channel);
    equal(result.differences, []);
  });
}

test("the stories have different names, and each is the same when told twice", () => {
  is(new Set(ENTRIES.map((each) => each.name)).size, ENTRIES.length);
  const scenario = ENTRIES[0]!;
  equal(tell(scenario, "1357").lines, tell(scenario, "1357").lines);
});

test("every channel of the world took part", () => {
  const expected = [
    "card-in",
    "card-out",
    "card-supply",
    "complaints",
    "keys",
    "line-in",
    "line-out",
    "pins",
  ];
  equal([...channels].sort(), [...expected, "scan", "spi", "tone", "vcom"]);
  console.log(
    `\n${ENTRIES.length} scenarios x ${PINS} PINs x ${channels.size} channels, ${differences} differences`,
  );
});

test.run();
