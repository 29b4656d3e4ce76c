/**
 * The bench image's line: GemPC frames, the CCID messages in them (CCID rev 1.1, 6.1 and 6.2), and the host's T=1 dialogue in XfrBlock.
 * Digits that a host sends itself are masked like those of the keypad.
 */
import {
  Answer,
  CcidHeader,
  CommandStatus,
  DATA_AT,
  decodeHeader,
  IccStatus,
  Request,
} from "../../firmware/protocol/ccid.ts";
import { FrameResult, GemPcDecoder, TIME_REQUEST } from "../../firmware/protocol/gempc-frame.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import { hexNumber, maskedHex } from "./masked-hex.ts";
import { T1Follower } from "./wire-decode-t1.ts";
import type { WireListener } from "./wire-entry.ts";

type LineEnd = "terminal" | "counter";

const REQUESTS: Readonly<Record<number, string>> = {
  [Request.SetParameters]: "SetParameters",
  [Request.IccPowerOn]: "IccPowerOn",
  [Request.IccPowerOff]: "IccPowerOff",
  [Request.GetSlotStatus]: "GetSlotStatus",
  [Request.Secure]: "Secure",
  [Request.T0Apdu]: "T0APDU",
  [Request.Escape]: "Escape",
  [Request.GetParameters]: "GetParameters",
  [Request.ResetParameters]: "ResetParameters",
  [Request.IccClock]: "IccClock",
  [Request.XfrBlock]: "XfrBlock",
  [Request.Mechanical]: "Mechanical",
  [Request.Abort]: "Abort",
  [Request.SetDataRateAndClockFrequency]: "SetDataRateAndClockFrequency",
};
const ANSWERS: Readonly<Record<number, string>> = {
  [Answer.DataBlock]: "DataBlock",
  [Answer.SlotStatus]: "SlotStatus",
  [Answer.Parameters]: "Parameters",
  [Answer.Escape]: "Escape",
  [Answer.DataRateAndClockFrequency]: "DataRateAndClockFrequency",
};
const CARD: Readonly<Record<number, string>> = {
  [IccStatus.Active]: "card active",
  [IccStatus.Inactive]: "card inactive",
  [IccStatus.Absent]: "no card",
};
/** Secure's bPINOperation (6.1.11). */
const PIN_OPERATIONS: Readonly<Record<number, string>> = { 0: "verify a PIN", 1: "change a PIN" };
/** Bare status words are shorter. */
const SHORTEST_BLOCK = 4;
/** bmTCCKST1 of SetParameters for T=1 (6.1.7). */
const TCCK_AT = 1;
const TCCK_CRC = 1;

export class OpenLineDecoder {
  private readonly frames: Readonly<Record<LineEnd, GemPcDecoder>> = {
    terminal: new GemPcDecoder(NODE_NATIVES),
    counter: new GemPcDecoder(NODE_NATIVES),
  };
  private readonly header = new CcidHeader();
  private readonly t1: T1Follower;
  /** What the host's blocks end with; it has said so. */
  private usesCrc = false;
  /** The request that an answer belongs to. */
  private asked = 0;

  constructor(private readonly listener: WireListener) {
    this.t1 = new T1Follower({ asks: "counter", answers: "terminal" }, listener);
  }

  bytes(timeNs: number, from: LineEnd, bytes: Uint8Array): void {
    const decoder = this.frames[from];
    for (const byte of bytes) {
      if (from === "terminal" && byte === TIME_REQUEST && !decoder.isMidFrame()) {
        this.listener({ timeNs, layer: "link", from, text: "more time, please", hex: hexNumber(byte, 2) });
        continue;
      }
      this.result(timeNs, from, decoder.push(byte));
    }
  }

  private result(timeNs: number, from: LineEnd, result: FrameResult): void {
    const decoder = this.frames[from];
    const bad = (text: string): void =>
      this.listener({ timeNs, layer: "link", from, text, hex: "", bad: true });
    switch (result) {
      case FrameResult.Pending:
        return;
      case FrameResult.Message: {
        const { message, messageLength } = decoder;
        return this.message(
          timeNs,
          from,
          Uint8Array.from({ length: messageLength }, (_, i) => message[i]!),
        );
      }
      case FrameResult.Nak:
        return bad("NAK: the last frame again, please");
      case FrameResult.BadLrc:
        return bad("frame with a wrong LRC");
      case FrameResult.TooLong:
        decoder.reset();
        return bad("frame longer than any");
      case FrameResult.BadControl:
        return bad("no frame");
    }
  }

  private message(timeNs: number, from: LineEnd, message: Uint8Array): void {
    const { header } = this;
    decodeHeader(message, message.length, header);
    const data = message.subarray(DATA_AT);
    const carriesBlock = data.length >= SHORTEST_BLOCK && this.carriesBlock(from);
    // A block of the host may carry digits: its bytes are told where they are masked, below.
    const secret = carriesBlock && from === "counter" ? { from: DATA_AT, to: Infinity } : undefined;
    const text = from === "counter" ? this.requestText(data) : this.answerText(data);
    this.listener({ timeNs, layer: "ccid", from, text, hex: maskedHex(message, secret) });
    if (from === "counter") this.follow(data);
    if (carriesBlock) this.t1.block(timeNs, from, data, this.usesCrc);
    if (from !== "counter") return;
    this.asked = header.messageType;
    // The terminal sends the block of a PIN entry itself.
    if (header.messageType === Request.Secure) this.t1.skipAsked();
  }

  private follow(data: Uint8Array): void {
    const { messageType, specific } = this.header;
    if (messageType === Request.IccPowerOn) {
      this.usesCrc = false;
      this.t1.reset();
    }
    if (messageType === Request.SetParameters && specific === 1)
      this.usesCrc = ((data[TCCK_AT] ?? 0) & TCCK_CRC) !== 0;
  }

  private carriesBlock(from: LineEnd): boolean {
    const { messageType } = this.header;
    if (from === "counter") return messageType === Request.XfrBlock;
    const isOfBlock = this.asked === Request.XfrBlock || this.asked === Request.Secure;
    return messageType === Answer.DataBlock && isOfBlock;
  }

  private requestText(data: Uint8Array): string {
    const { messageType, sequence } = this.header;
    const name = REQUESTS[messageType] ?? `request ${hexNumber(messageType, 2)}`;
    const operation =
      messageType === Request.Secure ? `: ${PIN_OPERATIONS[data[0] ?? -1] ?? "unknown operation"}` : "";
    return `${name}${operation} #${sequence}${lengthText(data)}`;
  }

  private answerText(data: Uint8Array): string {
    const { messageType, sequence, specific, specific2 } = this.header;
    // A request's header comes back before each answer.
    const echo = REQUESTS[messageType];
    if (echo !== undefined) return `echo of ${echo} #${sequence}`;
    const name = ANSWERS[messageType] ?? `answer ${hexNumber(messageType, 2)}`;
    const card = CARD[specific & 3] ?? "";
    const status = specific & 0xc0;
    const failed = status === CommandStatus.Failed ? ` · failed, bError ${hexNumber(specific2, 2)}` : "";
    const longer = status === CommandStatus.TimeExtension ? " · more time, please" : "";
    return `${name} #${sequence} · ${card}${failed}${longer}${lengthText(data)}`;
  }
}

function lengthText(data: Uint8Array): string {
  return data.length === 0 ? "" : ` · ${data.length} bytes`;
}
