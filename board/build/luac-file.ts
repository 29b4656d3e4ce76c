/** Reads what `luac5.4` writes: the binary chunk of Lua 5.4 (lundump.c), debug information included. */

export interface LuaConstant {
  /** Variant tag (lobject.h). */
  readonly tag: number;
  /** Eight bytes of a number, a string's own bytes, or none. */
  readonly bytes: Buffer;
}

export interface LuaUpvalue {
  readonly inStack: number;
  readonly index: number;
  readonly kind: number;
}

export interface LuaFunction {
  readonly firstLine: number;
  readonly parameters: number;
  readonly vararg: number;
  readonly stack: number;
  readonly code: readonly number[];
  readonly constants: readonly LuaConstant[];
  readonly upvalues: readonly LuaUpvalue[];
  readonly functions: readonly LuaFunction[];
  /** The line of each instruction; empty in a stripped file. */
  readonly lines: readonly number[];
}

/**
 * Signature, version 5.4, format 0, LUAC_DATA; sizes of Instruction, lua_Integer and lua_Number; LUAC_INT 0x5678 and LUAC_NUM 370.5,
 * which tell the order of bytes.
 */
const HEADER = Buffer.from("1b4c7561" + "54" + "00" + "19930d0a1a0a", "hex");
const SIZES = Buffer.from("040808" + "7856000000000000" + "0000000000287740", "hex");
const ABSOLUTE_LINE = -128;

class Reader {
  at = 0;

  constructor(private readonly bytes: Buffer) {}

  take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new Error("the bytecode is cut");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  /** Groups of 7 bits, most significant first; the last has its high bit set. */
  size(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if ((byte & 128) !== 0) return value;
    }
  }

  /** undefined for a string that is not there. */
  string(): Buffer | undefined {
    const size = this.size();
    return size === 0 ? undefined : this.take(size - 1);
  }

  list<T>(one: () => T): T[] {
    return Array.from({ length: this.size() }, one);
  }
}

function readConstant(reader: Reader): LuaConstant {
  const tag = reader.byte();
  if (tag === 0x03 || tag === 0x13) return { tag, bytes: reader.take(8) };
  if (tag === 0x04 || tag === 0x14) return { tag, bytes: reader.string() ?? Buffer.alloc(0) };
  return { tag, bytes: Buffer.alloc(0) };
}

/** Debug information: deltas of one byte, and absolute lines where they do not fit. */
function readLines(reader: Reader, firstLine: number): number[] {
  const deltas = reader.list(() => reader.take(1).readInt8());
  const absolute = new Map(reader.list((): [number, number] => [reader.size(), reader.size()]));
  reader.list(() => [reader.string(), reader.size(), reader.size()]);
  reader.list(() => reader.string());
  let line = firstLine;
  return deltas.map((delta, position) => {
    line = delta === ABSOLUTE_LINE ? (absolute.get(position) ?? line) : line + delta;
    return line;
  });
}

function readFunction(reader: Reader): LuaFunction {
  reader.string();
  const [firstLine] = [reader.size(), reader.size()];
  const [parameters, vararg, stack] = [reader.byte(), reader.byte(), reader.byte()];
  const code = reader.list(() => reader.take(4).readUInt32LE());
  const constants = reader.list(() => readConstant(reader));
  const upvalues = reader.list(() => ({ inStack: reader.byte(), index: reader.byte(), kind: reader.byte() }));
  const functions = reader.list(() => readFunction(reader));
  const lines = readLines(reader, firstLine);
  return { firstLine, parameters, vararg, stack, code, constants, upvalues, functions, lines };
}

/** The main function. @throws Error when it is no bytecode of Lua 5.4 with our sizes. */
export function readLuac(bytes: Buffer): LuaFunction {
  const reader = new Reader(bytes);
  const isOurs = reader.take(HEADER.length).equals(HEADER) && reader.take(SIZES.length).equals(SIZES);
  if (!isOurs)
    throw new Error("no bytecode of Lua 5.4 with 4-byte instructions and 8-byte numbers, little endian");
  reader.byte();
  const main = readFunction(reader);
  if (reader.at !== bytes.length)
    throw new Error(`${bytes.length - reader.at} bytes are left behind the bytecode`);
  return main;
}
