/** The requests of what remembers, as bytes: noise, the backup memory, SPI that talks back. The world here is a few answers. */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { BusBackupMemory, BusDuplexSpi, BusNoise } from "../../board/bus-memory.ts";
import { BusWire, type BusTransport } from "../../board/bus-wire.ts";
import type { Report } from "./report.ts";

const REQUEST_BYTES = 16;

/** Keeps the last request and answers with one byte more than the one before, from `next` on. */
class Answering implements BusTransport {
  readonly request: Bytes;
  requestLength = 0;
  next = 0x41;
  count = 0;

  constructor(natives: ByteNatives) {
    this.request = natives.allocate(REQUEST_BYTES);
  }

  exchange(request: ReadonlyBytes, length: number, answer: Bytes): number {
    for (let i = 0; i < length; i++) this.request[i] = request[i];
    this.requestLength = length;
    for (let i = 0; i < this.count; i++) answer[i] = this.next + i;
    return this.count;
  }
}

function checkRequest(report: Report, world: Answering, expected: readonly number[]): void {
  report.equal(world.requestLength, expected.length + 2, "length of the request");
  report.equal(world.request[0] + 256 * world.request[1], expected.length, "its length field");
  for (let i = 0; i < expected.length; i++) report.equal(world.request[2 + i], expected[i], "its bytes");
}

export function checkBusMemory(report: Report, natives: ByteNatives): void {
  const world = new Answering(natives);
  const bus = new BusWire(natives, world);
  const bytes = natives.allocate(4);
  world.count = 3;
  new BusNoise(bus).take(bytes, 3);
  checkRequest(report, world, [0x13, 3]);
  report.equal(bytes[0] + bytes[2], 0x41 + 0x43, "noise");
  report.equal(bytes[3], 0, "and no byte more");

  const spi = new BusDuplexSpi(natives, bus, 1);
  const came = natives.allocate(4);
  spi.exchange(2, bytes, 3, came);
  checkRequest(report, world, [0x10, 1, 2, 0x41, 0x42, 0x43]);
  report.equal(came[1], 0x42, "what came in");
  world.next = 0x61;
  spi.exchange(0, came, 3, came);
  checkRequest(report, world, [0x10, 1, 0, 0x41, 0x42, 0x43]);
  report.equal(came[2], 0x63, "in place of what went out");

  const backup = new BusBackupMemory(bus);
  backup.read(100, 3, bytes);
  checkRequest(report, world, [0x15, 0, 100, 3]);
  report.equal(bytes[0], 0x61, "what stands there");
  world.count = 0;
  backup.write(127, 1, bytes);
  checkRequest(report, world, [0x15, 1, 127, 0x61]);
  world.count = 1;
  world.next = 0;
  report.equal(backup.wasOpened() ? 1 : 0, 0, "never opened");
  world.next = 1;
  report.equal(backup.wasOpened() ? 1 : 0, 1, "opened");
  checkRequest(report, world, [0x15, 2]);
  world.count = 0;
  backup.forgetOpening();
  checkRequest(report, world, [0x15, 3]);
}
