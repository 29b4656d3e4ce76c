/** The machine under the C runtime: its UART, timer, watchdog and sleep, its memory protection, and what survives a reset. */
import { suite } from "uvu";
import { equal, is, match, ok } from "uvu/assert";
import { runImage, type BoardRun } from "./run-image.ts";
import { buildSmoke } from "./test-images.ts";

const test = suite("the board itself");
let elf = "";
test.before(async () => {
  elf = await buildSmoke();
});

const FIRST_BOOT = "boot 1\nreason 0\npart 255\n";

function secondBoot(reason: number, part: number): string {
  return `boot 2\nreason ${reason}\npart ${part}\n`;
}

/** What an experiment has said, and with what it ended. */
function said(word: string): BoardRun {
  return runImage(elf, [word]);
}

test("text and numbers arrive on the UART", () => {
  equal(said("uart"), { log: `${FIRST_BOOT}text, 0 4294967295 0123cdef\n`, status: 0 });
});

test("the timer counts instructions, five a tick, and the same ones in every run", () => {
  const { log } = said("timer");
  match(log, /100000 turns: 4000[01]\n200000 turns: 8000[01]\n/);
  equal(said("timer").log, log);
});

/** The emulator wakes it late when its host is busy, so nothing of the firmware may count on it: waiting for the bus is its sleep. */
test("the processor sleeps in WFI until the timer wakes it, with its interrupts masked", () => {
  const { log, status } = said("sleep");
  const found = log.match(/^woken: (\d+)\nwhole ms: (\d+)$/m);
  is(found?.[1], "1", log);
  ok(Number(found?.[2]) >= 10, log);
  is(status, 0);
});

test("the watchdog bites 500 ms after the last feeding, names the part, and resets", () => {
  const fed = Array.from({ length: 14 }, (_, tenth) => `ms: ${100 * (tenth + 1)}\n`).join("");
  const log = `${FIRST_BOOT}${fed}watchdog: part 1 hangs\n${secondBoot(1, 1)}`;
  equal(said("watchdog"), { log, status: 0 });
});

/** CFSR (DDI 0403E, B3.2.15): UNDEFINSTR; PRECISERR and BFARVALID; DACCVIOL and MMARVALID; IACCVIOL; with MSTKERR. */
for (const [word, what, registers] of [
  ["undefined", "an instruction that is none", "cfsr 00010000 "],
  ["read-nowhere", "a read where nothing is", "cfsr 00008200 bfar 70000000"],
  ["write-code", "a write to program memory", "cfsr 00000082 "],
  ["execute-ram", "a jump into RAM", "cfsr 00000001 "],
  ["overflow", "a stack that grows too far", "cfsr 00000092 "],
] as const) {
  test(`${what} is told on the log, resets the board, and is known after the reset`, () => {
    const { log, status } = said(word);
    match(log, new RegExp(`^${FIRST_BOOT}fault: pc [0-9a-f]{8} lr [0-9a-f]{8} ${registers}`));
    is(log.endsWith(`\n${secondBoot(2, 255)}`), true, log);
    is(status, 0);
  });
}

test("a board that faults again before it has run halts", () => {
  const { log, status } = said("fault-again");
  is(log.match(/^fault: /gm)?.length, 2);
  match(log, /halted: it failed again before it ran\n$/);
  is(status, 1);
});

test("a reset from outside leaves no reason behind", () => {
  equal(said("reset"), { log: FIRST_BOOT + secondBoot(0, 255), status: 0 });
});

test("a record that does not add up is not believed", () => {
  equal(said("brown-out"), { log: FIRST_BOOT + secondBoot(0, 255), status: 0 });
});

test.run();
