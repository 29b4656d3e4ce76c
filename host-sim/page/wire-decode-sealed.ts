/**
 * The sealed counter line: the reliable frames (docs/protocol.md), and the TLS 1.3 records that their information carries. What is
 * inside the records nobody here can read; the identity of the pair is in the ClientHello, in clear.
 */
import { AsyncFrameDecoder, FrameEvent } from "../../firmware/protocol/async-frame.ts";
import {
  controlKind,
  ControlKind,
  LINK_VERSION_BYTES,
  nextNumber,
  POLL_FINAL,
  receiveNumber,
  sendNumber,
  Unnumbered,
} from "../../firmware/protocol/link-control.ts";
import {
  ContentType,
  HANDSHAKE_HEADER_BYTES,
  HandshakeType,
  RECORD_HEADER_BYTES,
  TlsAlert,
} from "../../firmware/protocol/tls.ts";
import { ClientHello } from "../../firmware/protocol/tls-client-hello.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import { maskedHex } from "./masked-hex.ts";
import type { WireListener } from "./wire-entry.ts";

type LineEnd = "terminal" | "counter";

const UNNUMBERED: Readonly<Record<number, string>> = {
  [Unnumbered.Sabm]: "SABM",
  [Unnumbered.Ua]: "UA",
  [Unnumbered.Dm]: "DM",
  [Unnumbered.Disc]: "DISC",
};
/** Longer records do not exist (RFC 8446, 5.2): what says so is out of step, and is not followed. */
const LONGEST_RECORD = 16384 + 256;

/** One direction of the line. */
class Direction {
  readonly frames = new AsyncFrameDecoder(NODE_NATIVES);
  /** N(S) that comes next; another one is a repeat. */
  wanted = 0;
  /** Bytes of a record that has begun. */
  stream: number[] = [];
  isLost = false;

  restart(): void {
    this.wanted = 0;
    this.stream = [];
    this.isLost = false;
  }
}

export class SealedLineDecoder {
  private readonly directions: Readonly<Record<LineEnd, Direction>> = {
    terminal: new Direction(),
    counter: new Direction(),
  };

  constructor(private readonly listener: WireListener) {}

  bytes(timeNs: number, from: LineEnd, bytes: Uint8Array): void {
    const direction = this.directions[from];
    for (const byte of bytes) {
      const event = direction.frames.push(byte);
      if (event === FrameEvent.Frame) this.frame(timeNs, from);
      if (event === FrameEvent.Damaged)
        this.listener({ timeNs, layer: "link", from, text: "damaged frame", hex: "", bad: true });
    }
  }

  private frame(timeNs: number, from: LineEnd): void {
    const direction = this.directions[from];
    const { control, informationLength } = direction.frames;
    const information = Uint8Array.from(
      { length: informationLength },
      (_, i) => direction.frames.information[i]!,
    );
    const hex = maskedHex([control, ...information]);
    const isRepeat =
      controlKind(control) === ControlKind.Information && sendNumber(control) !== direction.wanted;
    const text = this.controlText(control, information) + (isRepeat ? " · again" : "");
    this.listener({ timeNs, layer: "link", from, text, hex });
    if (controlKind(control) === ControlKind.Unnumbered) return this.unnumbered(control);
    if (controlKind(control) !== ControlKind.Information || isRepeat) return;
    direction.wanted = nextNumber(direction.wanted);
    this.records(timeNs, from, information);
  }

  private unnumbered(control: number): void {
    if ((control & ~POLL_FINAL) !== Unnumbered.Sabm) return;
    this.directions.terminal.restart();
    this.directions.counter.restart();
  }

  private controlText(control: number, information: Uint8Array): string {
    const poll = (control & POLL_FINAL) === 0 ? "" : " P/F";
    switch (controlKind(control)) {
      case ControlKind.Information:
        return `I ${sendNumber(control)}, wants ${receiveNumber(control)} · ${information.length} bytes${poll}`;
      case ControlKind.ReceiveReady:
        return `RR wants ${receiveNumber(control)}${poll}`;
      case ControlKind.Unnumbered: {
        const name = UNNUMBERED[control & ~POLL_FINAL] ?? `unnumbered ${control}`;
        if (information.length < LINK_VERSION_BYTES) return name + poll;
        const [version, low, high, ...call] = information;
        const number = call.length < 2 ? "" : `, call ${call[0]! + call[1]! * 256}`;
        return `${name} · version ${version}, MTU ${low! + high! * 256}${number}${poll}`;
      }
      case ControlKind.Other:
        return `control ${control}`;
    }
  }

  private records(timeNs: number, from: LineEnd, bytes: Uint8Array): void {
    const direction = this.directions[from];
    if (direction.isLost) return;
    direction.stream.push(...bytes);
    for (;;) {
      const { stream } = direction;
      if (stream.length < RECORD_HEADER_BYTES) return;
      const length = stream[3]! * 256 + stream[4]!;
      if (length > LONGEST_RECORD) {
        direction.isLost = true;
        return this.listener({ timeNs, layer: "tls", from, text: "no TLS record", hex: "", bad: true });
      }
      if (stream.length < RECORD_HEADER_BYTES + length) return;
      this.record(timeNs, from, Uint8Array.from(stream.splice(0, RECORD_HEADER_BYTES + length)));
    }
  }

  private record(timeNs: number, from: LineEnd, record: Uint8Array): void {
    const text = recordText(record[0]!, record.subarray(RECORD_HEADER_BYTES));
    this.listener({ timeNs, layer: "tls", from, text, hex: maskedHex(record) });
  }
}

function recordText(type: number, content: Uint8Array): string {
  const length = `${content.length} bytes`;
  switch (type) {
    case ContentType.ChangeCipherSpec as number:
      return `change_cipher_spec · ${length}`;
    case ContentType.Alert as number:
      return `alert ${content[1] ?? "?"}${content[1] === TlsAlert.CloseNotify ? " close_notify" : ""} · in clear`;
    case ContentType.Handshake as number:
      return `${handshakeText(content)} · ${length}`;
    case ContentType.ApplicationData as number:
      return `sealed record · ${length}`;
    default:
      return `record of type ${type} · ${length}`;
  }
}

function handshakeText(message: Uint8Array): string {
  if (message[0] === HandshakeType.ServerHello) return "ServerHello";
  if (message[0] !== HandshakeType.ClientHello) return `handshake ${message[0] ?? "?"}`;
  const identity = identityOf(message);
  return identity === undefined ? "ClientHello" : `ClientHello · ${identity}`;
}

/** The first PSK identity, as text when it is one. */
function identityOf(message: Uint8Array): string | undefined {
  if (message.length < HANDSHAKE_HEADER_BYTES) return undefined;
  const hello = new ClientHello(message);
  hello.decode(message.length);
  if (hello.identities === 0) return undefined;
  const at = hello.identityAt[0]!;
  const identity = message.subarray(at, at + hello.identityLength[0]!);
  const isText = identity.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? Buffer.from(identity).toString("latin1") : maskedHex(identity);
}
