/** `make flash` against a real interpreter, through a pty: from an empty Storage, broken off at every chunk, and on a wrong board. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import { is, match, not } from "uvu/assert";
import { makeFirmware } from "../../board/build/espruino-firmware.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import { buildEspruinoImage } from "../built-images.ts";
import { ConsoleDevice } from "./console-device.ts";
import { flash, killFlashing, startFlashing } from "./flashing.ts";
import { said } from "./said.ts";

const test = suite("flashing an Espruino board");
const FOLDER = "build/espruino-flash";
const CHUNK_BYTES = 1024;
const SMALL_CHUNKS = 5;
/** Within a chunk's base64. */
const SPOILT_AT = 500;
const LETTER_A = 0x41;

mkdirSync(FOLDER, { recursive: true });

/** A program of a few chunks that says its name when it starts. */
function smallProgram(name: string): string {
  const path = `${FOLDER}/${name}.js`;
  const text = `print("this is ${name}");`;
  writeFileSync(path, text + " ".repeat(SMALL_CHUNKS * CHUNK_BYTES - text.length - 10));
  return path;
}

const OLD = smallProgram("old");
const NEW = smallProgram("new");

function nameOf(program: string): string {
  return makeFirmware({ program: readFileSync(program) }).files[0]!.name;
}

async function deviceWithOld(): Promise<ConsoleDevice> {
  const device = new ConsoleDevice().start();
  const { output, code } = await flash(device.path, OLD);
  is(code, 0, output);
  await device.cut();
  return device;
}

test("the image is flashed with its progress shown and its hash read back, and starts from Storage", async () => {
  const image = buildEspruinoImage("build/espruino-flash");
  const device = new ConsoleDevice().start();
  const { output, code } = await flash(device.path, image.program);
  is(code, 0, output);
  const bytes = readFileSync(image.program).length;
  match(output, new RegExp(`: ${bytes} of ${bytes} bytes`));
  match(output, new RegExp(`${nameOf(image.program)} verified, sha256 `));
  is(output.match(/ of \d+ bytes/g)?.length, 10);
  await device.cut();
  const simulator = new Simulator({
    engine: "espruino",
    images: { espruino: { ...image, folder: device.folder } },
  });
  simulator.runFor(100);
  is(simulator.page(), "insert");
  simulator.close();
});

test("a new firmware replaces the old one, whose file is erased", async () => {
  const device = await deviceWithOld();
  device.start();
  is((await flash(device.path, NEW)).code, 0);
  await device.cut();
  match(said(device.folder), /this is new/);
  const listed = said(device.folder, 'print(require("Storage").list().join())');
  match(listed, nameOf(NEW));
  not.match(listed, nameOf(OLD));
});

test("flashing the same firmware again writes nothing", async () => {
  const device = await deviceWithOld();
  const before = readFileSync(join(device.folder, "espruino.flash"));
  device.start();
  const { output, code } = await flash(device.path, OLD);
  is(code, 0, output);
  match(output, /is there already/);
  await device.cut();
  is(Buffer.compare(before, readFileSync(join(device.folder, "espruino.flash"))), 0);
});

/** Flashes anew with a break at each chunk: what was there must start, and the next run must go on behind the last chunk. */
async function breakAtEveryChunk(cut: "tool" | "power"): Promise<void> {
  for (let chunk = 1; chunk <= SMALL_CHUNKS; chunk++) {
    const device = await deviceWithOld();
    device.start();
    const running = startFlashing(device.path, NEW);
    device.cutAt = chunk;
    device.onCut = () => (cut === "tool" ? killFlashing(running) : void device.cut());
    const { output, code } = await running.ended;
    not(code === 0, `broken off at chunk ${chunk}: ${output}`);
    await device.cut();
    match(said(device.folder), /this is old/, `broken off at chunk ${chunk}`);
    device.cutAt = Number.POSITIVE_INFINITY;
    device.start();
    const second = await flash(device.path, NEW);
    is(second.code, 0, second.output);
    const goesOn = new RegExp(`goes on after ${chunk - 1} of ${SMALL_CHUNKS} chunks`);
    if (chunk > 1) match(second.output, goesOn);
    await device.cut();
    match(said(device.folder), /this is new/);
  }
}

test("the tool is killed while any chunk arrives: the old firmware starts, and the next run goes on", async () => {
  await breakAtEveryChunk("tool");
});

test("the power fails while any chunk arrives: the old firmware starts, and the next run goes on", async () => {
  await breakAtEveryChunk("power");
});

test("an upload goes on without a power cut too: the board forgets half a packet", async () => {
  const device = await deviceWithOld();
  device.start();
  const running = startFlashing(device.path, NEW);
  device.cutAt = 3;
  device.onCut = () => killFlashing(running);
  await running.ended;
  device.cutAt = Number.POSITIVE_INFINITY;
  const { output, code } = await flash(device.path, NEW);
  is(code, 0, output);
  match(output, /goes on after 2 of 5 chunks/);
  await device.cut();
  match(said(device.folder), /this is new/);
});

/** What the line makes of one byte in a chunk's base64, and what the tool says of it. */
const SPOILT = [
  { how: "lost", onLine: () => [], told: undefined },
  {
    how: "changed",
    onLine: (byte: number) => [byte === LETTER_A ? LETTER_A + 1 : LETTER_A],
    told: /were not written \(damaged\)/,
  },
];

for (const { how, onLine, told } of SPOILT)
  test(`a byte of a chunk is ${how} on the line: the chunk is sent again, and the firmware is whole`, async () => {
    const device = await deviceWithOld();
    let spoilt = 0;
    device.onLine = (byte, chunk, at) => {
      if (chunk !== 2 || at !== SPOILT_AT) return [byte];
      spoilt++;
      return onLine(byte);
    };
    device.start();
    const { output, code } = await flash(device.path, NEW);
    is(code, 0, output);
    is(spoilt, 1);
    if (told) match(output, told);
    await device.cut();
    match(said(device.folder), /this is new/);
  });

test("a chunk that is damaged in the flash is found, and its file written anew", async () => {
  const device = await deviceWithOld();
  const path = join(device.folder, "espruino.flash");
  const bytes = readFileSync(path);
  const at = bytes.indexOf("this is old");
  bytes[at] = bytes[at]! & 0x0f;
  writeFileSync(path, bytes);
  device.start();
  const { output, code } = await flash(device.path, OLD);
  is(code, 0, output);
  not.match(output, /is there already/);
  await device.cut();
  match(said(device.folder), /this is old/);
});

test("another board than the firmware is for is told, and nothing is written", async () => {
  const device = new ConsoleDevice().start();
  const { output, code } = await flash(device.path, NEW, "RP2350_PICO2");
  is(code, 1);
  match(output, /the device is a LINUX, not a RP2350_PICO2: nothing is written/);
  await device.cut();
  is(said(device.folder, 'print("[" + require("Storage").list().join() + "]")').includes("[]"), true);
});

test("a port that is not there is told by its name", async () => {
  const { output, code } = await flash("/nowhere/tty", NEW);
  is(code, 1);
  match(output, /\/nowhere\/tty/);
});

test.run();
