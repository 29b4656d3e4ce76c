import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import { suite } from "uvu";
import { equal, is, match, throws } from "uvu/assert";
import { openPtyLine } from "../../../host-sim/cli/line-pty.ts";
import { temporaryFolder } from "./temporary.ts";

const test = suite("pty line");
const folder = temporaryFolder();
const BURST_BYTES = 300_000;

/** Collects bytes and tells when enough have come. */
function collector() {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let wanted = Infinity;
  let enough: () => void = () => undefined;
  return {
    add(bytes: Uint8Array): void {
      pieces.push(Uint8Array.from(bytes));
      length += bytes.length;
      if (length >= wanted) enough();
    },
    bytes(count: number): Promise<Buffer> {
      return new Promise((resolve) => {
        wanted = count;
        enough = () => resolve(Buffer.concat(pieces));
        if (length >= count) enough();
      });
    },
  };
}

/** The PC's program: opens the link as pcscd does, without making it a controlling terminal, and changes nothing on it. */
function openAsPc(path: string): ReadStream {
  return new ReadStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
}

function pattern(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff));
}

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

test("all 256 values pass in both directions, untouched by a PC that sets nothing", async () => {
  const heard = collector();
  const line = openPtyLine(join(folder, "clean"), heard.add);
  const pc = openAsPc(line.address);
  const received = collector();
  pc.on("data", received.add);
  pc.write(EVERY_BYTE);
  equal(await heard.bytes(256), EVERY_BYTE);
  line.write(EVERY_BYTE);
  equal(await received.bytes(256), EVERY_BYTE);
  pc.destroy();
  line.close();
});

test("nothing is echoed and everything is raw before a PC has opened it", () => {
  const line = openPtyLine(join(folder, "raw"), () => undefined);
  const state = spawnSync("stty", ["-a", "-F", line.address], { encoding: "utf8" }).stdout;
  for (const flag of [
    "-echo",
    "-icanon",
    "-isig",
    "-iexten",
    "-opost",
    "-icrnl",
    "-ixon",
    "-istrip",
    "cs8",
  ]) {
    match(state, new RegExp(`(^|\\s)${flag}\\b`));
  }
  line.close();
});

test("a large burst loses nothing in either direction", async () => {
  const heard = collector();
  const line = openPtyLine(join(folder, "burst"), heard.add);
  const pc = openAsPc(line.address);
  const received = collector();
  pc.on("data", received.add);
  const burst = pattern(BURST_BYTES);
  pc.write(burst);
  for (let at = 0; at < BURST_BYTES; at += 1000) line.write(burst.subarray(at, at + 1000));
  is(Buffer.compare(await heard.bytes(BURST_BYTES), burst), 0);
  is(Buffer.compare(await received.bytes(BURST_BYTES), burst), 0);
  pc.destroy();
  line.close();
});

test("a PC may leave and another one come", async () => {
  const heard = collector();
  const line = openPtyLine(join(folder, "again"), heard.add);
  for (const text of ["first", "other"]) {
    const file = openSync(line.address, constants.O_RDWR | constants.O_NOCTTY);
    writeFileSync(file, text);
    closeSync(file);
  }
  equal((await heard.bytes(10)).toString(), "firstother");
  line.close();
});

test("a link that another run left is replaced, and the own one is gone at the end", () => {
  const path = join(folder, "stale");
  symlinkSync("/dev/pts/99999", path);
  const line = openPtyLine(path, () => undefined);
  match(readlinkSync(path), /^\/dev\/pts\/\d{1,4}$/);
  line.close();
  is(lstatSync(path, { throwIfNoEntry: false }), undefined);
});

test("another file is refused by name and left alone", () => {
  const file = join(folder, "file");
  writeFileSync(file, "mine");
  const link = join(folder, "link");
  symlinkSync(file, link);
  for (const path of [file, link, folder])
    throws(() => openPtyLine(path, () => undefined), /--line pty:.*something else/);
  is(existsSync(file), true);
  throws(() => openPtyLine(join(folder, "no", "such"), () => undefined), /--line pty:/);
});

test("a link that somebody else has made since stays at the end", () => {
  const path = join(folder, "taken");
  const first = openPtyLine(path, () => undefined);
  const second = openPtyLine(path, () => undefined);
  const target = readlinkSync(path);
  first.close();
  is(readlinkSync(path), target);
  second.close();
});

test("what nobody fetches is dropped at a bound", () => {
  const line = openPtyLine(join(folder, "unread"), () => undefined);
  const piece = Buffer.alloc(65536);
  const before = process.memoryUsage().external;
  for (let i = 0; i < 1000; i++) line.write(piece);
  is(process.memoryUsage().external - before < 32 << 20, true);
  line.close();
});

test.run();
