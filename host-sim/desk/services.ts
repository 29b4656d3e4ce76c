/**
 * The town's rules, as its page has them: which service takes which card, whether a PIN is needed, what an answer of the terminal
 * opens, and what the operator may then see and hand out. Nothing here knows of files, lines or pages.
 *
 *   card in the register ──wayOf──▶ show / pin / … ──▶ the card is looked at, or the terminal is asked ──judge──▶ a verdict
 */

/** For one resident, or one household. Two more, of cards and of the terminal, need no resident at the window. */
export const RESIDENT_SERVICES = ["identity", "copy-elsewhere", "moving", "pin-change"] as const;
export type ResidentService = (typeof RESIDENT_SERVICES)[number];
export const CASE_SERVICES = [...RESIDENT_SERVICES, "card-stop"] as const;
/** `card-stop`: 一時停止・解除 of a card, after a report of loss or theft. */
export type CaseService = (typeof CASE_SERVICES)[number];

/** `mynumber-face`: 顔認証マイナンバーカード, which has no PIN; `juki-plain`: a 住基カード without a photo. */
export const CARD_KINDS = ["juki-photo", "juki-plain", "mynumber", "mynumber-face"] as const;
export type CardKind = (typeof CARD_KINDS)[number];
/** As Juki-net has it: nothing of it stands on the card. */
export const CARD_STATES = ["in-use", "suspended", "abolished"] as const;
export type CardState = (typeof CARD_STATES)[number];

/**
 * `show`: the card is looked at, no PIN; `pin`: the terminal is asked; `show-or-pin`: either; `staff`: a process of the staff without the
 * terminal; `no`: this card does not do.
 */
export type Way = "show" | "pin" | "show-or-pin" | "staff" | "no";

const WAYS: Readonly<Record<ResidentService, Readonly<Record<CardKind, Way>>>> = {
  identity: { "juki-photo": "show", "juki-plain": "no", mynumber: "show", "mynumber-face": "show" },
  "copy-elsewhere": {
    ...{ "juki-photo": "show", "juki-plain": "pin", mynumber: "show-or-pin", "mynumber-face": "show" },
  },
  moving: { "juki-photo": "pin", "juki-plain": "pin", mynumber: "pin", "mynumber-face": "staff" },
  "pin-change": { "juki-photo": "pin", "juki-plain": "pin", mynumber: "pin", "mynumber-face": "no" },
};

/** 本人確認情報: what Juki-net has of a person, and all that this window ever sees. 本籍 and 筆頭者 are not among it. */
export const FIELDS = ["name", "address", "birth", "sex", "code"] as const;
export type Field = (typeof FIELDS)[number];

interface Rule {
  /** Each member of the household with a card has a turn of its own. */
  readonly family: boolean;
  /** Seen when somebody is looked up: enough to tell namesakes apart. */
  readonly before: readonly Field[];
  /** Seen when the service is open; nothing of who has changed a PIN, which the card does. The 住民票コード is for the notice of a move alone. */
  readonly after: readonly Field[];
}

export const RULES: Readonly<Record<CaseService, Rule>> = {
  identity: { family: false, before: ["name", "birth"], after: ["name", "address", "birth", "sex"] },
  "copy-elsewhere": { family: false, before: ["name", "birth"], after: ["name", "address", "birth", "sex"] },
  moving: { family: true, before: ["name", "birth"], after: ["name", "address", "birth", "sex", "code"] },
  "pin-change": { family: false, before: ["name", "birth"], after: [] },
  "card-stop": { family: false, before: ["name", "birth"], after: ["name", "birth"] },
};

export interface RegisteredCard {
  readonly serial: string;
  readonly kind: CardKind;
  readonly state: CardState;
  /** YYYY-MM-DD, the last day. */
  readonly expiry: string;
}

/** Why a card does not do today, whatever it is. */
export type Unfit = "none" | "suspended" | "abolished" | "expired";

/** What to do with a resident's card: a way, or why there is none. */
export type Turn = { readonly way: Way } | { readonly way: "no"; readonly unfit: Unfit };

/** `today` is the service day, YYYY-MM-DD. */
export function wayOf(service: ResidentService, card: RegisteredCard | undefined, today: string): Turn {
  if (card === undefined) return { way: "no", unfit: "none" };
  if (card.state !== "in-use") return { way: "no", unfit: card.state };
  if (card.expiry < today) return { way: "no", unfit: "expired" };
  return { way: WAYS[service][card.kind] };
}

export function needsTerminal(way: Way): boolean {
  return way === "pin" || way === "show-or-pin";
}

/** Whether the terminal has something to say of such a card, also when the register has more against it. */
export function asksTerminal(service: ResidentService, card: RegisteredCard | undefined): boolean {
  return card !== undefined && needsTerminal(WAYS[service][card.kind]);
}

export function takesSight(way: Way): boolean {
  return way === "show" || way === "show-or-pin";
}

/** The terminal has found that the card is not what it looks like: looking at it proves nothing any more. */
const SPOILERS: readonly string[] = ["EXPIRED", "SUSPENDED", "UNSUPPORTED", "NOT_GENUINE"];

/** `outcome` is what the terminal said of this card in this case; undefined = it was not asked. */
export function maySee(way: Way, outcome: string | undefined): boolean {
  return takesSight(way) && (outcome === undefined || !SPOILERS.includes(outcome));
}

/** What the terminal has said about a card, as far as the rules go. */
export interface Answer {
  /** OK, WRONG, … (docs/protocol.md). */
  readonly outcome: string;
  /** Of the card that it is about; empty = none was read. */
  readonly serial: string;
}

/**
 * `open`: the card of whom the service is for has proved its PIN. `other-card`: it is about another card, or about none; whatever
 * the outcome, it opens nothing. `unfit`: the card was suspended, abolished or expired meanwhile.
 */
export type Verdict = "open" | "other-card" | "unfit" | "not-ok";

/** `card` is the one that was asked for, as the register has it now. */
export function judge(
  service: ResidentService,
  answer: Answer,
  card: RegisteredCard | undefined,
  today: string,
): Verdict {
  if (answer.serial !== "" && answer.serial !== card?.serial) return "other-card";
  if (answer.outcome !== "OK") return "not-ok";
  if (card === undefined || answer.serial === "") return "other-card";
  return needsTerminal(wayOf(service, card, today).way) ? "open" : "unfit";
}

/** Whether the terminal may go on with the card that it has read. */
export function mayGoOn(
  service: ResidentService,
  serial: string,
  card: RegisteredCard | undefined,
  today: string,
): boolean {
  return card !== undefined && card.serial === serial && needsTerminal(wayOf(service, card, today).way);
}

/** What is handed out, or done, when the case is closed. */
export const DEEDS: Readonly<Record<ResidentService, string>> = {
  identity: "identity-confirmed",
  "copy-elsewhere": "copy-handed-out",
  moving: "move-taken",
  "pin-change": "pin-changed",
};
