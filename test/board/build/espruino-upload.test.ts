/** The upload against a Storage in memory: its expressions are evaluated as they are, on a line that may harm what it carries. */
import { createContext, runInContext } from "node:vm";
import { crc32 } from "node:zlib";
import { suite } from "uvu";
import { equal, instance, is, match } from "uvu/assert";
import { DeviceError } from "../../../board/build/espruino-device.ts";
import { BOOT_RECORD, makeFirmware } from "../../../board/build/espruino-firmware.ts";
import { Upload } from "../../../board/build/espruino-upload.ts";

const test = suite("upload to an Espruino board");
const STORAGE_BYTES = 100_000;
const CHUNKS = 3;
const FIRMWARE = makeFirmware({ program: Buffer.alloc(CHUNKS * 1024, "program ") });
const FILE = FIRMWARE.files[0]!.name;
const OLD = 'print("old")';

/** `Storage` of Espruino as far as an upload uses it, and the rest of what it evaluates: strings are bytes. */
class Device {
  /** What the line makes of an expression on its way. */
  onLine: (expression: string) => string = (expression) => expression;
  readonly files = new Map<string, Buffer>([[BOOT_RECORD, Buffer.from(OLD)]]);
  readonly written: string[] = [];
  private readonly context = createContext({
    E: { CRC32: (text: string) => crc32(Buffer.from(text, "latin1")) },
    process: { env: { BOARD: "TEST", MODULES: "Storage" } },
    atob: (text: string) => Buffer.from(text, "base64").toString("latin1"),
    require: () => ({
      read: (name: string, from = 0, length?: number) =>
        this.files
          .get(name)
          ?.subarray(from, length === undefined ? undefined : from + length)
          .toString("latin1"),
      write: (name: string, data: string, at = 0, size = data.length) => this.write(name, data, at, size),
      erase: (name: string) => void this.files.delete(name),
      list: () => [...this.files.keys()],
      getFree: () => STORAGE_BYTES,
      compact: () => undefined,
    }),
  });

  evaluate(expression: string): Promise<unknown> {
    return Promise.resolve(runInContext(this.onLine(expression), this.context));
  }

  bootRecord(): string {
    return this.files.get(BOOT_RECORD)!.toString("latin1");
  }

  /** Erased flash is 0xff; what is there stays where nothing is written. */
  private write(name: string, data: string, at: number, size: number): boolean {
    const file = at === 0 && data.length === size ? undefined : this.files.get(name);
    const bytes = file ?? Buffer.alloc(size, 0xff);
    bytes.write(data, at, "latin1");
    this.files.set(name, bytes);
    this.written.push(`${name} ${at}`);
    return true;
  }
}

async function uploaded(device: Device): Promise<{ notes: string[]; failed: unknown }> {
  const notes: string[] = [];
  const options = { board: "TEST", onProgress: () => undefined, onNote: (text: string) => notes.push(text) };
  const failed = await new Upload(device, FIRMWARE, options).run().catch((error: unknown) => error);
  return { notes, failed };
}

/** Makes another letter of the first of every chunk's base64, as long as `isBad` says so. */
function harming(isBad: () => boolean): (expression: string) => string {
  return (expression) =>
    expression.includes('atob("') && isBad() ? expression.replace(/atob\("./, 'atob("A') : expression;
}

test("on a good line each chunk is written once, and the boot record last", async () => {
  const device = new Device();
  const { failed } = await uploaded(device);
  is(failed, undefined);
  equal(device.written, [`${FILE} 0`, `${FILE} 1024`, `${FILE} 2048`, `${BOOT_RECORD} 0`]);
  is(device.bootRecord(), FIRMWARE.bootRecord);
  is(Buffer.compare(device.files.get(FILE)!, FIRMWARE.files[0]!.bytes), 0);
});

test("a chunk that the line changes is told, not written, and sent again", async () => {
  const device = new Device();
  let sent = 0;
  device.onLine = harming(() => ++sent % 2 === 1);
  const { notes, failed } = await uploaded(device);
  is(failed, undefined);
  is(notes.filter((text) => text.endsWith("were not written (damaged)")).length, CHUNKS);
  is(device.written.filter((text) => text.startsWith(FILE)).length, CHUNKS);
  is(Buffer.compare(device.files.get(FILE)!, FIRMWARE.files[0]!.bytes), 0);
});

test("a line that changes every chunk ends the upload with the place: nothing is written, the old firmware starts", async () => {
  const device = new Device();
  device.onLine = harming(() => true);
  const { notes, failed } = await uploaded(device);
  instance(failed, DeviceError);
  match(String(failed), /could not write 1024 bytes at 0: flash again/);
  is(notes.length, 3);
  equal([device.written, device.bootRecord()], [[], OLD]);
});

test.run();
