/**
 * What test/portable/main.ts needs beside what board/lua/host.lua lends: hal/crypto.ts over the bus on standard input and output,
 * hence a console on the other output. The first `idle` tells that the program has come to its end.
 */
import { BusCrypto } from "../../board/bus-crypto.ts";
import { makeWireEvents } from "../../board/bus-events.ts";
import { BusWire, type BusTransport } from "../../board/bus-wire.ts";
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";

declare const port: {
  readonly natives: ByteNatives;
  readonly transport: BusTransport;
  crypto?: Crypto;
  line(this: void, text: string): void;
  end?: (this: void) => void;
};
declare const io: { readonly stderr: { write(text: string): void } };

const wire = new BusWire(port.natives, port.transport);
port.crypto = new BusCrypto(wire);
port.line = (text) => io.stderr.write(text + "\n");
port.end = () => wire.idle(0, makeWireEvents(port.natives));
