/** A firmware that leaves something behind, or takes longer for one digit, is caught by the whole way over the emulated board. */
import { readFileSync, writeFileSync } from "node:fs";
import { suite } from "uvu";
import { is, match, ok } from "uvu/assert";
import { buildMps2 } from "../../board/build/build-mps2.ts";
import type { QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import { otherPin } from "../../host-sim/scenario/entry-cards.ts";
import { buildQemuImage } from "../built-images.ts";
import { differencesOf } from "./compare-memory.ts";
import { LONG_ENTRIES } from "./long-entries.ts";
import { tellWatched, type MemoryRun } from "./memory-run.ts";
import { FORMS, search } from "./search.ts";

const test = suite("forensic holes");
const FOLDER = "build/forensics/holes";
const IMAGE = buildQemuImage(FOLDER);
const PIN = "907182635498";

interface Hole {
  readonly what: string;
  /** A text that stands once in the program, and what it becomes. */
  readonly from: string;
  readonly to: string;
  /** The way out on which it shows, by name. */
  readonly way: string;
  /** In which it is found; none when it shows by the comparison alone. */
  readonly form?: string;
}

const HOLES: readonly Hole[] = [
  {
    what: "the entry is not wiped",
    from: "self.natives:wipe(self.buffer)",
    to: "self.natives:fill(self.buffer, 0, 0, 0)",
    way: "取消",
    form: "digits",
  },
  {
    what: "the command is not wiped",
    from: "self.natives:wipe(self.command)",
    to: "self.natives:fill(self.command, 0, 0, 0)",
    way: "right",
    form: "ASCII",
  },
  {
    what: "keys are kept in a table of Lua's",
    from: "self.buffer[self.count] = digit",
    to: "self.buffer[self.count] = digit kept = kept or {} kept[self.count + 1] = digit",
    way: "the card is pulled",
    form: "digits",
  },
  {
    what: "the sum of the digits is kept",
    from: "self.buffer[self.count] = digit",
    to: "self.buffer[self.count] = digit kept = (kept or 0) + digit",
    way: "nobody goes on",
  },
  {
    what: "a digit takes longer",
    from: "self.buffer[self.count] = digit",
    to: "self.buffer[self.count] = digit for i = 1, digit * 20 do local n = i * i end",
    way: "取消",
  },
];

async function imageWith({ from, to }: Hole, number: number): Promise<QemuImage> {
  const text = readFileSync(IMAGE.program, "utf8");
  is(text.split(from).length, 2, `${from} stands once in the program`);
  const program = `${FOLDER}/hole-${number}.lua`;
  writeFileSync(program, text.replace(from, to));
  const elf = `${FOLDER}/hole-${number}.elf`;
  await buildMps2({ program, rom: `${FOLDER}/rom.bin`, elf });
  return { elf };
}

function formsFound({ end }: MemoryRun): string[] {
  return FORMS.filter((form) => search(end, PIN, form).length > 0).map(({ name }) => name);
}

for (const [number, hole] of HOLES.entries()) {
  test(`caught: ${hole.what}`, async () => {
    const image = await imageWith(hole, number);
    const way = LONG_ENTRIES.find(({ name }) => name === hole.way)!;
    const [one, other] = [PIN, otherPin(PIN)].map((pin) => tellWatched(way, pin, image));
    match(differencesOf(one!, other!).join("\n"), /differ|instructions/);
    const found = formsFound(one!);
    ok(hole.form === undefined ? found.length === 0 : found.includes(hole.form), found.join(", "));
  });
}

test.run();
