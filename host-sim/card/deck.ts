/** The deck: every card that `insert` knows by name. A card keeps its counters as long as the object lives. */
import type { CardApplication } from "./card-application.ts";
import { IsoCard } from "./apps/iso-card.ts";
import { jukiCard, myNumberCard, MY_NUMBER_ATR, type MyNumberOptions } from "./apps/my-number-card.ts";
import { OPERATOR_ATR, operatorCard, type OperatorCardOptions } from "./apps/operator-card.ts";
import { buildAtr } from "./card-atr.ts";
import { MuteCard } from "./mute-card.ts";
import type { SimCard } from "./sim-card.ts";
import { T1Endpoint, type T1Options } from "./t1-endpoint.ts";

/** COMPACT-TLV: capabilities with extended lengths, status 9000 (ISO/IEC 7816-4:2013, 12.1.1). */
const ISO_HISTORICAL = [0x80, 0x73, 0xc8, 0x00, 0x40, 0x82, 0x90, 0x00];
const ISO_ATR = buildAtr(0x3b, 0x8, [0x81, 0x31, 0xfe, 0x45], ISO_HISTORICAL);
const ENDLESS_CHARACTERS = 2000;
/** The first character just within 40,000 clocks, the whole ATR just within 19,200 etu (ISO/IEC 7816-3:2006, 6.2.2 and 8.1). */
const SLOW_ATR = { atrDelayClocks: 39_900, atrSpacingEtu: 1350 };
const SLOW = { times: 2, multiplier: 3, instructions: [0x20, 0xb0] };
const SECOND_PERSON: MyNumberOptions = { serial: "100020003000525", jukiPin: "8642", commonPin: "8642" };
const THIRD_PERSON: MyNumberOptions = { serial: "100020003000633", jukiPin: "7531", commonPin: "7531" };
/** Who has its card copied has the name, and not the town's key. */
const FORGED_KEY = new Uint8Array(32).fill(0x5a);
/** Another person, with the PIN that towns set in both places. */
const SAME_PINS: MyNumberOptions = { serial: "100020003000632", commonPin: "1234" };

interface DeckEntry {
  readonly about: string;
  readonly make: (name: string) => SimCard;
}

const DECK: Record<string, DeckEntry> = {
  mynumber: { about: "個人番号カード, every PIN set and full", make: (name) => resident(name, {}) },
  "mynumber-last": { about: "個人番号カード, one try left", make: (name) => resident(name, { left: 1 }) },
  "mynumber-blocked": {
    about: "個人番号カード, four-digit PINs blocked",
    make: (name) => resident(name, { left: 0 }),
  },
  "mynumber-unset": {
    about: "顔認証マイナンバーカード, no PIN was ever set",
    make: (name) => resident(name, { pinsUnset: true }),
  },
  "mynumber-family": {
    about: "個人番号カード of a second person, 住基 PIN 8642",
    make: (name) => resident(name, SECOND_PERSON),
  },
  "mynumber-child": {
    about: "個人番号カード of a third person, a child of twelve, 住基 PIN 7531",
    make: (name) => resident(name, THIRD_PERSON),
  },
  "mynumber-expired": {
    about: "個人番号カード past its date",
    make: (name) => resident(name, { expiry: "20251130" }),
  },
  "mynumber-same": {
    about: "個人番号カード whose 住基 and 共通 PIN are one, 1234",
    make: (name) => resident(name, SAME_PINS),
  },
  "mynumber-drowsy": {
    about: "個人番号カード whose first answer is 6F00",
    make: (name) => resident(name, { drowsy: true }),
  },
  "juki-expired": {
    about: "住基カード, expired like all of them",
    make: (name) => card(name, jukiCard(), { atr: MY_NUMBER_ATR }),
  },
  operator: {
    about: "card of OPERATOR-1, who signs in at a sealed terminal: PIN 4649",
    make: (name) => operator(name, {}),
  },
  "operator-2": {
    about: "card of OPERATOR-2: PIN 5963",
    make: (name) => operator(name, { name: "OPERATOR-2", pin: "5963" }),
  },
  "operator-last": { about: "as operator, one try left", make: (name) => operator(name, { left: 1 }) },
  "operator-blocked": { about: "as operator, blocked", make: (name) => operator(name, { left: 0 }) },
  "operator-forged": {
    about: "as operator, with a key that is not the town's",
    make: (name) => operator(name, { townKey: FORGED_KEY }),
  },
  iso: { about: "ISO 7816-4 card: PIN 01 and 81, extended lengths", make: (name) => iso(name, {}) },
  inverse: { about: "as iso, inverse convention", make: (name) => iso(name, { atr: inverseOf(ISO_ATR) }) },
  crc: { about: "as iso, CRC instead of LRC", make: (name) => iso(name, { atr: crcAtr() }) },
  negotiable: {
    about: "as iso, offers a faster rate by TA1",
    make: (name) => iso(name, { atr: ta1Atr([0x18, 0x81]) }),
  },
  "specific-mode": {
    about: "as iso, TA2 fixes T=1 at 372/1",
    make: (name) => iso(name, { atr: ta1Atr([0x11, 0x91, 0x01]) }),
  },
  "specific-fast": {
    about: "as iso, TA2 fixes T=1 at 372/12",
    make: (name) => iso(name, { atr: ta1Atr([0x18, 0x91, 0x01]) }),
  },
  "five-volt": { about: "as iso, mute below 5 V", make: (name) => iso(name, { volts: [5] }) },
  "slow-atr": { about: "as iso, an ATR as slow as allowed", make: (name) => iso(name, SLOW_ATR) },
  wtx: {
    about: "as iso, asks for time at VERIFY and READ",
    make: (name) => iso(name, { faults: { wtx: SLOW } }),
  },
  chained: {
    about: "as iso, answers in blocks of 16 bytes",
    make: (name) => iso(name, { faults: { answerBytes: 16 } }),
  },
  "bad-lrc": {
    about: "as iso, every block with a wrong LRC",
    make: (name) => iso(name, { faults: { badEdc: "always" } }),
  },
  "bad-lrc-once": {
    about: "as iso, its second block has a wrong LRC",
    make: (name) => iso(name, { faults: { badEdc: [2] } }),
  },
  t0: { about: "T=0 only", make: (name) => iso(name, { atr: Uint8Array.of(0x3b, 0x02, 0x53, 0x49) }) },
  "bad-tck": { about: "an ATR with a wrong TCK", make: (name) => iso(name, { atr: spoiledTck() }) },
  "endless-td": {
    about: "an ATR whose TD chain never ends",
    make: (name) => iso(name, { atr: endlessAtr() }),
  },
  "bad-ts": {
    about: "an ATR that begins with 3A",
    make: (name) => iso(name, { atr: Uint8Array.of(0x3a, 0x00) }),
  },
  mute: { about: "a broken card", make: (name) => new MuteCard(name) },
  "wrong-way": { about: "a card put in the wrong way round", make: (name) => new MuteCard(name) },
};

/** Names and one-line descriptions, in the deck's order. */
export function describeDeck(): { name: string; about: string }[] {
  return Object.entries(DECK).map(([name, entry]) => ({ name, about: entry.about }));
}

export function isInDeck(name: string): boolean {
  return Object.hasOwn(DECK, name);
}

/** A fresh card of that name. Throws when there is none. */
export function makeCard(name: string): SimCard {
  const entry = isInDeck(name) ? DECK[name] : undefined;
  if (entry === undefined) throw new Error(`no card ${JSON.stringify(name)} in the deck`);
  return entry.make(name);
}

/** A T=1 card around any application. */
export function card(name: string, application: CardApplication, options: T1Options): T1Endpoint {
  return new T1Endpoint(name, application, options);
}

/** A 個人番号カード; `faults` and times of the wire by `wire`. */
export function resident(name: string, options: MyNumberOptions, wire: Partial<T1Options> = {}): T1Endpoint {
  return card(name, myNumberCard(options), { atr: MY_NUMBER_ATR, ...wire });
}

/** Of OPERATOR-1, unless `options` say otherwise; `faults` and times of the wire by `wire`. */
export function operator(
  name: string,
  options: Partial<OperatorCardOptions>,
  wire: Partial<T1Options> = {},
): T1Endpoint {
  const made = operatorCard({ name: "OPERATOR-1", pin: "4649", ...options });
  return card(name, made, { atr: OPERATOR_ATR, ...wire });
}

/** The plain ISO card; another ATR, `faults` and times by `wire`. */
export function iso(name: string, wire: Partial<T1Options>): T1Endpoint {
  return card(name, new IsoCard(), { atr: ISO_ATR, ...wire });
}

function inverseOf(atr: Uint8Array): Uint8Array {
  return Uint8Array.of(0x3f, ...atr.subarray(1));
}

/** TB and TC of T=1 present: TC 01 is the CRC (ISO/IEC 7816-3:2006, 11.4.4). */
function crcAtr(): Uint8Array {
  return buildAtr(0x3b, 0x8, [0x81, 0x71, 0xfe, 0x45, 0x01], ISO_HISTORICAL);
}

/** TA1, TD1 and perhaps TA2 before the T=1 bytes. */
function ta1Atr(head: readonly number[]): Uint8Array {
  return buildAtr(0x3b, 0x9, [...head, 0x31, 0xfe, 0x45], ISO_HISTORICAL);
}

function spoiledTck(): Uint8Array {
  const atr = ISO_ATR.slice();
  atr[atr.length - 1]! ^= 0x01;
  return atr;
}

function endlessAtr(): Uint8Array {
  return Uint8Array.of(0x3b, 0x80, ...new Uint8Array(ENDLESS_CHARACTERS).fill(0x80));
}
