/**
 * A terminal device (a USB serial port, a pty) as a device of the npm package `espruino`. The package finds devices by a list of
 * USB ports, which a pty is not in and which needs udev; a path is enough here. Bytes travel as characters, as it wants them.
 */
import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { ReadStream, WriteStream } from "node:tty";

/** What `Espruino.Core.Serial.devices` holds. */
export interface SerialDevice {
  readonly name: string;
  getPorts(found: (ports: readonly { path: string }[], isInstant: boolean) => void): void;
  open(
    path: string,
    opened: (info: object | undefined) => void,
    received: (bytes: ArrayBuffer) => void,
    closed: (error?: string) => void,
  ): void;
  write(text: string, written: () => void): void;
  close(): void;
}

/** Node's raw mode leaves output translation on (\n becomes \r\n): stty does the whole of cfmakeraw(3). */
function makeRaw(path: string): void {
  const args = ["-F", path, "raw", "-echo", "-iexten", "clocal", "115200"];
  const done = spawnSync("stty", args, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${path}: ${done.error?.message ?? done.stderr.trim()}`);
}

interface Streams {
  readonly input: ReadStream;
  readonly output: WriteStream;
}

function openStreams(path: string): Streams {
  makeRaw(path);
  const file = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  const other = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  try {
    return { input: new ReadStream(file), output: new WriteStream(other) };
  } catch (error) {
    closeSync(file);
    closeSync(other);
    throw error;
  }
}

/** The one device at `path`. */
export function deviceAt(path: string): SerialDevice {
  let streams: Streams | undefined;
  return {
    name: "a terminal device by its path",
    getPorts: (found) => found([{ path }], true),
    open(_path, opened, received, closed) {
      try {
        streams = openStreams(path);
      } catch (error) {
        closed(error instanceof Error ? error.message : String(error));
        return;
      }
      const { input, output } = streams;
      const ended = (): void => closed();
      input.on("data", (chunk: Buffer) => received(Uint8Array.from(chunk).buffer));
      input.once("error", ended).once("end", ended);
      output.once("error", ended);
      opened({ path });
    },
    write: (text, written) => void streams?.output.write(Buffer.from(text, "latin1"), () => written()),
    close() {
      streams?.input.destroy();
      streams?.output.destroy();
    },
  };
}
