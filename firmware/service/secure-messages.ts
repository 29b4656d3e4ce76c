/** PC_to_RDR_Secure, and a host's VERIFY that is replaced, as the CCID reader hears and answers them (CCID rev 1.1, 6.1.11). */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { type CcidHeader, DATA_AT, SlotError } from "../protocol/ccid.ts";
import { decodeSecureRequest, SECURE_OK, SecureRequest } from "../protocol/secure-request.ts";
import type { CcidAnswers } from "./ccid-answers.ts";
import type { HostExchange } from "./host-exchange.ts";
import { SecureResult, type SecureService } from "./secure-service.ts";

/** bTeoPrologue stands this far before abPINApdu. */
const TEO_BYTES = 3;
/** The header of a VERIFY that is replaced stands in a message of its own, as a template that grows by the digits. */
const REPLACED_BYTES = DATA_AT + 4;
const REPLACED_DIGITS = 4;
/** Conditions of use not satisfied: what the firewall answers. */
const REFUSED = 0x6985;

/** The readers' own status words (PC/SC part 10, 2.5.2.4). */
const enum OwnStatus {
  TimedOut = 0x6400,
  Cancelled = 0x6401,
  Mismatch = 0x6402,
}

export class SecureMessages {
  private readonly request = new SecureRequest();
  private readonly replaced: Bytes;
  private isReplacement = false;

  constructor(
    natives: ByteNatives,
    private readonly answers: CcidAnswers,
    private readonly exchange: HostExchange,
    private readonly service: SecureService,
  ) {
    this.replaced = natives.allocate(REPLACED_BYTES);
  }

  /** Begins a Secure; returns SECURE_OK or the offset of the field that is refused, before any prompt. */
  begin(message: ReadonlyBytes, length: number, nowUs: number): number {
    const request = this.request;
    this.isReplacement = false;
    const wrong = decodeSecureRequest(message, length, request);
    if (wrong !== SECURE_OK) return wrong;
    if (!this.exchange.mayBeginSecure(request.teoNad, request.teoPcb)) return request.apduAt - TEO_BYTES;
    const refused = this.service.begin(request, message, nowUs);
    if (refused !== SECURE_OK) this.exchange.rollBackSecure();
    return refused;
  }

  /** Begins an entry in place of a host's VERIFY: 4 digits, our own times, nothing of the host's data. False: refused. */
  beginReplacement(nowUs: number): boolean {
    const header = this.exchange.header();
    for (let i = 0; i < 4; i++) this.replaced[DATA_AT + i] = (header >>> (24 - 8 * i)) & 0xff;
    this.request.setVerify(DATA_AT, REPLACED_DIGITS);
    this.isReplacement = true;
    const isBegun =
      this.service.isKnown(header) && this.service.begin(this.request, this.replaced, nowUs) === SECURE_OK;
    if (!isBegun) this.exchange.respondStatus(REFUSED);
    return isBegun;
  }

  /** Answers `request` by what became of it. */
  answer(request: CcidHeader): void {
    const result = this.service.takeResult();
    switch (result) {
      case SecureResult.CardStatus:
        this.exchange.respondStatus(this.service.statusWord);
        this.answers.sendBlock(request, this.exchange.answer(), this.exchange.answerLength());
        break;
      case SecureResult.Cancelled:
        this.end(request, SlotError.PinCancelled, OwnStatus.Cancelled);
        break;
      case SecureResult.TimedOut:
        this.end(request, SlotError.PinTimeout, OwnStatus.TimedOut);
        break;
      case SecureResult.Mismatch:
        this.end(request, SECURE_OK, OwnStatus.Mismatch);
        break;
      case SecureResult.None:
      case SecureResult.Held:
      case SecureResult.Aborted:
        this.end(request, SlotError.CommandAborted, OwnStatus.Cancelled);
        break;
      case SecureResult.Mute:
        this.exchange.rollBackSecure();
        this.answers.fail(request, SlotError.IccMute);
        break;
    }
  }

  /** Nothing went to the card. CCID has no error for a mismatch: that is told by two bare bytes. */
  private end(request: CcidHeader, error: number, statusWord: OwnStatus): void {
    if (this.isReplacement) {
      this.exchange.respondStatus(statusWord);
      this.answers.sendBlock(request, this.exchange.answer(), this.exchange.answerLength());
      return;
    }
    this.exchange.rollBackSecure();
    if (error !== SECURE_OK) {
      this.answers.fail(request, error);
      return;
    }
    const message = this.answers.message;
    message[DATA_AT] = statusWord >> 8;
    message[DATA_AT + 1] = statusWord & 0xff;
    this.answers.succeed(request, 2, 0);
  }
}
