/** A serial device, or a pty, by its path. Modem lines are neither set nor read: a pty has none, and the terminal uses none. */
import { existsSync, read } from "node:fs";
import { promisify } from "node:util";
import { LinuxBinding, type LinuxPortBinding } from "@serialport/bindings-cpp";
import { unixRead } from "@serialport/bindings-cpp/dist/unix-read.js";
import { SerialPortStream } from "@serialport/stream";
import { CounterFailure } from "./counter-failure.ts";
import { WireEars, type CounterWire } from "./counter-wire.ts";

/** Who does not fetch what was written holds the end up no longer. */
const DRAIN_MS = 500;

/** The driver gives a text alone; its words are strerror(3)'s (measured: serialport 13.0.0). */
const CAUSES: readonly (readonly [RegExp, string, string])[] = [
  [/No such file|No such device/, "there is no such device", "look for its name: ls /dev/serial/by-id"],
  [
    /cannot lock|busy/i,
    "another program uses it",
    "end that program (lsof tells which one), or choose another line",
  ],
  [
    /Permission denied/,
    "this user may not open it",
    "be in its group, dialout in Debian: sudo adduser $USER dialout, then log in again",
  ],
  [/Inappropriate ioctl|Is a directory/, "this is no serial device", "name a device such as /dev/ttyUSB0"],
  [/Input\/output error/, "the device does not answer", "plug it in again, or start the simulator again"],
  [/baud/i, "the device does not do this rate", "choose --baud as the terminal is configured"],
];

function failureAt(path: string, error: Error): CounterFailure {
  const [, cause, next] = CAUSES.find(([pattern]) => pattern.test(error.message)) ?? [, error.message, ""];
  return new CounterFailure("wire", `${path}: ${cause}`, next);
}

const readFile = promisify(read);

/** Nothing to read is EAGAIN on these descriptors, so that no bytes at all are a hang-up (VMIN = 1, termios(3)). */
const readOrHangUp = (async (...args: Parameters<typeof readFile>) => {
  const found = await readFile(...args);
  if (found.bytesRead === 0) throw Object.assign(new Error("hung up"), { code: "ENXIO" });
  return found;
}) as typeof readFile;

/** The package's own reading takes a device that is gone for one that has nothing to say, and asks it again without end. */
const BINDING = {
  list: () => Promise.resolve([]),
  async open(options: Parameters<typeof LinuxBinding.open>[0]): Promise<LinuxPortBinding> {
    const port = await LinuxBinding.open(options);
    port.read = (buffer: Buffer, offset: number, length: number) =>
      unixRead({ binding: port, buffer, offset, length, fsReadAsync: readOrHangUp });
    return port;
  },
};

/** Opens `path` for this process alone, at `baud` bit/s 8N1. Rejects with the cause. */
export async function openSerialWire(path: string, baud: number): Promise<CounterWire> {
  // The driver would take the empty path of a pty's vanished link for an argument error.
  if (!existsSync(path)) throw failureAt(path, new Error("No such file"));
  const port = new SerialPortStream({ binding: BINDING, path, baudRate: baud, autoOpen: false, lock: true });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(failureAt(path, error)) : resolve()));
  });
  const ears = new WireEars();
  const gone = (): void =>
    ears.end(
      new CounterFailure("wire", `${path}: the device is gone`, "plug it in again, or start the simulator"),
    );
  port.on("data", (bytes: Buffer) => ears.hear(bytes));
  port.on("error", (error) => ears.end(failureAt(path, error)));
  port.on("close", gone);
  return {
    write(bytes) {
      if (port.isOpen) port.write(bytes);
    },
    listen: (listener) => ears.listen(listener),
    async close() {
      ears.close();
      if (!port.isOpen) return;
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, DRAIN_MS);
        port.drain(() => (clearTimeout(limit), resolve()));
      });
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
}
