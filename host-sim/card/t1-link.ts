/**
 * The card's half of T=1 between whole blocks (ISO/IEC 7816-3:2006, 11.6): numbers, chains, repeats and S-blocks.
 * It says what to send; characters and times are the endpoint's. Written from the standard, apart from the firmware's engine.
 */
import { isListed, type T1Faults } from "./t1-faults.ts";

/** A block between NAD and EDC. */
export interface T1CardBlock {
  readonly pcb: number;
  readonly inf: Uint8Array;
}

/** What a received block leads to. `waited`: the terminal has granted the waiting time. */
export type Reaction =
  | { readonly kind: "send"; readonly block: T1CardBlock }
  | { readonly kind: "run"; readonly command: Uint8Array }
  | { readonly kind: "waited" };

export const enum RError {
  None = 0,
  Edc = 1,
  Other = 2,
}

const MORE = 0x20;
const RESYNCH = 0xc0;
const IFS = 0xc1;
const ABORT = 0xc2;
const WTX = 0xc3;
const RESPONSE = 0x20;
const NOTHING = new Uint8Array(0);
/** No command a card takes is longer: extended Lc and Le around 64 KB. */
const LONGEST_COMMAND = 65_600;

export class T1Link {
  private sendNumber = 0;
  private receiveNumber = 0;
  private informationBytes = 32;
  private command: number[] = [];
  private answer: Uint8Array = NOTHING;
  private answered = 0;
  /** The I-block that waits for its acknowledgement, and the last block of any kind. */
  private unacknowledged: T1CardBlock | undefined;
  private lastSent: T1CardBlock | undefined;
  private requested: T1CardBlock | undefined;
  private afterRequest: Reaction | undefined;
  private goodBlocks = 0;
  private ifsAsked = false;

  /** `maximumInf` is what the card takes in one block (IFSC). */
  constructor(
    private readonly maximumInf: number,
    private readonly faults: T1Faults,
  ) {}

  /** As after an ATR. */
  reset(): void {
    this.informationBytes = 32;
    this.goodBlocks = 0;
    this.ifsAsked = false;
    this.restart();
  }

  /** A block whose EDC is right. */
  received(block: T1CardBlock): Reaction {
    if ((block.pcb & 0x80) === 0) return this.informationReceived(block);
    if ((block.pcb & 0xc0) === 0x80) return this.readyReceived(block);
    return this.supervisoryReceived(block);
  }

  /** A block that cannot be used (rules 7.1 and 7.2): asks for it again. */
  unusable(error: RError): Reaction {
    const last = this.lastSent;
    if (last !== undefined && (last.pcb & 0xc0) === 0x80) return this.send(last);
    return this.ready(error);
  }

  /** The application's answer to the last `run`. */
  answerWith(response: Uint8Array): Reaction {
    this.answer = response;
    this.answered = 0;
    return this.nextPart();
  }

  /** Asks for more time. */
  requestWaiting(multiplier: number): Reaction {
    return this.request({ pcb: WTX, inf: Uint8Array.of(multiplier) }, { kind: "waited" });
  }

  /** Asks the terminal to give up the chain in progress, instead of sending `replaced`; then the terminal has the turn. */
  requestAbort(replaced: T1CardBlock | undefined): Reaction {
    if (replaced !== undefined && (replaced.pcb & 0x80) === 0) this.sendNumber ^= 1;
    this.unacknowledged = undefined;
    this.command = [];
    this.answer = NOTHING;
    return this.request({ pcb: ABORT, inf: NOTHING }, undefined);
  }

  private informationReceived(block: T1CardBlock): Reaction {
    if ((block.pcb & 0x1f) !== 0 || block.inf.length > this.maximumInf) return this.unusable(RError.Other);
    if (((block.pcb >> 6) & 1) !== this.receiveNumber || this.requested !== undefined)
      return this.unusable(RError.Other);
    this.goodBlocks++;
    if (isListed(this.faults.askRepeat, this.goodBlocks)) return this.ready(RError.Edc);
    this.receiveNumber ^= 1;
    this.unacknowledged = undefined;
    for (const byte of block.inf) this.command.push(byte);
    if (this.command.length > LONGEST_COMMAND) return this.requestAbort(undefined);
    if ((block.pcb & MORE) !== 0) return this.interject(this.readyBlock(RError.None));
    const command = Uint8Array.from(this.command);
    this.command = [];
    return { kind: "run", command };
  }

  private readyReceived(block: T1CardBlock): Reaction {
    if (block.inf.length !== 0 || (block.pcb & 0x2c) !== 0) return this.unusable(RError.Other);
    const wanted = (block.pcb >> 4) & 1;
    const sent = this.unacknowledged;
    if (this.requested !== undefined) return this.send(this.requested);
    if (sent !== undefined && wanted === ((sent.pcb >> 6) & 1)) return this.send(sent);
    if (sent !== undefined && (sent.pcb & MORE) !== 0) return this.nextPart();
    if (this.lastSent !== undefined && sent === undefined) return this.send(this.lastSent);
    return this.ready(RError.Other);
  }

  private supervisoryReceived(block: T1CardBlock): Reaction {
    const requested = this.requested;
    if (requested !== undefined && block.pcb === (requested.pcb | RESPONSE))
      return this.responded(requested, block);
    switch (block.pcb) {
      case RESYNCH:
        this.restart();
        return this.send({ pcb: RESYNCH | RESPONSE, inf: NOTHING });
      case IFS:
        return this.ifsRequested(block);
      case ABORT:
        this.command = [];
        this.answer = NOTHING;
        this.unacknowledged = undefined;
        this.requested = undefined;
        return this.send({ pcb: ABORT | RESPONSE, inf: NOTHING });
      default:
        return this.unusable(RError.Other);
    }
  }

  private ifsRequested(block: T1CardBlock): Reaction {
    const size = block.inf[0] ?? 0;
    if (block.inf.length !== 1 || size === 0 || size === 255) return this.unusable(RError.Other);
    this.informationBytes = size;
    return this.send({ pcb: IFS | RESPONSE, inf: block.inf });
  }

  private responded(requested: T1CardBlock, block: T1CardBlock): Reaction {
    const same =
      block.inf.length === requested.inf.length && block.inf.every((byte, at) => byte === requested.inf[at]);
    if (!same) return this.send(requested);
    const after = this.afterRequest;
    this.requested = undefined;
    this.afterRequest = undefined;
    if (after === undefined) return this.ready(RError.None);
    return after.kind === "send" ? this.send(after.block) : after;
  }

  private nextPart(): Reaction {
    const size = Math.min(this.informationBytes, this.faults.answerBytes ?? 254);
    const inf = this.answer.slice(this.answered, this.answered + size);
    const first = this.answered === 0;
    this.answered += inf.length;
    const more = this.answered < this.answer.length;
    const block = { pcb: (this.sendNumber << 6) | (more ? MORE : 0), inf };
    this.sendNumber ^= 1;
    this.unacknowledged = block;
    return first ? this.send(block) : this.interject(block);
  }

  /** In the middle of a chain: `block`, or first the S(IFS request) that the faults ask for. */
  private interject(block: T1CardBlock): Reaction {
    const size = this.faults.ifsInChain;
    if (size === undefined || this.ifsAsked) return this.send(block);
    this.ifsAsked = true;
    return this.request({ pcb: IFS, inf: Uint8Array.of(size) }, { kind: "send", block });
  }

  private request(block: T1CardBlock, after: Reaction | undefined): Reaction {
    this.requested = block;
    this.afterRequest = after;
    return this.send(block);
  }

  private readyBlock(error: RError): T1CardBlock {
    return { pcb: 0x80 | (this.receiveNumber << 4) | error, inf: NOTHING };
  }

  private ready(error: RError): Reaction {
    return this.send(this.readyBlock(error));
  }

  private send(block: T1CardBlock): Reaction {
    this.lastSent = block;
    return { kind: "send", block };
  }

  private restart(): void {
    this.sendNumber = 0;
    this.receiveNumber = 0;
    this.command = [];
    this.answer = NOTHING;
    this.answered = 0;
    this.unacknowledged = undefined;
    this.lastSent = undefined;
    this.requested = undefined;
    this.afterRequest = undefined;
  }
}
