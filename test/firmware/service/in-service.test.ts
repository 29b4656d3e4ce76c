import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { buildAtr } from "../../../host-sim/card/card-atr.ts";
import { iso } from "../../../host-sim/card/deck.ts";
import { AID, Counter, fromHex, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";

const test = suite("terminal in service");
/** BWI 9: a block may take 51 s, so that three attempts would take minutes. */
const PATIENT_ATR = buildAtr(0x3b, 0x8, [0x81, 0x31, 0xfe, 0x95], []);
const COMMAND_CAP_MS = 64_000;

test("the status lamp is lit from the start", () => {
  const { world } = new Counter().start().simulator;
  ok((world.outputs & BOARD.lamps.status) !== 0);
});

test("a card that falls silent holds a command no longer than 64 s, however long it may think", () => {
  const card = iso("patient", { atr: PATIENT_ATR });
  const counter = new Counter().start().insert(card);
  const startNs = counter.simulator.nowNs;
  card.characterReceived = () => undefined;
  let failed = false;
  try {
    counter.apdu("0084000008");
  } catch {
    failed = true;
  }
  ok(failed, "the host is told that the card is mute");
  const tookMs = (counter.simulator.nowNs - startNs) / 1e6;
  ok(tookMs > COMMAND_CAP_MS - 1000 && tookMs < COMMAND_CAP_MS + 1000, `${tookMs} ms`);
});

test("pulling the card in the middle of an entry leaves neither lamp nor digits behind", () => {
  const counter = new Counter().start().insert("mynumber").select(AID.jpki, "0018");
  const { simulator } = counter;
  counter.host.beginSecure(fromHex(VERIFY_4));
  counter.waitForPrompt();
  simulator.keys("13");
  simulator.runFor(500);
  ok((simulator.world.outputs & BOARD.lamps.secureEntry) !== 0);
  simulator.remove();
  simulator.runFor(100);
  is(counter.page, "removed");
  is(simulator.world.outputs & BOARD.lamps.secureEntry, 0);
});

test.run();
