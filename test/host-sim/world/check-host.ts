/** The counter's own commands as a host in virtual time sends and reads them (docs/protocol.md); shares nothing with the firmware. */
import type { SealedHost } from "../../../host-sim/host/sealed-host.ts";

export interface CheckAsked {
  readonly language?: number;
  readonly id: number;
  readonly useLastTry?: boolean;
  readonly date?: string;
  readonly operator?: string;
  readonly service?: number;
}

export interface ChangeAsked {
  readonly language?: number;
  readonly id: number;
  readonly operator?: string;
  readonly birth?: string;
  readonly finish?: boolean;
  readonly service?: number;
  readonly flags?: number;
}

export interface Question {
  readonly step: "question";
  readonly insertion: number;
  readonly serial: string;
  readonly expiry: string;
}

export interface Result {
  readonly step: "result";
  readonly outcome: number;
  readonly triesLeft: number;
  readonly insertion: number;
  readonly object: number;
  readonly sequence: number;
  readonly serial: string;
}

export interface SignedIn {
  readonly step: "signed-in";
  readonly outcome: number;
  readonly triesLeft: number;
  /** Empty = none was read. */
  readonly operator: string;
}

export interface Refusal {
  readonly step: "refused";
  readonly result: number;
}

const OWN = 0x4d;
const ID_BYTES = 16;

function idOf(id: number): Buffer {
  const made = Buffer.alloc(ID_BYTES);
  made.writeUInt32BE(id, ID_BYTES - 4);
  return made;
}

function named(name: string): Buffer {
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name)]);
}

/** Of Suspend, Resume, Release. */
export function staffNames(operator: string): Uint8Array {
  return Buffer.concat([named(operator), named("CASE-99")]);
}

export function decodeStep(data: Uint8Array): Question | Result | Refusal {
  const bytes = Buffer.from(data);
  if (bytes[0] !== 0) return { step: "refused", result: bytes[0]! };
  if (bytes[1] === 1) {
    const serialAt = 2 + ID_BYTES + 5;
    const serialEnd = serialAt + bytes[serialAt - 1]!;
    return {
      step: "question",
      insertion: bytes.readUInt32LE(2 + ID_BYTES),
      serial: bytes.toString("latin1", serialAt, serialEnd),
      expiry: bytes.toString("hex", serialEnd, serialEnd + 4),
    };
  }
  const at = 2 + ID_BYTES;
  return {
    step: "result",
    outcome: bytes[at]!,
    triesLeft: bytes[at + 1]!,
    insertion: bytes.readUInt32LE(at + 2),
    object: bytes[at + 6]!,
    sequence: bytes.readUInt32LE(at + 7),
    serial: bytes.toString("latin1", at + 12, at + 12 + bytes[at + 11]!),
  };
}

export class CheckHost {
  constructor(readonly host: SealedHost) {}

  /** Sends CheckPin; `answer` fetches what comes of it. */
  begin(asked: CheckAsked): void {
    const {
      id,
      useLastTry = false,
      date = "20261126",
      service = 2,
      operator = "TANAKA",
      language = 0,
    } = asked;
    const fields = [
      Buffer.from([service]),
      Buffer.from(date, "hex"),
      Buffer.from([useLastTry ? 1 : 0, language]),
    ];
    this.send(0x20, Buffer.concat([idOf(id), ...fields, named(operator), named("CASE-17")]));
  }

  /** Sends ChangePin. */
  change(asked: ChangeAsked): void {
    const { id, birth = "00000000", finish = false, service = 3, flags = finish ? 2 : 0 } = asked;
    const fields = [
      Buffer.from([service]),
      Buffer.from("20261126", "hex"),
      Buffer.from([flags, asked.language ?? 0]),
    ];
    const names = [named(asked.operator ?? "TANAKA"), named("CASE-17")];
    this.send(0x23, Buffer.concat([idOf(id), ...fields, ...names, Buffer.from(birth, "hex")]));
  }

  go(id: number, { insertion, serial }: Question, verdict = 1): void {
    const about = Buffer.alloc(5);
    about.writeUInt32LE(insertion, 0);
    about[4] = verdict;
    this.send(0x21, Buffer.concat([idOf(id), about, named(serial)]));
  }

  /** CCID's Abort, which is answered before the command that it ends. */
  abort(): void {
    this.host.rawMessage(Buffer.from([0x72, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    this.host.readReply(5e9);
  }

  getResult(id: number): Question | Result | Refusal {
    this.send(0x22, idOf(id));
    return this.answer();
  }

  /** It is `seconds` since 1970. */
  setClock(seconds: number): void {
    this.number(0x42, seconds);
  }

  /** Suspend 30, Resume 31, Release 32; returns the result. */
  staff(command: number, names: Uint8Array = staffNames("SATO")): number {
    this.send(command, names);
    return this.host.readReply(5e9).data[0]!;
  }

  /** Sends SignIn; `signedIn` fetches what comes of it. */
  signIn(data: Uint8Array = Uint8Array.of(0)): void {
    this.send(0x33, data);
  }

  /** Waited for as long as a person may take. */
  signedIn(): SignedIn | Refusal {
    const data = Buffer.from(this.host.readReply(200e9).data);
    if (data[0] !== 0) return { step: "refused", result: data[0]! };
    if (data.length !== 4 + data[3]!) throw new Error(`an answer of ${data.length} bytes`);
    return {
      step: "signed-in",
      outcome: data[1]!,
      triesLeft: data[2]!,
      operator: data.toString("latin1", 4),
    };
  }

  /** Returns the result. */
  signOut(data: Uint8Array = new Uint8Array()): number {
    this.send(0x34, data);
    return this.host.readReply(5e9).data[0]!;
  }

  acknowledge(sequence: number): void {
    this.number(0x41, sequence);
  }

  /** Every record of the journal: event, detail and count of each. */
  journal(): (readonly [number, number, number])[] {
    const records: (readonly [number, number, number])[] = [];
    for (;;) {
      const from = Buffer.alloc(4);
      from.writeUInt32LE(records.length + 1, 0);
      this.send(0x40, from);
      const data = Buffer.from(this.host.readReply(5e9).data);
      const next = data.readUInt32LE(5);
      for (let at = 13; at < data.length; at += 64)
        records.push([data[at + 8]!, data[at + 9]!, data.readUInt16LE(at + 10)]);
      if (records.length + 1 >= next) return records;
    }
  }

  /** The next answer, waited for as long as a person may take. */
  answer(): Question | Result | Refusal {
    return decodeStep(this.host.readReply(200e9).data);
  }

  private number(command: number, value: number): void {
    const data = Buffer.alloc(4);
    data.writeUInt32LE(value, 0);
    this.send(command, data);
    const result = this.host.readReply(5e9).data[0];
    if (result !== 0) throw new Error(`command ${command}: result ${result}`);
  }

  private send(command: number, data: Uint8Array): void {
    const body = Buffer.concat([Buffer.from([OWN, command]), data]);
    const header = Buffer.from([0x6b, body.length & 255, body.length >> 8, 0, 0, 0, 0, 0, 0, 0]);
    this.host.rawMessage(Buffer.concat([header, body]));
  }
}
