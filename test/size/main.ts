/**
 * `make size`: program memory and heap by module for the boards, beside what board/sizes.json says. Exit code 1 when a total has
 * grown by more than a hundredth or is over its budget; `make size RECORD=1` writes the file anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { flashOf, totalOf, type SizeTable } from "../../board/build/mps2-flash.ts";
import { buildEspruinoImage, buildQemuImage } from "../built-images.ts";
import { bundleOf } from "./espruino.ts";
import { heapOf } from "./heap.ts";

const RECORDED = "board/sizes.json";
const TOLERANCE = 1.01;
const NAME = 44;
const COLUMN = 10;

const recorded = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.number())));
type Recorded = z.infer<typeof recorded>;

/** One kind of memory of one board. Budgets of mps2-an386: design, section 5. */
interface Measured {
  readonly board: string;
  readonly what: string;
  readonly budgetBytes: number;
  readonly table: SizeTable;
}

async function measureMps2(): Promise<Measured[]> {
  const { elf, program } = buildQemuImage("build/size/mps2");
  const rom = "build/size/mps2/rom.bin";
  const board = "mps2-an386";
  return [
    { board, what: "flash", budgetBytes: 512 * 1024, table: flashOf(elf, rom) },
    { board, what: "heap", budgetBytes: 320 * 1024, table: await heapOf(program, rom) },
  ];
}

async function measureEspruino(): Promise<Measured> {
  const { program } = buildEspruinoImage("build/size/espruino");
  const table = await bundleOf(program.replace(/\.min\.js$/, ".js"), program);
  return { board: "espruino", what: "bundle", budgetBytes: 120 * 1024, table };
}

function row(name: string, now: number, before: number): string {
  const change = now === before ? "" : `${now > before ? "+" : ""}${now - before}`;
  return name.padEnd(NAME) + [now, before, change].map((value) => String(value).padStart(COLUMN)).join("");
}

/** Prints one table; whether it may stay so. */
function print({ board, what, budgetBytes, table }: Measured, file: Recorded): boolean {
  const before = file[board]?.[what] ?? {};
  const names = [...new Set([...table.keys(), ...Object.keys(before)])].sort();
  console.log(
    `\n${board}, ${what} in bytes`.padEnd(NAME + 1) + "now".padStart(COLUMN) + "recorded".padStart(COLUMN),
  );
  for (const name of names) console.log(row(name, table.get(name) ?? 0, before[name] ?? 0));
  const total = totalOf(table);
  const totalBefore = Object.values(before).reduce((sum, bytes) => sum + bytes, 0);
  console.log(row(`total, of ${budgetBytes}`, total, totalBefore));
  if (total > budgetBytes) console.error(`${board}: ${what} is over its budget`);
  else if (total <= totalBefore * TOLERANCE) return true;
  else
    console.error(`${board}: ${what} has grown; if it must, \`make size RECORD=1\` writes ${RECORDED} anew`);
  return false;
}

function record(all: readonly Measured[]): void {
  const file: Recorded = {};
  for (const { board, what, table } of all)
    file[board] = {
      ...file[board],
      [what]: Object.fromEntries([...table].sort(([one], [other]) => (one < other ? -1 : 1))),
    };
  writeFileSync(RECORDED, `${JSON.stringify(file, undefined, 2)}\n`);
}

const all = [...(await measureMps2()), await measureEspruino()];
if (process.env["RECORD"] === "1") record(all);
const file = recorded.parse(JSON.parse(readFileSync(RECORDED, "utf8")));
if (!all.map((one) => print(one, file)).every(Boolean)) process.exitCode = 1;
