import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { jukiCard, MY_NUMBER_ATR, myNumberCard } from "../../../host-sim/card/apps/my-number-card.ts";
import { IsoCard } from "../../../host-sim/card/apps/iso-card.ts";
import type { CardApplication } from "../../../host-sim/card/card-application.ts";
import { card } from "../../../host-sim/card/deck.ts";
import { Counter, toHex } from "../../../host-sim/scenario/counter.ts";

const test = suite("card-kind");

const SELECT_JPKI = "00a4040c0ad392f000260100000001";
const SELECT_TOKEN = "00a4020c020006";
const READ_LABEL = "00b0000010";

/** A card whose commands and cold resets are written down. */
function logged(application: CardApplication): { log: string[]; inserted: Counter; again(): Counter } {
  const log: string[] = [];
  const process = application.process.bind(application);
  const reset = application.reset.bind(application);
  application.process = (command, later) => {
    log.push(toHex(command));
    return process(command, later);
  };
  application.reset = (warm) => {
    log.push(warm ? "warm" : "cold");
    reset(warm);
  };
  const made = card("logged", application, { atr: MY_NUMBER_ATR });
  const inserted = new Counter({ seed: 1 }).start().insert(made);
  const again = (): Counter => {
    inserted.simulator.remove();
    inserted.simulator.runFor(200);
    inserted.host.slotStatus();
    log.length = 0;
    return inserted.insert(made);
  };
  return { log, inserted, again };
}

test("a 個人番号カード is read without a try and reset, so that the host meets it untouched", () => {
  const { log, inserted } = logged(myNumberCard());
  equal(log, ["cold", SELECT_JPKI, SELECT_TOKEN, READ_LABEL, "cold"]);
  is(inserted.page, "in-use");
});

test("a 住基カード is found by its label, switched off and called expired", () => {
  const { log, inserted } = logged(jukiCard());
  equal(log, ["cold", SELECT_JPKI, SELECT_TOKEN, READ_LABEL]);
  inserted.simulator.runFor(50);
  is(inserted.page, "card-expired");
  is(inserted.simulator.world.slot.isPowered(), false);
});

test("a host that tries an expired card at every voltage never gets to use it", () => {
  const { inserted } = logged(jukiCard());
  const seen = new Set<string>();
  for (const voltage of [3, 2, 1, 0]) {
    inserted.host.rawMessage(Uint8Array.of(0x62, 0, 0, 0, 0, 0, 1, voltage, 0, 0));
    inserted.simulator.runUntil(() => !seen.add(inserted.page), 1500);
    const reply = inserted.host.readReply();
    is(reply.error, 0xfe);
    is(reply.status, 0x41);
  }
  equal([...seen], ["card-expired"]);
  is(inserted.simulator.world.slot.isPowered(), false);
});

test("a card that selects the application with a warning is reset, so that no PIN of it passes as unknown", () => {
  const application = myNumberCard();
  const process = application.process.bind(application);
  application.process = (command, ...rest) => {
    const response = process(command, ...rest);
    return toHex(command) === SELECT_JPKI ? Uint8Array.of(0x62, 0x83) : response;
  };
  equal(logged(application).log, ["cold", SELECT_JPKI, SELECT_JPKI, "cold"]);
});

test("a card without the application is asked twice, for its first answer may be 6F00, and is not reset", () => {
  const { log, inserted } = logged(new IsoCard());
  equal(log, ["cold", SELECT_JPKI, SELECT_JPKI]);
  is(inserted.page, "in-use");
});

test("a drowsy card is asked again and known", () => {
  const { log, inserted } = logged(myNumberCard({ drowsy: true }));
  equal(log, ["cold", SELECT_JPKI, SELECT_JPKI, SELECT_TOKEN, READ_LABEL, "cold"]);
  is(inserted.page, "in-use");
});

test("a card is looked at once for each insertion", () => {
  const { log, inserted, again } = logged(myNumberCard());
  log.length = 0;
  inserted.host.powerOff();
  inserted.host.powerOn();
  equal(log, ["cold"]);
  again();
  equal(log, ["cold", SELECT_JPKI, SELECT_TOKEN, READ_LABEL, "cold"]);
});

/** The token's first 16 bytes, and whether they name a 住基カード. */
const LABELS: readonly (readonly [string, boolean])[] = [
  ["JPKIAPICCTOKEN  ", true],
  ["JPKIAPICCTOKEN2 ", false],
  ["JPKIAPICCTOKE   ", false],
  ["JPKIAPICCTOKENX ", false],
  ["jpkiapicctoken  ", false],
];

test("only the label of the 住基カード, with a space behind it, is called expired", () => {
  for (const [label, isExpired] of LABELS) {
    const application = myNumberCard();
    const process = application.process.bind(application);
    application.process = (command, ...rest) =>
      toHex(command) === READ_LABEL ? Buffer.from(`${label}\x90\x00`, "latin1") : process(command, ...rest);
    const { inserted } = logged(application);
    inserted.simulator.runFor(50);
    is(inserted.page, isExpired ? "card-expired" : "in-use", label);
  }
});

test.run();
