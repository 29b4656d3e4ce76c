/** The town's rules, every service with every kind of card, every state of it and every outcome of the terminal. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { outcomeName } from "../../../host-sim/counter/journal-record.ts";
import {
  CARD_KINDS,
  CARD_STATES,
  FIELDS,
  judge,
  mayGoOn,
  maySee,
  needsTerminal,
  RESIDENT_SERVICES,
  RULES,
  takesSight,
  wayOf,
  type CardKind,
  type CardState,
  type RegisteredCard,
  type ResidentService,
  type Way,
} from "../../../host-sim/desk/services.ts";

const test = suite("the town's rules");
const TODAY = "2026-11-26";
const SERIAL = "100020003000417";
const OTHER = "100020003000525";
const OUTCOMES = Array.from({ length: 16 }, (_, at) => outcomeName(at));

/** facts/card.md, 2.3, written down once more. */
const TABLE: Readonly<Record<ResidentService, readonly Way[]>> = {
  //                juki-photo juki-plain mynumber mynumber-face
  identity: ["show", "no", "show", "show"],
  "copy-elsewhere": ["show", "pin", "show-or-pin", "show"],
  moving: ["pin", "pin", "pin", "staff"],
  "pin-change": ["pin", "pin", "pin", "no"],
};

function cardOf(kind: CardKind, change: Partial<RegisteredCard> = {}): RegisteredCard {
  return { serial: SERIAL, kind, state: "in-use", expiry: "2033-04-01", ...change };
}

test("each service takes each kind of card as the decision table says", () => {
  for (const service of RESIDENT_SERVICES)
    equal(
      CARD_KINDS.map((kind) => wayOf(service, cardOf(kind), TODAY).way),
      TABLE[service],
      service,
    );
});

test("no card, a suspended, an abolished and an expired one do for nothing; the last day still does", () => {
  for (const service of RESIDENT_SERVICES)
    for (const kind of CARD_KINDS) {
      equal(wayOf(service, undefined, TODAY), { way: "no", unfit: "none" });
      equal(wayOf(service, cardOf(kind, { state: "suspended" }), TODAY), { way: "no", unfit: "suspended" });
      equal(wayOf(service, cardOf(kind, { state: "abolished" }), TODAY), { way: "no", unfit: "abolished" });
      equal(wayOf(service, cardOf(kind, { expiry: "2026-11-25" }), TODAY), { way: "no", unfit: "expired" });
      is(
        wayOf(service, cardOf(kind, { expiry: TODAY }), TODAY).way,
        TABLE[service][CARD_KINDS.indexOf(kind)],
      );
    }
});

interface Combination {
  readonly service: ResidentService;
  readonly kind: CardKind;
  readonly state: CardState;
  readonly expiry: string;
  readonly serial: string;
  readonly outcome: string;
}

/** `base`, once for each value of `field`. */
function each<Name extends string, Value, Base extends object>(
  bases: readonly Base[],
  field: Name,
  values: readonly Value[],
): (Base & Record<Name, Value>)[] {
  return bases.flatMap((base) =>
    values.map((value) => ({ ...base, [field]: value }) as Base & Record<Name, Value>),
  );
}

function combinations(): readonly Combination[] {
  const services = each([{}], "service", RESIDENT_SERVICES);
  const cards = each(each(each(services, "kind", CARD_KINDS), "state", CARD_STATES), "expiry", [
    "2033-04-01",
    "2026-11-25",
  ]);
  return each(each(cards, "serial", [SERIAL, OTHER, ""]), "outcome", OUTCOMES);
}

test("OK alone opens, of the very card, in use and not expired, where the table has a PIN: everything else does not", () => {
  const all = combinations();
  const opened = all.filter((one) => {
    const { service, kind, state, expiry, serial, outcome } = one;
    const verdict = judge(service, { outcome, serial }, cardOf(kind, { state, expiry }), TODAY);
    const way = TABLE[service][CARD_KINDS.indexOf(kind)];
    const isPin = way === "pin" || way === "show-or-pin";
    const isSound = serial === SERIAL && state === "in-use" && expiry > TODAY;
    is(verdict === "open", outcome === "OK" && isSound && isPin, JSON.stringify(one));
    if (serial === OTHER) is(verdict, "other-card");
    return verdict === "open";
  });
  equal([all.length, opened.length], [4 * 4 * 3 * 2 * 3 * 16, 2 + 3 + 3]);
});

test("an OK about a card that nobody asked for, or about none, is another card's", () => {
  is(judge("moving", { outcome: "OK", serial: SERIAL }, undefined, TODAY), "other-card");
  is(judge("moving", { outcome: "OK", serial: "" }, cardOf("mynumber"), TODAY), "other-card");
  is(judge("moving", { outcome: "OK", serial: "" }, undefined, TODAY), "other-card");
});

test("the terminal goes on with the very card alone, and only where a PIN is of use", () => {
  for (const service of RESIDENT_SERVICES)
    for (const kind of CARD_KINDS) {
      const way = TABLE[service][CARD_KINDS.indexOf(kind)];
      is(mayGoOn(service, SERIAL, cardOf(kind), TODAY), way === "pin" || way === "show-or-pin");
      is(mayGoOn(service, OTHER, cardOf(kind), TODAY), false);
      is(mayGoOn(service, SERIAL, cardOf(kind, { state: "suspended" }), TODAY), false);
      is(mayGoOn(service, SERIAL, cardOf(kind, { expiry: "2025-12-27" }), TODAY), false);
      is(mayGoOn(service, SERIAL, undefined, TODAY), false);
    }
});

test("a way is by sight, by PIN, by both, or by neither", () => {
  equal(
    (["show", "pin", "show-or-pin", "staff", "no"] as const).map((way) => [
      takesSight(way),
      needsTerminal(way),
    ]),
    [
      [true, false],
      [false, true],
      [true, true],
      [false, false],
      [false, false],
    ],
  );
});

test("a card that the terminal found expired, suspended or another thing is not looked at instead", () => {
  const spoilt = OUTCOMES.filter((outcome) => !maySee("show-or-pin", outcome));
  equal(spoilt, ["EXPIRED", "SUSPENDED", "UNSUPPORTED", "NOT_GENUINE"]);
  is(maySee("show", undefined), true);
  for (const way of ["pin", "staff", "no"] as const) is(maySee(way, undefined), false, way);
});

test("the 住民票コード is seen for a move alone, and before a card is proved nobody's address", () => {
  for (const [service, { before, after }] of Object.entries(RULES)) {
    is(after.includes("code"), service === "moving", service);
    equal(before, ["name", "birth"]);
    ok([...before, ...after].every((field) => FIELDS.includes(field)));
  }
});

test.run();
