/** A PIN in a card with its retry counter. Public on purpose: a test compares these states before and after. */

/** What a comparison came to. */
export type PinResult = "right" | "wrong" | "blocked" | "unset";

export interface PinRules {
  /** AID of the application that holds it, in hexadecimal. */
  readonly application: string;
  /** File identifier, or the reference of a PIN without a file. */
  readonly file: number;
  /** As ASCII; undefined when the issuer has never set one. */
  readonly value: string | undefined;
  readonly tries: number;
  readonly minimumBytes: number;
  readonly maximumBytes: number;
}

export class PinObject {
  readonly application: string;
  readonly file: number;
  readonly tries: number;
  readonly minimumBytes: number;
  readonly maximumBytes: number;
  value: string | undefined;
  /** Wrong tries that remain; 0 is blocked. Kept without supply. */
  left: number;
  verified = false;
  /** How many comparisons were made, whatever came of them. */
  verifyCount = 0;
  /** How often the value was replaced. */
  changeCount = 0;

  constructor(rules: PinRules) {
    this.application = rules.application;
    this.file = rules.file;
    this.tries = rules.tries;
    this.minimumBytes = rules.minimumBytes;
    this.maximumBytes = rules.maximumBytes;
    this.value = rules.value;
    this.left = rules.tries;
  }

  /** Compares. A wrong value of any length costs a try; a right one gives all tries back; a blocked one stays blocked. */
  verify(data: Uint8Array): PinResult {
    if (this.value === undefined) return "unset";
    this.verifyCount++;
    if (this.left === 0) return "blocked";
    if (Buffer.from(data).toString("latin1") === this.value) {
      this.left = this.tries;
      this.verified = true;
      return "right";
    }
    this.left--;
    this.verified = false;
    return "wrong";
  }

  fits(data: Uint8Array): boolean {
    return data.length >= this.minimumBytes && data.length <= this.maximumBytes;
  }

  /** Replaces the value; tries are full again. */
  change(data: Uint8Array): void {
    this.value = Buffer.from(data).toString("latin1");
    this.left = this.tries;
    this.changeCount++;
  }
}
