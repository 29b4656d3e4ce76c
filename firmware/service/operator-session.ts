/**
 * Who of the staff is signed in. In RAM alone: every start of the terminal ends it.
 *
 *   Nobody --signIn, its record stands--> an operator --sign-out, time, emergency stop--> Nobody
 *                                           +--signIn of another--> that one
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import { NEVER_US } from "../protocol/time.ts";
import { type Configuration, Setting } from "./configuration.ts";
import { OperatorEvent, type OperatorRecords } from "./operator-records.ts";
import { Name } from "./pair.ts";

/** A working day, of powered time. */
const LONGEST_US = 43200000000;

export class OperatorSession {
  /** Without characters while nobody is signed in. */
  private readonly name: Name;
  private endUs = NEVER_US;

  constructor(
    natives: ByteNatives,
    private readonly records: OperatorRecords,
    private readonly configuration: Configuration,
  ) {
    this.name = new Name(natives);
  }

  /** `operator`, whom the records are about, has been proved. False: that is not on record, and nobody is signed in. */
  signIn(operator: Name, nowUs: number): boolean {
    this.clear();
    if (!this.records.note(OperatorEvent.SignedIn, nowUs)) return false;
    this.name.set(operator.bytes, 0, operator.length);
    this.endUs = nowUs + LONGEST_US;
    return true;
  }

  /** Nobody is signed in any more. Returns whether that is on record, if somebody was. */
  end(event: OperatorEvent, nowUs: number): boolean {
    if (this.name.length === 0) return true;
    this.records.about(this.name, 0);
    this.clear();
    return this.records.note(event, nowUs);
  }

  /** What time brings, while no command is under way. Returns when it is due. */
  step(nowUs: number): number {
    if (nowUs >= this.endUs) this.end(OperatorEvent.Ended, nowUs);
    return this.endUs;
  }

  /** Whether `name` is signed in. */
  isSignedIn(name: Name, nowUs: number): boolean {
    return nowUs < this.endUs && this.name.length > 0 && this.name.isSame(name.bytes, 0, name.length);
  }

  /** Whether a check may be made in `name`: by whoever is signed in, and by everybody while nobody need be. */
  mayCheck(name: Name, nowUs: number): boolean {
    if (this.name.length > 0 && nowUs < this.endUs) return this.isSignedIn(name, nowUs);
    return !this.configuration.isOn(Setting.OperatorsRequired);
  }

  private clear(): void {
    this.name.set(this.name.bytes, 0, 0);
    this.endUs = NEVER_US;
  }
}
