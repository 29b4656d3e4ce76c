/**
 * `<desk-case>`: the case in one glance: its number and service, what to do next, the household with the state of each card, the
 * terminal's last answer and about which card it is, then what may be handed out.
 */
import { make } from "../dom.ts";
import { checksOf, nextSentence, type CheckKey } from "./case-steps.ts";
import type { CaseState, DeskState, MemberState, Service, Tell } from "./messages.ts";
import { answerBox, cardText, markOf, paperOf } from "./case-parts.ts";
import { act, rebuild } from "./rebuild.ts";
import { day, language, say } from "./words.ts";

const SERVICES: readonly Service[] = ["identity", "copy-elsewhere", "moving", "pin-change", "card-stop"];
const REASONS = ["loss", "theft", "other"] as const;

export class CaseView extends HTMLElement {
  tell: Tell = () => undefined;
  private shown = "";
  private stage = "";

  show(state: DeskState): void {
    const { seat, case: open, phase, busy, isStopped } = state;
    const now = JSON.stringify([seat, open, phase, busy, isStopped, language()]);
    if (now === this.shown) return;
    this.shown = now;
    this.hidden = seat !== "in";
    if (seat !== "in") return rebuild(this, []);
    rebuild(this, open === undefined ? [this.services()] : this.case(open, state));
    this.lead(open);
  }

  /** A new stage begins at its first action, for who works by the keyboard. */
  private lead(open: CaseState | undefined): void {
    const stage = open === undefined ? "none" : `${open.number} ${open.stage}`;
    if (stage === this.stage) return;
    this.stage = stage;
    const first = this.querySelector<HTMLElement>(".lead-in") ?? this.querySelector<HTMLElement>("button");
    first?.focus();
  }

  private services(): HTMLElement {
    const list = SERVICES.map((service) => {
      const row = (what: "takes" | "needsPin" | "gives", key: "takes" | "pin" | "gives"): Node[] => [
        make("dt", {}, say(what)),
        make("dd", {}, say(`service.${service}.${key}`)),
      ];
      const facts = make(
        "dl",
        {},
        ...row("takes", "takes"),
        ...row("needsPin", "pin"),
        ...row("gives", "gives"),
      );
      const begin = act(
        `open-${service}`,
        say(`service.${service}`),
        () => this.tell({ do: "open", service }),
        {
          class: "service",
          "data-service": service,
        },
      );
      return make("li", {}, begin, facts);
    });
    return make(
      "section",
      { class: "panel" },
      make("h2", {}, say("chooseService")),
      make("ul", { class: "services" }, ...list),
    );
  }

  private case(open: CaseState, state: DeskState): HTMLElement[] {
    const { number, service, stage } = open;
    const isAtWork = state.phase !== undefined;
    const close = act("close", say("close"), () => this.tell({ do: "close" }), {
      class: stage === "done" ? "primary lead-in" : "",
    });
    close.disabled = isAtWork;
    const head = make(
      "header",
      { class: "case-head" },
      make("h2", {}, say(`service.${service}`)),
      make("p", { class: "number" }, `${say("case")} ${number}`),
      close,
    );
    const next = make(
      "p",
      { class: "next", role: "status" },
      make("span", { class: "label" }, say("nextStep")),
      make("strong", {}, nextSentence(open, state)),
    );
    const parts = [head, next];
    // While the terminal is at work an older answer would be taken for the new one.
    const isTold = stage !== "done" || service === "pin-change";
    if (open.answer !== undefined && isTold && !isAtWork) parts.push(answerBox(open.answer, service));
    if (stage === "find") parts.push(this.search(open));
    else parts.push(this.people(open, isAtWork));
    if (stage === "cards") parts.push(this.actions(open, state));
    if (stage === "open" && isHandedOut(service)) parts.push(this.handOut(service));
    if (stage === "done") parts.push(...open.papers.map((paper) => paperOf(service, paper)));
    return [make("section", { class: "panel case", "data-stage": stage }, ...parts)];
  }

  private search({ found }: CaseState): HTMLElement {
    const name = make("input", {
      id: "find",
      "data-key": "find",
      class: "lead-in",
      required: true,
      maxlength: 64,
      autocomplete: "off",
    });
    name.setAttribute("aria-describedby", "find-hint");
    const form = make(
      "form",
      { class: "find" },
      make("label", { for: "find" }, say("find")),
      name,
      make("button", { type: "submit", "data-key": "find-button" }, say("findButton")),
      make("p", { class: "quiet", id: "find-hint" }, say("findHint")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.tell({ do: "find", text: name.value });
    });
    if (found === undefined) return form;
    if (found.length === 0) form.append(make("p", { role: "status" }, say("noneFound")));
    const rows = found.map(({ id, name: who, birth }) =>
      make(
        "li",
        {},
        make("span", { class: "who" }, who),
        make("span", {}, say("born", day(birth))),
        act(`choose-${id}`, say("choose"), () => this.tell({ do: "choose", resident: id }), {
          "aria-label": `${say("choose")}: ${who}`,
        }),
      ),
    );
    form.append(make("ul", { class: "found" }, ...rows));
    return form;
  }

  private people({ members, service, stage }: CaseState, isAtWork: boolean): HTMLElement {
    const isFamily = service === "moving";
    const rows = members.map((member) => {
      const mark = markOf(member, service);
      const row = make(
        "li",
        { class: "member", "data-mark": mark.kind, "data-resident": member.id },
        make("span", { class: "mark" }, mark.text),
        make("span", { class: "who" }, member.name),
        make("span", { class: "born" }, say("born", day(member.birth))),
        make("span", { class: "card" }, ...cardText(member)),
      );
      const mayChange = isFamily && stage !== "done" && !isAtWork && (member.waits || !member.takesPart);
      const canTakePart = member.way === "pin" || member.takesPart;
      if (mayChange && canTakePart) row.append(this.include(member));
      return row;
    });
    const title = say(isFamily ? "residents" : "person");
    return make("section", { class: "people" }, make("h3", {}, title), make("ul", {}, ...rows));
  }

  private include({ id, takesPart, name }: MemberState): HTMLElement {
    const text = say(takesPart ? "leave" : "include");
    return act(`include-${id}`, text, () => this.tell({ do: "include", resident: id, on: !takesPart }), {
      class: "small",
      "aria-label": `${text}: ${name}`,
    });
  }

  private actions(open: CaseState, state: DeskState): HTMLElement {
    const bar = make("div", { class: "actions" });
    if (open.service === "card-stop") return this.stopActions(open, bar);
    if (state.phase !== undefined) {
      bar.append(act("cancel", say("cancel"), () => this.tell({ do: "cancel" })));
      return bar;
    }
    if (open.isUnheard) {
      bar.append(act("ask", say("ask"), () => this.tell({ do: "ask" }), { class: "primary lead-in" }));
      return bar;
    }
    const [first] = open.members;
    const maySee = first?.maySee === true && (first.way === "show" || first.waits);
    if (maySee)
      bar.append(
        act("seen", say("seen"), () => this.tell({ do: "seen", resident: first.id }), {
          class: "primary lead-in",
        }),
      );
    const waits = open.members.filter((member) => member.waits);
    const isFit = waits.some(({ unfit }) => unfit === undefined);
    if (waits.length > 0) bar.append(...this.checks(open, maySee || !isFit));
    return bar;
  }

  private checks(open: CaseState, isSecond: boolean): HTMLElement[] {
    const tongue = make(
      "select",
      { id: "tongue", "data-key": "tongue" },
      make("option", { value: "ja" }, "日本語"),
      make("option", { value: "easy" }, "やさしい日本語"),
      make("option", { value: "en" }, "English"),
    );
    const begin = (key: CheckKey): HTMLElement =>
      act(
        key,
        say(key),
        () =>
          this.tell({
            do: "check",
            language: tongue.value,
            lastTry: key === "lastTry",
            finish: key === "finish",
          }),
        { class: isSecond ? "" : "primary lead-in" },
      );
    const label = make("label", { for: "tongue", class: "quiet" }, say("terminalLanguage"));
    return [...checksOf(open).map(begin), label, tongue];
  }

  private stopActions({ members }: CaseState, bar: HTMLElement): HTMLElement {
    const card = members[0]?.card;
    if (card?.state === "suspended")
      bar.append(act("lift", say("lift"), () => this.tell({ do: "lift" }), { class: "primary lead-in" }));
    if (card?.state === "in-use")
      bar.append(
        ...REASONS.map((reason) =>
          act(
            `suspend-${reason}`,
            say("suspendButton", say(`reason.${reason}`)),
            () => this.tell({ do: "suspend", reason }),
            { class: "lead-in" },
          ),
        ),
      );
    return bar;
  }

  private handOut(service: HandOut): HTMLElement {
    const deliver = (key: string, text: string, household: boolean): HTMLElement =>
      act(key, text, () => this.tell({ do: "deliver", household }), { class: "primary lead-in" });
    const box = make(
      "section",
      { class: "hand-out" },
      make("h3", {}, say("openTitle")),
      make("p", {}, say(`allowed.${service}`)),
      deliver("deliver", say(`deliver.${service}`), false),
    );
    if (service === "copy-elsewhere")
      box.append(deliver("deliver-household", say("deliver.household"), true));
    return box;
  }
}

/** What ends in something that is given; the others are done as soon as card or register have changed. */
type HandOut = Exclude<Service, "pin-change" | "card-stop">;

function isHandedOut(service: Service): service is HandOut {
  return service !== "pin-change" && service !== "card-stop";
}
