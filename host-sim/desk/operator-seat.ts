/**
 * Who sits at a window: first the password, here, then the operator card, at the terminal. Both ends are signed out together.
 *
 *   out ──password──▶ card ──SignIn OK, of this operator's card──▶ in ──sign-out, 15 min without a hand, window closed──▶ out
 *                      ▲                                            │
 *                      └──────────── emergency stop ────────────────┘
 */
import type { LanguageCode } from "../world/language-code.ts";
import type { SignInResult } from "../counter/operator-calls.ts";
import { DeskRefusal } from "./desk-refusal.ts";
import type { Desk } from "./desk.ts";
import { isPassword } from "./password.ts";
import type { Operator, Stamp } from "./register.ts";

export type Seat = "out" | "card" | "in";

const IDLE_US = 15 * 60 * 1_000_000;

export class OperatorSeat {
  private operator: Operator | undefined;
  private seat: Seat = "out";
  private cancelIdle: () => void = () => undefined;
  /** Called when nobody has touched the window for a quarter of an hour. */
  onIdle: () => void = () => undefined;

  constructor(private readonly desk: Desk) {}

  at(): Seat {
    return this.seat;
  }

  who(): Operator | undefined {
    return this.operator;
  }

  async password(login: string, password: string): Promise<void> {
    const { throttle, parts } = this.desk;
    if (this.seat !== "out") throw new DeskRefusal("busy");
    const waitS = throttle.waitS(login);
    if (waitS > 0) throw new DeskRefusal("wait", String(waitS));
    throttle.begin(login);
    const operator = parts.register.operator(login);
    const isRight = await isPassword(password, operator?.password);
    if (operator === undefined || !isRight) throw new DeskRefusal("wrong-password");
    throttle.right(login);
    this.operator = operator;
    this.seat = "card";
    this.touched();
  }

  /** Asks for the card at the terminal. What is not this operator's own card, proved by its PIN, signs nobody in. */
  async card(language: LanguageCode): Promise<void> {
    const { operator, desk } = this;
    if (operator === undefined || this.seat !== "card") throw new DeskRefusal("not-signed-in");
    if (desk.occupant !== undefined && desk.occupant !== this) throw new DeskRefusal("signed-in-elsewhere");
    desk.occupant = this;
    try {
      await this.judged(await desk.work.signIn(language, desk.now()), operator);
    } catch (error) {
      if (desk.occupant === this) desk.occupant = undefined;
      throw error;
    }
  }

  /** Out, here at once; at the terminal as soon as it can be reached, behind what is still under way there. */
  async out(): Promise<void> {
    const wasIn = this.seat === "in";
    const { desk } = this;
    this.seat = "out";
    this.operator = undefined;
    this.touched();
    try {
      // Nobody else signs in before: the sign-out would be theirs.
      await desk.work.whenIdle();
      if (wasIn) await desk.work.signOut();
    } finally {
      if (desk.occupant === this) desk.occupant = undefined;
    }
  }

  /** The terminal has signed everybody out, or the window must prove the card again. */
  needsCard(): void {
    if (this.seat !== "in") return;
    this.seat = "card";
    if (this.desk.occupant === this) this.desk.occupant = undefined;
  }

  /** Who is signed in at both ends. Throws `DeskRefusal`. */
  required(): Operator {
    if (this.operator === undefined || this.seat !== "in") throw new DeskRefusal("not-signed-in");
    return this.operator;
  }

  /** For the emergency stop the password is enough. */
  known(): Operator {
    if (this.operator === undefined) throw new DeskRefusal("not-signed-in");
    return this.operator;
  }

  stamp(caseNumber: string): Stamp {
    return { operator: this.required().card, caseNumber, time: this.desk.now() };
  }

  /** A hand is at the window: the time begins anew. */
  touched(): void {
    this.cancelIdle();
    this.cancelIdle = () => undefined;
    if (this.seat === "out") return;
    this.cancelIdle = this.desk.parts.clock.after(IDLE_US, () => {
      // A resident may take long: the check ends first.
      if (this.desk.work.busyWith() !== undefined && this.desk.occupant === this) this.touched();
      else this.onIdle();
    });
  }

  private async judged({ outcome, operator: card }: SignInResult, operator: Operator): Promise<void> {
    // The window was left meanwhile: nobody sits here.
    const isHere = this.operator === operator && this.seat === "card";
    if (outcome === "OK" && card === operator.card && isHere) {
      this.seat = "in";
      return this.touched();
    }
    if (outcome !== "OK") throw new DeskRefusal("sign-in-outcome", outcome);
    // Somebody else's card: the terminal has let that operator in, who has not given a password here.
    await this.desk.work.signOut();
    throw new DeskRefusal("other-operator-card", isHere ? card : "");
  }
}
