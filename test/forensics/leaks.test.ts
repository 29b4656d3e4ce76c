/** A firmware that leaves something behind, or takes longer for one digit, is caught by the whole way over the emulated board. */
import { suite } from "uvu";
import { match, ok } from "uvu/assert";
import { otherPin } from "../../host-sim/scenario/entry-cards.ts";
import { differencesOf } from "./compare-memory.ts";
import type { Hole } from "./hole-build.ts";
import { buildHole } from "./holed-images.ts";
import { LONG_ENTRIES } from "./long-entries.ts";
import { tellWatched, type MemoryRun } from "./memory-run.ts";
import { FORMS, search } from "./search.ts";

const test = suite("leaks");
const PIN = "907182635498";

interface Leak extends Hole {
  /** The way out on which it shows, by name. */
  readonly way: string;
  /** In which it is found; none when it shows by the comparison alone. */
  readonly form?: string;
}

const LEAKS: readonly Leak[] = [
  {
    name: "the entry is not wiped",
    from: "self.natives:wipe(self.buffer)",
    to: "self.natives:fill(self.buffer, 0, 0, 0)",
    way: "取消",
    form: "digits",
  },
  {
    name: "the command is not wiped",
    from: "self.natives:wipe(self.command)",
    to: "self.natives:fill(self.command, 0, 0, 0)",
    way: "right",
    form: "ASCII",
  },
  {
    name: "keys are kept in a table of Lua's",
    from: "self.buffer[self.count] = digit",
    to: "self.buffer[self.count] = digit kept = kept or {} kept[self.count + 1] = digit",
    way: "the card is pulled",
    form: "digits",
  },
  {
    name: "the sum of the digits is kept",
    from: "self.buffer[self.count] = digit",
    to: "self.buffer[self.count] = digit kept = (kept or 0) + digit",
    way: "nobody goes on",
  },
  {
    name: "a digit takes longer",
    from: "self.buffer[self.count] = digit",
    to: "self.buffer[self.count] = digit for i = 1, digit * 20 do local n = i * i end",
    way: "取消",
  },
];

function formsFound({ end }: MemoryRun): string[] {
  return FORMS.filter((form) => search(end, PIN, form).length > 0).map(({ name }) => name);
}

for (const [number, leak] of LEAKS.entries()) {
  test(`caught: ${leak.name}`, async () => {
    const image = await buildHole({ ...leak, name: `leak-${number}` });
    const way = LONG_ENTRIES.find(({ name }) => name === leak.way)!;
    const [one, other] = [PIN, otherPin(PIN)].map((pin) => tellWatched(way, pin, image));
    match(differencesOf(one!, other!).join("\n"), /differ|instructions/);
    const found = formsFound(one!);
    ok(leak.form === undefined ? found.length === 0 : found.includes(leak.form), found.join(", "));
  });
}

test.run();
