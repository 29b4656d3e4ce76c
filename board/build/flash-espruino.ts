/**
 * `tsx board/build/flash-espruino.ts PORT [PROGRAM [ROM [BOARD]]]`: brings the firmware to an Espruino board whose console is at
 * PORT, with the case key in service. ROM `-`: none. What an interrupted run left is completed by the next one.
 */
import { readFileSync } from "node:fs";
import { DeviceError, EspruinoDevice } from "./espruino-device.ts";
import { makeFirmware, type FirmwareParts } from "./espruino-firmware.ts";
import { CHUNK_BYTES, Upload } from "./espruino-upload.ts";

const BUILT = { program: "build/espruino/app.min.js", rom: "build/rom/rom.bin", board: "RP2350_PICO2" };
/** `PINS.serviceKeyN` of board/espruino/pins.ts; no other board has the switch. */
const SERVICE_PIN = 28;

const [port, program = BUILT.program, rom = BUILT.rom, board = BUILT.board] = process.argv.slice(2);

function parts(): FirmwareParts {
  const tables = rom === "-" ? {} : { rom: readFileSync(rom) };
  const service = board === BUILT.board ? { servicePin: SERVICE_PIN } : {};
  return { program: readFileSync(program), ...tables, ...service };
}

/** The line that the progress is written on has not come to its end. */
let isLineOpen = false;

function endLine(): void {
  if (isLineOpen) process.stdout.write("\n");
  isLineOpen = false;
}

/** Not by console, which the device's package has (espruino-device.ts). */
function say(text: string): void {
  endLine();
  process.stdout.write(`${text}\n`);
}

function fail(text: string): never {
  endLine();
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** One line that is written over on a screen, a line for each tenth elsewhere. */
function showProgress(file: string, doneBytes: number, ofBytes: number): void {
  const text = `${file}: ${doneBytes} of ${ofBytes} bytes`;
  const tenth = (bytes: number): number => Math.floor((bytes * 10) / ofBytes);
  if (process.stdout.isTTY) {
    process.stdout.write(`\r${text}`);
    isLineOpen = true;
    if (doneBytes === ofBytes) endLine();
  } else if (tenth(doneBytes) > tenth(doneBytes - CHUNK_BYTES)) say(text);
}

async function flash(path: string): Promise<void> {
  const closed = (): never =>
    fail(`${path} is gone: the old firmware starts; \`make flash\` again completes the new one`);
  const device = await EspruinoDevice.open(path, closed);
  const options = { board, onProgress: showProgress, onNote: say };
  await new Upload(device, makeFirmware(parts()), options).run();
  say("done: turn the case key back and switch the terminal off and on");
  // The package's own timers would keep the process.
  process.exit(0);
}

if (port === undefined) fail("usage: make flash BOARD=espruino PORT=/dev/ttyACM0");
flash(port).catch((error: unknown) => fail(error instanceof DeviceError ? error.message : String(error)));
