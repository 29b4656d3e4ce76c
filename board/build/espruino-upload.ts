/**
 * Brings a firmware into Storage: whatever of it is not there yet, chunk by chunk, each acknowledged; reads the hash of every file
 * back; and only then writes the boot record. Broken off anywhere before that, the old firmware starts as before, and the next
 * run goes on behind the last chunk. Files that no record names any more are erased last.
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { DeviceError } from "./espruino-device.ts";
import { BOOT_RECORD, OUR_PREFIX, type Firmware, type StorageFile } from "./espruino-firmware.ts";

/** What an upload needs of a device. An expression may be evaluated more than once. */
export interface Evaluator {
  evaluate(expression: string): Promise<unknown>;
}

export interface UploadOptions {
  /** `process.env.BOARD` of the interpreter; nothing is written to another one. */
  readonly board: string;
  /** Called after each chunk. */
  readonly onProgress: (file: string, doneBytes: number, ofBytes: number) => void;
  readonly onNote: (text: string) => void;
}

/** Base64 of it and the call around it stay below the interpreter's buffer of received characters, 2048. */
export const CHUNK_BYTES = 1024;
const CHUNK_ATTEMPTS = 3;
const STORAGE = 'require("Storage")';
/** Of a chunk that nobody has written. */
const ERASED = 0xff;
/** Each file's header, and its rounding to words. */
const FILE_OVERHEAD_BYTES = 40;

function chunksOf(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / CHUNK_BYTES);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES));
}

/** The sums of all chunks of a file, or nothing when it is not there or has another length. */
function sumsExpression({ name, bytes }: StorageFile): string {
  const sum = `r.push(E.CRC32(s.read(${JSON.stringify(name)},i,${CHUNK_BYTES})))`;
  const loop = `for(var i=0;i<${bytes.length};i+=${CHUNK_BYTES})${sum};`;
  const check = `var t=s.read(${JSON.stringify(name)});if(t===undefined||t.length!=${bytes.length})return r;`;
  return `(function(){var s=${STORAGE},r=[];${check}${loop}return r})()`;
}

/** SHA-256 where the interpreter has it, else the sum that it has. */
function hashExpression(name: string): string {
  const sha = `"sha256 "+btoa(E.toString(require("crypto").SHA256(t)))`;
  const has = `(","+process.env.MODULES+",").indexOf(",crypto,")>=0`;
  return `(function(){var t=${STORAGE}.read(${JSON.stringify(name)});return ${has}?${sha}:"crc32 "+E.CRC32(t)})()`;
}

function hashOf(bytes: Buffer, like: unknown): string {
  if (String(like).startsWith("sha256 "))
    return `sha256 ${createHash("sha256").update(bytes).digest("base64")}`;
  return `crc32 ${crc32(bytes)}`;
}

export class Upload {
  constructor(
    private readonly device: Evaluator,
    private readonly firmware: Firmware,
    private readonly options: UploadOptions,
  ) {}

  /** Rejects with `DeviceError`; what started before starts again then. */
  async run(): Promise<void> {
    await this.checkBoard();
    for (const file of this.firmware.files) await this.bring(file);
    for (const file of this.firmware.files) await this.verify(file);
    await this.switchOver();
    await this.tidy();
  }

  private async checkBoard(): Promise<void> {
    const found = await this.device.evaluate("process.env.BOARD");
    if (found !== this.options.board)
      throw new DeviceError(
        `the device is a ${String(found)}, not a ${this.options.board}: nothing is written`,
      );
  }

  private async bring(file: StorageFile): Promise<void> {
    const from = await this.firstMissing(file);
    if (from === 0) await this.makeRoom(file);
    const chunks = chunksOf(file.bytes);
    for (const [index, chunk] of chunks.entries()) {
      if (index < from) continue;
      await this.write(file, index * CHUNK_BYTES, chunk);
      this.options.onProgress(file.name, index * CHUNK_BYTES + chunk.length, file.bytes.length);
    }
  }

  /** The chunk to go on with. A file with a chunk that is neither right nor unwritten is begun again. */
  private async firstMissing(file: StorageFile): Promise<number> {
    const found = await this.device.evaluate(sumsExpression(file));
    const sums = Array.isArray(found) ? found.map(Number) : [];
    const chunks = chunksOf(file.bytes);
    const wrong = chunks.findIndex((chunk, index) => sums[index] !== crc32(chunk));
    const next = wrong < 0 ? chunks.length : wrong;
    if (sums.length === 0 || next === 0) return 0;
    const rest = chunks.slice(next);
    const isUnwritten = rest.every(
      ({ length }, at) => sums[next + at] === crc32(Buffer.alloc(length, ERASED)),
    );
    this.note(file, next, chunks.length, isUnwritten);
    return isUnwritten ? next : 0;
  }

  private note({ name }: StorageFile, next: number, count: number, isUnwritten: boolean): void {
    const { onNote } = this.options;
    if (next === count) onNote(`${name} is there already`);
    else if (isUnwritten) onNote(`${name} goes on after ${next} of ${count} chunks`);
    else onNote(`${name} is damaged and begun again`);
  }

  private async makeRoom({ name, bytes }: StorageFile): Promise<void> {
    const needed = bytes.length + FILE_OVERHEAD_BYTES;
    await this.device.evaluate(`${STORAGE}.erase(${JSON.stringify(name)})`);
    if (await this.hasFree(needed)) return;
    // What no record names are rests of uploads that nobody finished.
    await this.eraseOurs(await this.namedByRecord());
    await this.device.evaluate(`${STORAGE}.compact()`);
    if (!(await this.hasFree(needed)))
      throw new DeviceError(`Storage has no room for ${needed} bytes: nothing was changed that runs`);
  }

  private async hasFree(bytes: number): Promise<boolean> {
    return Number(await this.device.evaluate(`${STORAGE}.getFree()`)) >= bytes;
  }

  /** The device writes what has the sum of the chunk, nothing else: a byte that the line changed costs a repeat. */
  private async write({ name, bytes }: StorageFile, at: number, chunk: Buffer): Promise<void> {
    const writing = `${STORAGE}.write(${JSON.stringify(name)},d,${at},${bytes.length})`;
    const guarded = `(function(d){return E.CRC32(d)==${crc32(chunk)}?${writing}:"damaged"})`;
    for (let attempt = 1; attempt <= CHUNK_ATTEMPTS; attempt++) {
      const written = await this.device.evaluate(`${guarded}(atob("${chunk.toString("base64")}"))`);
      if (written === true) return;
      this.options.onNote(`${name}: ${chunk.length} bytes at ${at} were not written (${String(written)})`);
    }
    throw new DeviceError(`${name}: the device could not write ${chunk.length} bytes at ${at}: flash again`);
  }

  private async verify({ name, bytes }: StorageFile): Promise<void> {
    const found = await this.device.evaluate(hashExpression(name));
    const expected = hashOf(bytes, found);
    if (found !== expected) {
      await this.device.evaluate(`${STORAGE}.erase(${JSON.stringify(name)})`);
      throw new DeviceError(
        `${name} came out as ${String(found)}, not ${expected}; it is erased, flash again`,
      );
    }
    this.options.onNote(`${name} verified, ${expected}`);
  }

  private async switchOver(): Promise<void> {
    const { bootRecord } = this.firmware;
    const read = `${STORAGE}.read("${BOOT_RECORD}")`;
    if ((await this.device.evaluate(read)) === bootRecord) return;
    await this.device.evaluate(`${STORAGE}.write("${BOOT_RECORD}",${JSON.stringify(bootRecord)})`);
    if ((await this.device.evaluate(read)) !== bootRecord)
      throw new DeviceError("the boot record could not be written: flash again");
  }

  private async tidy(): Promise<void> {
    await this.eraseOurs(this.firmware.files.map(({ name }) => name));
  }

  private async namedByRecord(): Promise<string[]> {
    const record = String(await this.device.evaluate(`${STORAGE}.read("${BOOT_RECORD}")`));
    const names = await this.ours();
    return names.filter((name) => record.includes(name));
  }

  private async ours(): Promise<string[]> {
    const found = await this.device.evaluate(`${STORAGE}.list()`);
    const names = Array.isArray(found) ? found.map(String) : [];
    return names.filter((name) => name.startsWith(OUR_PREFIX));
  }

  private async eraseOurs(kept: readonly string[]): Promise<void> {
    const old = (await this.ours()).filter((name) => !kept.includes(name));
    for (const name of old) await this.device.evaluate(`${STORAGE}.erase(${JSON.stringify(name)})`);
  }
}
