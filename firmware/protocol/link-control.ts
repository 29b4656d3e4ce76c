/** Control octets of the counter line: the part of HDLC's balanced mode that is used (ISO/IEC 13239, 5.3 and 5.5, modulo 8). */

/** Poll or final: the peer wants an answer now, or this is it. */
export const POLL_FINAL = 0x10;

/** Unnumbered frames, `POLL_FINAL` taken off. */
export const enum Unnumbered {
  /** Set asynchronous balanced mode: everything starts anew. `LinkOffer` is its information, and the answer's. */
  Sabm = 0x2f,
  /** Yes, to SABM and DISC. */
  Ua = 0x63,
  /** The link is down: said to whatever wants an answer and came without SABM. */
  Dm = 0x0f,
  /** Ends the link in order. */
  Disc = 0x43,
}

/** What else a control octet says. */
export const enum ControlKind {
  Information = 0,
  ReceiveReady = 1,
  Unnumbered = 2,
  /** Nothing that is used here. */
  Other = 3,
}

const NUMBERS = 7;
const RECEIVE_READY = 0x01;

/** The number after `number`. */
export function nextNumber(number: number): number {
  return (number + 1) & NUMBERS;
}

export function controlKind(control: number): ControlKind {
  if ((control & 1) === 0) return ControlKind.Information;
  if ((control & 3) === 3) return ControlKind.Unnumbered;
  return (control & 0x0f) === RECEIVE_READY ? ControlKind.ReceiveReady : ControlKind.Other;
}

/** N(S) of an information frame. */
export function sendNumber(control: number): number {
  return (control >>> 1) & NUMBERS;
}

/** N(R): the number that the other end wants next. */
export function receiveNumber(control: number): number {
  return control >>> 5;
}

export function informationControl(send: number, receive: number): number {
  return (receive << 5) | (send << 1);
}

export function receiveReadyControl(receive: number): number {
  return (receive << 5) | RECEIVE_READY;
}

/**
 * Information of SABM and UA: the version of this protocol, the longest information (u16, low byte first) of either end, and the call's
 * number (u16, low byte first), which UA repeats. A DM that answers another version has the first three bytes.
 */
export const LINK_VERSION = 1;
export const LINK_VERSION_BYTES = 3;
export const LINK_OFFER_BYTES = 5;
export const SHORTEST_MTU = 64;
