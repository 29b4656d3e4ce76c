/** The case that is open at a window: who was found, who takes part, what was handed out, and the book that has each look. */
import { DeskRefusal } from "./desk-refusal.ts";
import type { CaseMessage } from "./desk-messages.ts";
import type { Desk } from "./desk.ts";
import { OpenCase, type Member } from "./open-case.ts";
import type { OperatorSeat } from "./operator-seat.ts";
import { DEEDS, maySee, RULES, type Field, type ResidentService } from "./services.ts";

/** What was handed out, as it is shown until the case is closed. */
type Paper = Partial<Record<Field, string>>;

/** Somebody who was looked up. */
type Found = Paper & { readonly id: number };

export class CaseDesk {
  /** Undefined between two cases. */
  open: OpenCase | undefined;
  private found: readonly Found[] | undefined;
  private papers: readonly Paper[] = [];

  constructor(
    private readonly desk: Desk,
    private readonly seat: OperatorSeat,
  ) {}

  act(message: CaseMessage): void {
    const { seat, desk } = this;
    const operator = seat.required();
    switch (message.do) {
      case "open": {
        if (this.open !== undefined) throw new DeskRefusal("case-is-open");
        const { register } = desk.parts;
        const number = register.openCase(message.service, desk.today(), operator.card, desk.now());
        this.open = new OpenCase(number, message.service, register, desk.today());
        return;
      }
      case "find":
        return this.find(message.text);
      case "choose":
        return this.choose(message.resident);
      case "include":
        return this.case().include(message.resident, message.on);
      case "seen":
        return this.case().see(message.resident);
      case "deliver":
        return this.deliver(message.household);
      case "close":
        return this.close();
    }
  }

  private find(text: string): void {
    const open = this.case();
    if (open.stage() !== "find") throw new DeskRefusal("case-is-open");
    const { register } = this.desk.parts;
    this.found = register.find(text).map(({ id }) => ({ id, ...this.seen(id, RULES[open.service].before) }));
  }

  private choose(id: number): void {
    const open = this.case();
    // A second press of the same button.
    if (open.members.some(({ resident }) => resident.id === id)) return;
    // Nobody is shown who was not looked up: each look is written down.
    const isFound = this.found?.some((one) => one.id === id) === true;
    const { register } = this.desk.parts;
    const resident = isFound ? register.resident(id) : undefined;
    if (resident === undefined) throw new DeskRefusal("no-resident");
    open.choose(resident);
    this.found = undefined;
    for (const { resident: member } of open.members) {
      if (member.id !== id) this.seen(member.id, RULES[open.service].before);
      if (member.card !== undefined) register.seeCard(member.id, this.seat.stamp(open.number));
    }
  }

  private deliver(isHousehold: boolean): void {
    const open = this.case();
    // A second press of the same button.
    if (open.isDone) return;
    const members = open.proved();
    const { register } = this.desk.parts;
    const [first] = members;
    const service = open.service as ResidentService;
    // A copy may be of the same household, of nobody else.
    const isWhole = isHousehold && service === "copy-elsewhere" && first !== undefined;
    const residents = isWhole
      ? register.household(first.resident.household).map(({ id }) => id)
      : members.map(({ resident }) => resident.id);
    register.done(DEEDS[service], residents, this.seat.stamp(open.number));
    open.isDone = true;
    this.papers = residents.map((id) => this.seen(id, RULES[service].after));
  }

  /** The card of whoever the case is about; that is all that the case does. */
  suspend(isSuspended: boolean, reason: string): void {
    const open = this.case();
    if (open.isDone) return;
    const serial = open.members[0]?.resident.card?.serial;
    if (open.service !== "card-stop" || serial === undefined) throw new DeskRefusal("not-suspendable");
    try {
      this.desk.parts.register.setSuspended(serial, isSuspended, reason, this.seat.stamp(open.number));
    } catch {
      throw new DeskRefusal("not-suspendable");
    }
    open.isDone = true;
    open.refresh();
  }

  private close(): void {
    this.case();
    this.forget();
  }

  /** A terminal that never comes back keeps nobody here: the case ends without what it asked for, and the book says so. */
  endUnheard(open: OpenCase): void {
    const pending = open.unheard();
    const answer = {
      request: pending.requestId,
      serial: "",
      outcome: "UNHEARD",
      verdict: "not-ok",
      record: 0,
    };
    const stamp = { operator: pending.operator, caseNumber: open.number, time: this.desk.now() };
    this.desk.parts.register.answered(answer, stamp);
  }

  /** Nothing of it is shown any more. */
  forget(): void {
    if (this.open?.isUnheard() === true && !this.desk.isClosed()) this.endUnheard(this.open);
    this.open = this.found = undefined;
    this.papers = [];
  }

  /** Throws `DeskRefusal` when there is none, or nobody who may see it. */
  case(): OpenCase {
    this.seat.required();
    if (this.open === undefined) throw new DeskRefusal("no-case");
    return this.open;
  }

  private seen(id: number, fields: readonly Field[]): Paper {
    return this.desk.parts.register.see(id, fields, this.seat.stamp(this.case().number));
  }

  /** As the tab draws it; nothing of a case is told to a window whose operator has not proved the card. */
  state(): object | undefined {
    const { open } = this;
    if (open === undefined || this.seat.at() !== "in") return undefined;
    open.refresh();
    const { number, service, answer } = open;
    return {
      ...{ number, service, stage: open.stage(), answer, isUnheard: open.isUnheard() },
      ...{ found: this.found, members: open.members.map((member) => this.memberState(open, member)) },
      papers: this.papers,
    };
  }

  private memberState(open: OpenCase, member: Member): object {
    const { resident, turn, takesPart, proof, outcome, triesLeft } = member;
    const { id, name, birth, card } = resident;
    return {
      ...{ id, name, birth, takesPart, proof, outcome, triesLeft, waits: open.waits(member) },
      maySee: maySee(turn.way, outcome),
      ...{ way: turn.way, unfit: "unfit" in turn ? turn.unfit : undefined },
      card:
        card === undefined
          ? undefined
          : { serial: card.serial, kind: card.kind, state: card.state, expiry: card.expiry },
    };
  }
}
