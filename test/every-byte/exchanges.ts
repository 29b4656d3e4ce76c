/** What a terminal and a card say to each other, each kind once, with the PIN commands in every way they are asked for. */
import { iso } from "../../host-sim/card/deck.ts";
import type { T1Endpoint, T1Options } from "../../host-sim/card/t1-endpoint.ts";
import type { ImageOptions } from "../../host-sim/engine/engine.ts";
import { AID } from "../../host-sim/scenario/counter.ts";
import { isoWith, PLACES, residentWith } from "../../host-sim/scenario/entry-cards.ts";
import { changeData, verifyData } from "../../host-sim/scenario/secure-data.ts";
import type { CutBench } from "./cut-bench.ts";

export interface Exchange {
  readonly name: string;
  readonly image?: Partial<ImageOptions>;
  /** What `act` returns uncut. */
  readonly answer: string;
  /** PIN commands that `act` sends: one for each entry that was confirmed. */
  readonly pinCommands: number;
  /** Everything that is typed during `act`; none of it may stay in memory. */
  readonly typed: readonly string[];
  card(): T1Endpoint;
  /** Up to the exchange, with `card` in the slot and powered unless `isPowerOn`. */
  prepare(bench: CutBench): void;
  act(bench: CutBench): string;
  readonly isPowerOn?: boolean;
  /** The same card stays for the next cut, which saves the time of an insertion. */
  readonly keepsCard?: boolean;
  /** With the same card powered anew; says 9000. */
  again(bench: CutBench, card: T1Endpoint): string;
  /** PIN commands that `again` sends. */
  readonly againPins: number;
}

const RESIDENT_PIN = "8642";
const ISO_PIN = "86429753";
const WRONG_RESIDENT = "9753";
const NEW_RESIDENT = "7531";
const NEW_ISO = "97538642";
const ISO_APPLICATION = "00a4040c08a0000009994d4701";
const VERIFY_KNOWN = verifyData({ apdu: "00200080", minimum: 4, maximum: 4 });
const VERIFY_ISO = verifyData({ apdu: "00200081", minimum: 4, maximum: 16 });
const CHANGE_ISO = changeData({ apdu: "00240081", minimum: 4, maximum: 16, confirm: 3 });
const CHANGE_KNOWN = changeData({ apdu: "00240180", minimum: 4, maximum: 4, confirm: 1 });
const HOST_PIN = "002000800430303030";

const AGAIN = { again: verifiesAgain, againPins: 1 };
const NO_PIN = { pinCommands: 0, typed: [], ...AGAIN };

function residentCard(left = 3): T1Endpoint {
  return residentWith(PLACES.userAuthentication, RESIDENT_PIN, left);
}

function atJpki(bench: CutBench): void {
  bench.counter.select(AID.jpki, "0018");
}

function atIso(bench: CutBench): void {
  bench.counter.apdu(ISO_APPLICATION);
}

function powerOn(name: string, card: () => T1Endpoint): Exchange {
  return {
    name,
    ...NO_PIN,
    answer: "powered",
    isPowerOn: true,
    card,
    prepare: () => {},
    act: ({ counter }) => (counter.host.powerOn().status === 0 ? "powered" : "not powered"),
  };
}

function command(name: string, apdu: string, answer: string, card: () => T1Endpoint): Exchange {
  return {
    name,
    ...NO_PIN,
    answer,
    card,
    prepare: (bench) => (name.includes("certificate") ? bench.counter.select(AID.jpki, "000a") : undefined),
    act: (bench) => bench.outcome(() => bench.counter.apdu(apdu).slice(-4)),
  };
}

interface Asked {
  readonly name: string;
  readonly answer: string;
  readonly data: string;
  /** Pages' keys in order, each ended by E. */
  readonly entries: readonly string[];
}

function known(asked: Asked, left = 3): Exchange {
  const keys = asked.entries.map((pin) => `${pin}E`).join("");
  return {
    name: asked.name,
    answer: asked.answer,
    pinCommands: 1,
    typed: asked.entries,
    ...AGAIN,
    card: () => residentCard(left),
    prepare: atJpki,
    act: (bench) => bench.secure(asked.data, left === 1 ? `E${keys}` : keys, asked.entries[0]!),
  };
}

function unknown(asked: Asked, wire: Partial<T1Options> = {}): Exchange {
  const keys = asked.entries.map((pin) => `${pin}E`).join("");
  return {
    name: asked.name,
    answer: asked.answer,
    pinCommands: 1,
    typed: asked.entries,
    ...AGAIN,
    card: () => isoWith(ISO_PIN, wire),
    prepare: atIso,
    act: (bench) => bench.secure(asked.data, keys, asked.entries[0]!),
  };
}

const WTX: Partial<T1Options> = { faults: { wtx: { times: 2, multiplier: 3, instructions: [0x20] } } };

export const EXCHANGES: readonly Exchange[] = [
  powerOn("power-on of a 個人番号カード, its kind looked at", () => residentCard()),
  powerOn("power-on of an ISO card", () => isoWith(ISO_PIN)),
  command("SELECT of an application", `00a4040c0a${AID.jpki}`, "9000", () => residentCard()),
  command("READ BINARY of a certificate", "00b0000000", "9000", () => residentCard()),
  command("an answer in many blocks", "00a4040008a0000009994d470100", "9000", () =>
    isoWith(ISO_PIN, { faults: { answerBytes: 4 } }),
  ),
  known({
    name: "a right PIN of a known object",
    answer: "9000",
    data: VERIFY_KNOWN,
    entries: [RESIDENT_PIN],
  }),
  known({
    name: "a wrong PIN of a known object",
    answer: "63c2",
    data: VERIFY_KNOWN,
    entries: [WRONG_RESIDENT],
  }),
  known({ name: "the last try", answer: "9000", data: VERIFY_KNOWN, entries: [RESIDENT_PIN] }, 1),
  unknown({
    name: "a right PIN of an unknown application",
    answer: "9000",
    data: VERIFY_ISO,
    entries: [ISO_PIN],
  }),
  unknown({
    name: "a wrong PIN of an unknown application",
    answer: "63c2",
    data: VERIFY_ISO,
    entries: [NEW_ISO],
  }),
  unknown(
    { name: "a PIN that the card takes its time for", answer: "9000", data: VERIFY_ISO, entries: [ISO_PIN] },
    WTX,
  ),
  unknown({
    name: "old PIN, new PIN, new PIN again",
    answer: "9000",
    data: CHANGE_ISO,
    entries: [ISO_PIN, NEW_ISO, NEW_ISO],
  }),
  {
    ...known({
      name: "a new PIN alone",
      answer: "9000",
      data: CHANGE_KNOWN,
      entries: [NEW_RESIDENT, NEW_RESIDENT],
    }),
    prepare: (bench) => {
      atJpki(bench);
      bench.secure(VERIFY_KNOWN, `${RESIDENT_PIN}E`, RESIDENT_PIN);
    },
  },
  {
    ...known({ name: "a host's VERIFY that is replaced", answer: "9000", data: "", entries: [RESIDENT_PIN] }),
    image: { firewall: "substitute" },
    act: (bench) => bench.replaced(HOST_PIN, `${RESIDENT_PIN}E`, RESIDENT_PIN),
  },
];

const LONG_BYTES = 4096;

/** 17 blocks to the card, each acknowledged. */
export const LONG_COMMAND: Exchange = {
  name: "a chained command of 4,096 bytes",
  ...NO_PIN,
  keepsCard: true,
  again: answersAgain,
  againPins: 0,
  answer: "9000",
  card: () => iso("iso", {}),
  prepare: (bench) => {
    atIso(bench);
    bench.counter.apdu("00a4000c022001");
  },
  act: (bench) =>
    bench.outcome(() => bench.counter.apdu(`00d6000000${hex4(LONG_BYTES)}${"a5".repeat(LONG_BYTES)}`)),
};

/** A PIN entry on `card` as it is now: it must be right. */
function verifiesAgain(bench: CutBench, card: T1Endpoint): string {
  const isResident = card.name === "mynumber";
  if (isResident) atJpki(bench);
  else atIso(bench);
  const pin = card.application.pins.find((each) => each.file === (isResident ? 0x18 : 0x81));
  if (pin?.value === undefined) throw new Error("no PIN to type");
  const warning = isResident && pin.left === 1 ? "E" : "";
  return bench.secure(isResident ? VERIFY_KNOWN : VERIFY_ISO, `${warning}${pin.value}E`, pin.value);
}

/** A command that says that the card is there and T=1 is spoken. */
function answersAgain(bench: CutBench): string {
  return bench.outcome(() => bench.counter.apdu(ISO_APPLICATION));
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, "0");
}
