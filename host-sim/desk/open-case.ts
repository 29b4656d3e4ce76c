/**
 * One case at the window: a service, the residents it is for, and what is known of each one's card. It decides by the town's rules
 * (services.ts) and knows neither the line nor the page.
 *
 *   find ──choose──▶ cards ──every one that takes part is proved──▶ open ──deliver──▶ done
 */
import type { CheckResult, Verdict as CheckVerdict } from "../counter/check-calls.ts";
import { DeskRefusal } from "./desk-refusal.ts";
import type { Register, Resident } from "./register.ts";
import { asksTerminal, judge, mayGoOn, maySee, needsTerminal, RULES, wayOf } from "./services.ts";
import type { CaseService, RegisteredCard, ResidentService, Turn, Verdict } from "./services.ts";

/** Of a member's card: nobody has looked yet, proved by sight or PIN, refused, or nobody knows what came of its check. */
export type Proof = "none" | "sight" | "pin" | "refused" | "unknown";
export type Stage = "find" | "cards" | "open" | "done";

/** `again`: the card of somebody who has proved it already in this case. */
export type CaseVerdict = Verdict | "again";

export interface Member {
  resident: Resident;
  turn: Turn;
  takesPart: boolean;
  proof: Proof;
  outcome: string | undefined;
  triesLeft: number | undefined;
}

/** The last answer, as it is shown: about WHICH card, and what it means. */
export interface ShownAnswer {
  readonly outcome: string;
  readonly verdict: CaseVerdict;
  readonly serial: string;
  readonly triesLeft: number | undefined;
  readonly pinObject: number;
  /** Whose card it is, when it is one of this case; of others nothing is told. */
  readonly name: string | undefined;
}

/** A check whose outcome is not known, or that is under way. */
interface Asked {
  readonly requestId: string;
  /** Whose name it was asked in. */
  readonly operator: string;
  /** The last try of a card that is known to have no other may be used, and of no other card. */
  readonly isLastTry: boolean;
}

interface Pending extends Asked {
  /** Of the card that the terminal has asked about. */
  serial: string | undefined;
}

export class OpenCase {
  readonly members: Member[] = [];
  answer: ShownAnswer | undefined;
  isDone = false;
  private pending: Pending | undefined;
  private isUnknown = false;

  constructor(
    readonly number: string,
    readonly service: CaseService,
    private readonly register: Register,
    private readonly today: string,
  ) {}

  stage(): Stage {
    if (this.members.length === 0) return "find";
    if (this.isDone) return "done";
    return this.isOpen() ? "open" : "cards";
  }

  /** The resident at the window; with a service for families the household comes along. */
  choose(resident: Resident): void {
    if (this.members.length > 0) throw new DeskRefusal("case-is-open");
    const all = RULES[this.service].family ? this.register.household(resident.household) : [resident];
    for (const one of all) this.members.push(this.member(one));
  }

  /** A member of the household who does not move along, or does. */
  include(id: number, takesPart: boolean): void {
    const member = this.memberOf(id);
    if (this.isDone || takesPart === member.takesPart) return;
    if (takesPart && !needsTerminal(member.turn.way)) throw new DeskRefusal("not-this-way");
    if (!takesPart && member.proof === "unknown") throw new DeskRefusal("unknown-first");
    member.takesPart = takesPart;
  }

  /** The operator has looked at the card: its photo is the bearer's. */
  see(id: number): void {
    const member = this.memberOf(id);
    this.refresh();
    if (!maySee(member.turn.way, member.outcome) || this.isDone || this.isUnknown)
      throw new DeskRefusal("not-this-way");
    member.proof = "sight";
  }

  /** Whether a check may begin. Throws `DeskRefusal`. */
  mayAsk(): void {
    this.refresh();
    if (this.isUnknown) throw new DeskRefusal("unknown-first");
    const isWaiting = this.members.some((member) => this.waits(member));
    if (this.members.length === 0) throw new DeskRefusal("no-resident");
    if (!isWaiting || this.isDone) throw new DeskRefusal("already-proved");
  }

  began(asked: Asked): void {
    this.pending = { ...asked, serial: undefined };
  }

  /** The terminal has taken the check: the answer before is of no use any more. */
  asked(): void {
    this.answer = undefined;
  }

  /** The terminal has read this card: go; stop, for it does not do; or it is not its turn. */
  decide(serial: string): CheckVerdict {
    this.refresh();
    if (this.pending !== undefined) this.pending.serial = serial;
    const member = this.bySerial(serial);
    if (member === undefined || !this.waits(member) || !this.mayTry(member)) return "other-card";
    return mayGoOn(this.residentService(), serial, member.resident.card, this.today) ? "go" : "stop";
  }

  /** The request whose result may be asked for. */
  unheard(): Asked {
    if (this.pending === undefined || !this.isUnknown) throw new DeskRefusal("no-case");
    return this.pending;
  }

  isUnheard(): boolean {
    return this.isUnknown;
  }

  /** Nobody knows what came of the check: until that is known no other one of this case begins. */
  lost(): void {
    this.isUnknown = true;
    const member = this.bySerial(this.pending?.serial ?? "");
    if (member !== undefined) member.proof = "unknown";
  }

  /** The check was never begun, or the terminal has nothing of it any more: a new one may. */
  forget(): void {
    const member = this.bySerial(this.pending?.serial ?? "");
    if (member?.proof === "unknown") member.proof = "none";
    this.isUnknown = false;
    this.pending = undefined;
  }

  /** Takes the terminal's answer. It opens only what it proves: of the card that was asked about, and of nobody else. */
  take(result: CheckResult): CaseVerdict {
    this.refresh();
    // A card that does not do ends before its question; what is OK was asked about.
    const about = result.outcome === "OK" ? "" : result.serial;
    const asked = this.bySerial(this.pending?.serial ?? about);
    this.forget();
    const verdict = this.verdictOn(result, asked);
    const { outcome, serial, triesLeft, pinObject } = result;
    const whose = verdict === "other-card" ? undefined : asked;
    if (whose !== undefined && verdict !== "again") {
      whose.proof = verdict === "open" ? "pin" : "refused";
      whose.outcome = outcome;
      whose.triesLeft = triesLeft;
    }
    this.answer = { outcome, verdict, serial, triesLeft, pinObject, name: whose?.resident.name };
    return verdict;
  }

  /** Who has proved who they are; throws `DeskRefusal` unless everybody who takes part has. */
  proved(): readonly Member[] {
    this.refresh();
    if (!this.isOpen() || this.isDone) throw new DeskRefusal("not-open");
    return this.members.filter(({ takesPart }) => takesPart);
  }

  /** Those whose turn it is, the register as it is now. */
  refresh(): void {
    for (const member of this.members) {
      member.resident = this.register.resident(member.resident.id) ?? member.resident;
      member.turn = this.turnOf(member.resident);
      // A card that is suspended meanwhile has proved nothing.
      const isProved = member.proof === "pin" || member.proof === "sight";
      if (isProved && "unfit" in member.turn && !this.isDone) member.proof = "refused";
    }
  }

  /** Its card is still to be put in; of a suspended one the terminal says so. */
  waits({ takesPart, proof, turn, resident }: Member): boolean {
    const { service } = this;
    if (service === "card-stop" || !takesPart || proof === "pin" || proof === "sight") return false;
    const isSuspended = "unfit" in turn && turn.unfit === "suspended";
    return isSuspended ? asksTerminal(service, resident.card) : needsTerminal(turn.way);
  }

  private mayTry({ triesLeft }: Member): boolean {
    return this.pending?.isLastTry !== true || triesLeft === 1;
  }

  private verdictOn(result: CheckResult, asked: Member | undefined): CaseVerdict {
    // Put in once more by mistake: it was answered stop, and what it has proved stays.
    if (asked?.proof === "pin" || asked?.proof === "sight")
      return asked.resident.card?.serial === result.serial ? "again" : "other-card";
    const card: RegisteredCard | undefined = asked?.takesPart === true ? asked.resident.card : undefined;
    return judge(this.residentService(), result, card, this.today);
  }

  private isOpen(): boolean {
    const asked = this.members.filter(({ takesPart }) => takesPart);
    const isProved = ({ proof }: Member): boolean => proof === "pin" || proof === "sight";
    return this.service !== "card-stop" && asked.length > 0 && asked.every(isProved) && !this.isUnknown;
  }

  private member(resident: Resident): Member {
    const turn = this.turnOf(resident);
    // Alone at the window somebody takes part whatever the card; of a family those who have a card for the terminal.
    const takesPart =
      !RULES[this.service].family || needsTerminal(turn.way) || ("unfit" in turn && turn.unfit !== "none");
    return { resident, turn, takesPart, proof: "none", outcome: undefined, triesLeft: undefined };
  }

  private turnOf(resident: Resident): Turn {
    if (this.service === "card-stop") return { way: "staff" };
    return wayOf(this.service, resident.card, this.today);
  }

  private residentService(): ResidentService {
    if (this.service === "card-stop") throw new DeskRefusal("not-this-way");
    return this.service;
  }

  private memberOf(id: number): Member {
    const member = this.members.find(({ resident }) => resident.id === id);
    if (member === undefined) throw new DeskRefusal("no-resident");
    return member;
  }

  private bySerial(serial: string): Member | undefined {
    return this.members.find(({ resident }) => resident.card?.serial === serial && serial !== "");
  }
}
