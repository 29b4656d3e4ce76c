/**
 * Debian's pcscd with libccid's serial driver, foreground, every byte of the line in its log. It speaks to the terminal as a
 * GemPC PinPad: the one reader type whose driver has PIN features (libccid, ccid_serial.c).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LoggedProcess } from "./logged-process.ts";

const DRIVER = "/usr/lib/pcsc/drivers/serial/libccidtwin.so";
const START_LIMIT_MS = 20_000;
/** LIBCCID_ifdLogLevel: critical, information, bytes of the line, periodic ones too; or critical alone. */
const DRIVER_LEVELS = { full: "0x0F", errors: "0x01" } as const;

export type PcscdLog = keyof typeof DRIVER_LEVELS;

/** PC/SC's name of the reader is this, number and slot. */
export const READER_NAME = "Madoguchi 00 00";

function readerConfiguration(tty: string): string {
  const lines = [
    `FRIENDLYNAME "Madoguchi"`,
    `DEVICENAME ${tty}:GemPCPinPad`,
    `LIBPATH ${DRIVER}`,
    "CHANNELID 0x1",
  ];
  return `${lines.join("\n")}\n`;
}

/** Starts it for the terminal at DIRECTORY/tty; resolves when the reader answered its start-up commands and clients may come. */
export async function startPcscd(
  directory: string,
  log: PcscdLog,
  enter: (command: readonly string[]) => string[],
): Promise<LoggedProcess> {
  const configuration = join(directory, "reader.conf.d");
  mkdirSync(configuration);
  writeFileSync(join(configuration, "madoguchi"), readerConfiguration(join(directory, "tty")));
  const env = { LIBCCID_ifdLogLevel: DRIVER_LEVELS[log] };
  const level = log === "full" ? "-d" : "-i";
  const daemon = new LoggedProcess("pcscd", enter(["pcscd", "-f", level, "-c", configuration]), { env });
  try {
    await daemon.waitFor(/daemon ready/, START_LIMIT_MS);
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return daemon;
}
