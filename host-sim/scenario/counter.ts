/** A terminal at a counter with a PC that behaves like stock PC/SC software: what scenarios and tests are told with. */
import { GemPcHost } from "../host/gempc-host.ts";
import { Simulator, type SimulatorOptions } from "../world/simulator.ts";

export class Counter {
  readonly simulator: Simulator;
  readonly host: GemPcHost;

  constructor(options: SimulatorOptions = {}) {
    this.simulator = new Simulator(options);
    const { line } = this.simulator.world;
    this.host = new GemPcHost(
      { send: (bytes) => line.send(bytes), onBytes: (listener) => line.onBytes((bytes) => listener(bytes)) },
      (until, limitNs) => this.simulator.runUntil(until, limitNs / 1e6),
    );
  }

  get page(): string {
    return this.simulator.page();
  }

  /** Boots the terminal and opens the port. */
  start(): this {
    this.simulator.runFor(100);
    this.host.startUp();
    return this;
  }

  /** Puts a card in and powers it as SCardConnect does. */
  insert(card: Parameters<Simulator["insert"]>[0]): this {
    this.simulator.insert(card);
    this.simulator.runFor(100);
    this.host.slotStatus();
    this.host.powerOn();
    return this;
  }

  /** A command APDU in hexadecimal; the response in hexadecimal. */
  apdu(hex: string): string {
    return toHex(this.host.transmit(fromHex(hex)));
  }

  /** Selects an application by AID and a file in it. */
  select(aid: string, file: string): this {
    const chosen = [this.apdu(`00a4040c${lengthByte(aid)}${aid}`), this.apdu(`00a4020c02${file}`)];
    if (chosen.some((status) => status !== "9000"))
      throw new Error(`select ${aid} ${file}: ${chosen.join(" ")}`);
    return this;
  }

  /** Begins PC_to_RDR_Secure with `data` (from bPINOperation on), presses `keys`, returns what an application sees. */
  secure(data: string, keys: string, everyMs = 150): string {
    this.host.beginSecure(fromHex(data));
    this.waitForPrompt();
    this.simulator.keys(keys, everyMs);
    return toHex(this.host.finishSecure());
  }

  /** Lets time pass until the page asks for something. */
  waitForPrompt(): void {
    this.simulator.runUntil(
      () => this.page === "pin" || this.page === "last" || this.page === "insert",
      5000,
    );
  }
}

export const AID = {
  juki: "d3921000310001010401",
  common: "d3921000310001010100",
  surfaceInput: "d3921000310001010408",
  jpki: "d392f000260100000001",
} as const;

/** PC_to_RDR_Secure data to verify four ASCII digits, template without data (as OpenSC sends it). */
export const VERIFY_4 = "000082000004040201000000000004" + "00200080";

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function lengthByte(hex: string): string {
  return (hex.length / 2).toString(16).padStart(2, "0");
}
