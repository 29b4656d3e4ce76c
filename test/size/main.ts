/**
 * `make size`: program memory and heap by module for the boards, beside what board/sizes.json says. Exit code 1 when a total has
 * grown by more than a hundredth or is over its budget; `make size RECORD=1` writes the file anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { FLASH_BYTES } from "../../board/build/build-mps2.ts";
import { flashOf, totalOf, type SizeTable } from "../../board/build/mps2-flash.ts";
import { buildEspruinoImage, buildQemuImage } from "../built-images.ts";
import { bundleOf } from "./espruino.ts";
import { variablesOf } from "./espruino-variables.ts";
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
  readonly unit: string;
  readonly budget: number;
  readonly table: SizeTable;
}

async function measureMps2(): Promise<Measured[]> {
  const { elf, program } = buildQemuImage("build/size/mps2");
  const rom = "build/size/mps2/rom.bin";
  const board = "mps2-an386";
  return [
    { board, what: "flash", unit: "bytes", budget: FLASH_BYTES, table: flashOf(elf) },
    { board, what: "heap", unit: "bytes", budget: 320 * 1024, table: await heapOf(program, rom) },
  ];
}

/** Variables are counted where ESPRUINO names an interpreter. */
async function measureEspruino(): Promise<Measured[]> {
  const image = buildEspruinoImage("build/size/espruino");
  const bundle = await bundleOf(image.program.replace(/\.min\.js$/, ".js"), image.program);
  const board = "espruino";
  const flash = { board, what: "bundle", unit: "bytes", budget: 120 * 1024, table: bundle };
  if ((process.env["ESPRUINO"] ?? "") === "") {
    console.log("not shown: the heap on Espruino by module (ESPRUINO names no Linux build of it)");
    return [flash];
  }
  return [flash, { board, what: "heap", unit: "variables", budget: 10_000, table: await variablesOf(image) }];
}

function row(name: string, now: number, before: number): string {
  const change = now === before ? "" : `${now > before ? "+" : ""}${now - before}`;
  return name.padEnd(NAME) + [now, before, change].map((value) => String(value).padStart(COLUMN)).join("");
}

/** Prints one table; whether it may stay so. */
function print({ board, what, unit, budget, table }: Measured, file: Recorded): boolean {
  const before = file[board]?.[what] ?? {};
  const names = [...new Set([...table.keys(), ...Object.keys(before)])].sort();
  console.log(
    `\n${board}, ${what} in ${unit}`.padEnd(NAME + 1) + "now".padStart(COLUMN) + "recorded".padStart(COLUMN),
  );
  for (const name of names) console.log(row(name, table.get(name) ?? 0, before[name] ?? 0));
  const total = totalOf(table);
  const totalBefore = Object.values(before).reduce((sum, bytes) => sum + bytes, 0);
  console.log(row(`total, of ${budget}`, total, totalBefore));
  if (total > budget) console.error(`${board}: ${what} is over its budget`);
  else if (total <= totalBefore * TOLERANCE) return true;
  else
    console.error(`${board}: ${what} has grown; if it must, \`make size RECORD=1\` writes ${RECORDED} anew`);
  return false;
}

/** What was not measured stays as it was. */
function record(all: readonly Measured[], file: Recorded): void {
  for (const { board, what, table } of all)
    file[board] = {
      ...file[board],
      [what]: Object.fromEntries([...table].sort(([one], [other]) => (one < other ? -1 : 1))),
    };
  writeFileSync(RECORDED, `${JSON.stringify(file, undefined, 2)}\n`);
}

const all = [...(await measureMps2()), ...(await measureEspruino())];
const file = recorded.parse(JSON.parse(readFileSync(RECORDED, "utf8")));
if (process.env["RECORD"] === "1") record(all, file);
if (!all.map((one) => print(one, file)).every(Boolean)) process.exitCode = 1;
