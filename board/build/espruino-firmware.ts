/**
 * What the Espruino board has in Storage: the program and the page ROM, each under a name made of its hash, and the boot record,
 * which alone says which of them run. A new firmware is written beside the old one; writing the record is the switch.
 */
import { createHash } from "node:crypto";

/** Every file of ours; others in Storage are left alone. Storage has names of up to 28 characters. */
export const OUR_PREFIX = "madoguchi-";
/** What the interpreter runs at power-up. */
export const BOOT_RECORD = ".bootcde";
const HASH_CHARACTERS = 12;

export interface StorageFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Firmware {
  readonly files: readonly StorageFile[];
  readonly bootRecord: string;
}

/** Where a firmware comes from, and for which interpreter it is. */
export interface FirmwareParts {
  readonly program: Buffer;
  /** None where the program has it from elsewhere. */
  readonly rom?: Buffer;
  /** The pin that is low while somebody wants service: the firmware is not started then. */
  readonly servicePin?: number;
}

function named(kind: string, bytes: Buffer): StorageFile {
  const hash = createHash("sha256").update(bytes).digest("hex");
  return { name: `${OUR_PREFIX}${kind}-${hash.slice(0, HASH_CHARACTERS)}`, bytes };
}

/** Run where it lies: the record reads no copy of the program into variables. */
function bootRecord(program: string, rom: string, servicePin: number | undefined): string {
  const run = `var madoguchiRom="${rom}";eval(require("Storage").read("${program}"));`;
  if (servicePin === undefined) return run;
  const pin = `new Pin(${servicePin})`;
  return `pinMode(${pin},"input_pullup");if(digitalRead(${pin}))eval('${run}');else print("service");`;
}

export function makeFirmware({ program, rom, servicePin }: FirmwareParts): Firmware {
  const code = named("p", program);
  const tables = rom === undefined ? [] : [named("r", rom)];
  const record = bootRecord(code.name, tables[0]?.name ?? "", servicePin);
  return { files: [...tables, code], bootRecord: record };
}
