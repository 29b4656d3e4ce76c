/** Parts of a case that only show: the terminal's answer and about which card it is, a member's state and card, what is handed out. */
import { make } from "../dom.ts";
import type { Answer, MemberState, Paper, Service } from "./messages.ts";
import { day, say, sayOf } from "./words.ts";

const FIELDS = ["name", "address", "birth", "sex", "code"] as const;
/** Serials are read aloud: three groups of five. */
const GROUP = /(\d{5})(?=\d)/g;

function serialText(serial: string): string {
  return serial.replace(GROUP, "$1 ");
}

/** Outcomes that are about one of the card's two PINs. */
const OF_ONE_PIN: readonly string[] = ["WRONG", "BLOCKED", "LIMITED"];

export function answerBox(answer: Answer, service: Service): HTMLElement {
  const { outcome, verdict, serial, triesLeft, name, pinObject } = answer;
  const words = verdict === "open" && service === "pin-change" ? "changed" : verdict;
  // A check asks for one PIN; a change is about two.
  const isOfOne = service === "pin-change" && verdict === "not-ok" && OF_ONE_PIN.includes(outcome);
  const which = isOfOne ? `${sayOf("pinObject", String(pinObject))}: ` : "";
  const whose = name !== undefined ? say("whoseCard", name) : serial === "" ? say("noSerial") : "";
  const more = words === "not-ok" ? sayOf("outcome", outcome) : say(`verdict.${words}.more`, name ?? "");
  const left =
    verdict === "not-ok" && triesLeft !== undefined && outcome !== "BLOCKED"
      ? triesLeft === 1
        ? say("triesLeftOne")
        : say("triesLeft", String(triesLeft))
      : "";
  return make(
    "div",
    { class: "answer", "data-verdict": verdict, role: "status" },
    make("p", { class: "verdict" }, say(`verdict.${words}`)),
    make(
      "p",
      { class: "whose" },
      [whose, serial === "" ? "" : `${say("serial")} ${serialText(serial)}`]
        .filter((text) => text !== "")
        .join("・"),
    ),
    make("p", { class: "more" }, which + [more, left].filter((text) => text !== "").join(" ")),
  );
}

/** The card was not asked, or has not judged: nothing speaks against it. */
const NOT_JUDGED: readonly string[] = ["CANCELLED", "TIMEOUT", "REMOVED", "OTHER_CARD"];

export function markOf(
  member: MemberState,
  service: Service,
): { readonly kind: string; readonly text: string } {
  const { proof, takesPart, unfit, way, outcome } = member;
  if (service === "card-stop")
    return { kind: "none", text: member.card?.state === "suspended" ? say("unfit.suspended") : "" };
  if (proof === "pin" || proof === "sight") return { kind: "proved", text: say(`proof.${proof}`) };
  if (!takesPart)
    return {
      kind: "out",
      text: unfit === "none" ? say("unfit.none") : way === "staff" ? say("staff") : say("leftOut"),
    };
  if (unfit !== undefined) return { kind: "refused", text: sayOf("unfit", unfit) };
  if (way === "no") return { kind: "refused", text: say("notThisCard") };
  if (proof === "refused" && NOT_JUDGED.includes(outcome ?? ""))
    return { kind: "todo", text: say("proof.again") };
  return { kind: proof === "none" ? "todo" : proof, text: say(`proof.${proof}`) };
}

/** Its kind and date, and below them the number that stands on it. */
export function cardText({ card }: MemberState): Node[] {
  if (card === undefined) return [make("span", {}, say("noCard"))];
  return [
    make("span", {}, `${sayOf("kind", card.kind)}・${say("until", day(card.expiry))}`),
    make("span", { class: "serial" }, serialText(card.serial)),
  ];
}

export function paperOf(service: Service, paper: Paper): HTMLElement {
  const rows = FIELDS.flatMap((field) => {
    const value = paper[field];
    if (value === undefined) return [];
    const text = field === "sex" ? sayOf("sex", value) : field === "birth" ? day(value) : value;
    return [make("dt", {}, say(`field.${field}`)), make("dd", {}, text)];
  });
  const title = sayOf("paper", service);
  return make(
    "article",
    { class: "paper", "aria-label": `${title}: ${paper.name ?? ""}` },
    make("h3", {}, title),
    make("dl", {}, ...rows),
  );
}
