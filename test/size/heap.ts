/** What takes the heap of board/mps2-an386 while the idle page is shown, by the module whose code has asked for it. */
import { buildMps2 } from "../../board/build/build-mps2.ts";
import { sourcesOfFunctions } from "../../board/build/line-map.ts";
import { readLines, type SizeTable } from "../../board/build/mps2-flash.ts";
import { readCost } from "../../host-sim/engine/board-meter.ts";
import { RAM_BLOCKS } from "../../host-sim/engine/qemu-memory.ts";
import { Counter } from "../../host-sim/scenario/counter.ts";

/** Of heap-owners.c. */
const FUNCTIONS = 4096;
const MEASURE = {
  sources: ["test/size/heap-owners.c"],
  wrapped: ["heap_allocate"],
};
const RUNTIME = "Lua's state, names and natives";
const LIBRARY = "TypeScriptToLua's library";
const SETTLE_MS = 200;

/** Bytes asked for by each function; element 0 is nobody's. Throws when they are not all of the heap. */
function ownersOf(elf: string): number[] {
  let owners: Buffer = Buffer.alloc(0);
  let heapBytes = 0;
  const counter = new Counter({
    engine: "qemu",
    images: {
      qemu: {
        elf,
        observe: (memory) => {
          owners = memory.read(RAM_BLOCKS[1].base, FUNCTIONS * 4);
          heapBytes = readCost(memory).heapBytes;
        },
      },
    },
  });
  counter.simulator.runFor(SETTLE_MS);
  counter.simulator.close();
  const bytes = Array.from({ length: FUNCTIONS }, (_, at) => owners.readUInt32LE(at * 4));
  const sum = bytes.reduce((one, other) => one + other, 0);
  if (sum !== heapBytes) throw new Error(`the heap's owners have ${sum} of ${heapBytes} bytes`);
  return bytes;
}

/** Builds the Lua program at `program` once more, with a counter, and runs it. */
export async function heapOf(program: string, rom: string): Promise<SizeTable> {
  const elf = "build/size/heap-owners.elf";
  await buildMps2({ program, rom, elf, added: MEASURE });
  const sources = sourcesOfFunctions(readLines(elf));
  const table = new Map<string, number>();
  ownersOf(elf).forEach((bytes, owner) => {
    const name = owner === 0 ? RUNTIME : sources[owner - 1] || LIBRARY;
    if (bytes > 0) table.set(name, (table.get(name) ?? 0) + bytes);
  });
  return table;
}
