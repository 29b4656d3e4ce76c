/**
 * The interface device's end of T=1 as libccid 1.5.2 plays it for a TPDU reader (openct/proto-t1.c): IFS request of 254,
 * chaining by the card's IFSC, three tries, then S(RESYNCH). Written from the standard and the driver's behaviour; shares
 * nothing with the firmware, so that each can prove the other.
 */

/** Gives one block to the reader and returns the reader's block. */
export type BlockExchange = (block: Uint8Array) => Uint8Array;

/** The protocol came to its end; libccid calls it DEAD until the next power-on. */
export class T1Failure extends Error {}

export interface T1Parameters {
  ifsc: number;
  checksum: "lrc" | "crc";
}

const TRIES = 3;
const RESYNCHS = 3;

export class T1InterfaceDevice {
  /** N(S) of the next block sent, and of the next one expected. */
  ns = 0;
  nr = 0;
  private ifsc = 32;
  private checksum: "lrc" | "crc" = "lrc";

  constructor(private readonly exchange: BlockExchange) {}

  reset(parameters: T1Parameters): void {
    this.ns = 0;
    this.nr = 0;
    this.ifsc = parameters.ifsc;
    this.checksum = parameters.checksum;
  }

  /** S(IFS request), at most three times. */
  negotiateIfsd(ifsd: number): void {
    for (let i = 0; i < TRIES; i++) {
      const answer = this.exchange(this.seal(0xc1, Uint8Array.of(ifsd)));
      if (this.isIntact(answer) && answer[1] === 0xe1 && answer[3] === ifsd) return;
    }
    throw new T1Failure("S(IFS) was not answered");
  }

  /** The prologue of the one I-block that a Secure stands for; `sent` and `returned` count as libccid does. */
  securePrologue(templateLength: number): Uint8Array {
    const prologue = Uint8Array.of(0, this.ns << 6, templateLength);
    this.toggleBoth();
    return prologue;
  }

  /** A Secure was refused: libccid takes back what it counted. */
  rollBackSecure(): void {
    this.toggleBoth();
  }

  /** Sends a command APDU and returns the whole response. */
  transceive(apdu: Uint8Array): Uint8Array {
    const received: number[] = [];
    let at = 0;
    let length = Math.min(apdu.length, this.ifsc);
    let isSending = true;
    let tries = TRIES;
    let resynchs = RESYNCHS;
    let block = this.information(apdu, at, length);
    for (;;) {
      const answer = this.exchange(block);
      const kind = this.classify(answer, isSending && at + length < apdu.length, isSending);
      if (kind === "information") {
        if (isSending) this.ns ^= 1;
        isSending = false;
        this.nr ^= 1;
        received.push(...answer.subarray(3, 3 + answer[2]!));
        if ((answer[1]! & 0x20) === 0) return Uint8Array.from(received);
        block = this.acknowledge(0);
        tries = TRIES;
      } else if (kind === "next") {
        this.ns ^= 1;
        at += length;
        length = Math.min(apdu.length - at, this.ifsc);
        block = this.information(apdu, at, length);
        tries = TRIES;
      } else if (kind === "request") {
        block = this.answerRequest(answer);
        tries = TRIES;
      } else if (--tries > 0) {
        block =
          kind === "repeat"
            ? this.information(apdu, at, length)
            : this.acknowledge(kind === "damaged" ? 1 : 2);
      } else {
        if (resynchs-- === 0) throw new T1Failure("no step after three S(RESYNCH)");
        this.resynchronise();
        [at, length, isSending, tries] = [0, Math.min(apdu.length, this.ifsc), true, TRIES];
        received.length = 0;
        block = this.information(apdu, at, length);
      }
    }
  }

  /** A block of our own making, with the right EDC. */
  seal(pcb: number, information: Uint8Array, nad = 0): Uint8Array {
    const edcLength = this.checksum === "lrc" ? 1 : 2;
    const block = new Uint8Array(3 + information.length + edcLength);
    block.set([nad, pcb, information.length]);
    block.set(information, 3);
    block.set(this.edcOf(block.subarray(0, -edcLength)), 3 + information.length);
    return block;
  }

  private toggleBoth(): void {
    this.ns ^= 1;
    this.nr ^= 1;
  }

  private information(apdu: Uint8Array, at: number, length: number): Uint8Array {
    const more = at + length < apdu.length ? 0x20 : 0;
    return this.seal((this.ns << 6) | more, apdu.subarray(at, at + length));
  }

  private acknowledge(error: number): Uint8Array {
    return this.seal(0x80 | (this.nr << 4) | error, new Uint8Array());
  }

  private classify(answer: Uint8Array, hasMore: boolean, isSending: boolean): string {
    if (!this.isIntact(answer)) return "damaged";
    const pcb = answer[1]!;
    if (answer[0] !== 0) return "wrong";
    if (pcb < 0x80) return ((pcb >> 6) & 1) === this.nr && (pcb & 0x1f) === 0 ? "information" : "wrong";
    if (pcb >= 0xc0) return (pcb & 0x20) === 0 ? "request" : "wrong";
    const wanted = (pcb >> 4) & 1;
    if (!isSending || answer[2] !== 0) return "wrong";
    if (wanted === this.ns) return "repeat";
    return hasMore ? "next" : "wrong";
  }

  private answerRequest(request: Uint8Array): Uint8Array {
    const type = request[1]! & 0x0f;
    if (type === 1) this.ifsc = request[3]!;
    else if (type !== 2 && type !== 3) throw new T1Failure(`S-block ${request[1]!.toString(16)} from a card`);
    return this.seal(0xe0 | type, request.subarray(3, 3 + request[2]!));
  }

  private resynchronise(): void {
    const answer = this.exchange(this.seal(0xc0, new Uint8Array()));
    if (!this.isIntact(answer) || answer[1] !== 0xe0) throw new T1Failure("S(RESYNCH) was not answered");
    this.ns = 0;
    this.nr = 0;
  }

  private isIntact(block: Uint8Array): boolean {
    const edcLength = this.checksum === "lrc" ? 1 : 2;
    if (block.length < 3 + edcLength || block.length !== block[2]! + 3 + edcLength) return false;
    const edc = this.edcOf(block.subarray(0, block.length - edcLength));
    return edc.every((byte, i) => byte === block[block.length - edcLength + i]);
  }

  private edcOf(body: Uint8Array): number[] {
    if (this.checksum === "lrc") return [body.reduce((lrc, byte) => lrc ^ byte, 0)];
    let crc = 0xffff;
    for (const byte of body) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
    }
    return [crc >> 8, crc & 0xff];
  }
}

/** IFSC and EDC that an ATR announces for T=1: the first TA and TC behind a TD that says T=1, from i = 3 on. */
export function t1ParametersOf(atr: Uint8Array): T1Parameters {
  const parameters: T1Parameters = { ifsc: 32, checksum: "lrc" };
  let indicator = atr[1]! >> 4;
  let at = 2;
  let protocol = 0;
  for (let i = 1; ; i++) {
    const isT1 = i > 2 && protocol === 1;
    if ((indicator & 1) !== 0) {
      if (isT1) parameters.ifsc = atr[at]!;
      at++;
    }
    if ((indicator & 2) !== 0) at++;
    if ((indicator & 4) !== 0) {
      if (isT1) parameters.checksum = (atr[at]! & 1) === 1 ? "crc" : "lrc";
      at++;
    }
    if ((indicator & 8) === 0 || at >= atr.length) return parameters;
    protocol = atr[at]! & 15;
    indicator = atr[at]! >> 4;
    at++;
  }
}
