/** What the ports use of Espruino's own API, as types. Everything here is the interpreter's; the bundle declares none of it. */

/** `Uint8Array` as the interpreter has it: `set` also takes the characters of a string as bytes. */
export interface EspruinoBytes {
  set(source: string, at: number): void;
}

export interface EspruinoFile {
  seek(offset: number): void;
  /** At most `length` bytes, one a character; `undefined` at the end. */
  read(length: number): string | undefined;
  /** Returns how many bytes were taken. */
  write(bytes: Uint8Array): number;
}

export interface EspruinoStorage {
  /** Without a range the whole file, executed in place where the flash is memory-mapped; `undefined` when there is none. */
  read(name: string): string | undefined;
  read(name: string, offset: number, length: number): string | undefined;
}

export interface EspruinoFileSystem {
  readFileSync(path: string): string | undefined;
  statSync(path: string): { readonly size: number } | undefined;
}

/** `D5` and its like; a number stands for the pin of that number wherever the interpreter wants one. */
export type Pin = number;

export interface EspruinoSerial {
  setup(baud: number, options: object): void;
  write(bytes: Uint8Array): void;
  on(event: "data", run: (text: string) => void): void;
  on(event: "parity" | "framing", run: () => void): void;
}

export interface EspruinoSpi {
  setup(options: object): void;
  /** Returns when the last bit is out. */
  write(bytes: Uint8Array): void;
}
