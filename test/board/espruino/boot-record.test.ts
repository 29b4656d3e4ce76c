/** The boot record, run as the interpreter runs it: the firmware is started, or left alone while somebody wants service. */
import vm from "node:vm";
import { suite } from "uvu";
import { equal, is, not } from "uvu/assert";
import { BOOT_RECORD, makeFirmware, OUR_PREFIX } from "../../../board/build/espruino-firmware.ts";
import { PINS } from "../../../board/espruino/pins.ts";

const test = suite("boot record");
const PROGRAM = Buffer.from('seen.push("started with " + madoguchiRom)');
const ROM = Buffer.from("tables");

/** What happens at power-up with the case key's contact at `level`. */
function powerUp(level: number): string[] {
  const { files, bootRecord } = makeFirmware({ program: PROGRAM, rom: ROM, servicePin: PINS.serviceKeyN });
  const seen: string[] = [];
  const lent = {
    seen,
    Pin: class {
      constructor(readonly number: number) {}
    },
    pinMode: (pin: { number: number }, mode: string) => void seen.push(`GP${pin.number} ${mode}`),
    digitalRead: () => level,
    print: (text: string) => void seen.push(text),
    require: () => ({
      read: (name: string) => files.find((file) => file.name === name)?.bytes.toString("latin1"),
    }),
  };
  vm.runInNewContext(bootRecord, lent);
  return seen;
}

const [ROM_FILE, PROGRAM_FILE] = makeFirmware({ program: PROGRAM, rom: ROM }).files.map(({ name }) => name);

test("with the case key at rest it starts the program, which is told where its tables are", () => {
  equal(powerUp(1), [`GP${PINS.serviceKeyN} input_pullup`, `started with ${ROM_FILE}`]);
});

test("with the case key in service nothing starts and the console stays", () => {
  equal(powerUp(0), [`GP${PINS.serviceKeyN} input_pullup`, "service"]);
});

test("another program has another name, so that it is written beside the old one", () => {
  const other = makeFirmware({ program: Buffer.from("another"), rom: ROM }).files.map(({ name }) => name);
  is(other[0], ROM_FILE);
  not(other[1] === PROGRAM_FILE);
});

test("names fit into Storage, and no file of ours is the record", () => {
  for (const name of [ROM_FILE, PROGRAM_FILE]) is((name ?? "").length <= 28, true);
  is(BOOT_RECORD.startsWith(OUR_PREFIX), false);
});

test.run();
