/** Stories of programs on the counter PC: honest ones, forgetful ones, and one that builds its own VERIFY. */
import type { T1Endpoint } from "../../card/t1-endpoint.ts";
import { AID, fromHex, type Counter } from "../counter.ts";
import { PLACES, residentWith } from "../entry-cards.ts";
import {
  beginEntry,
  expectEntry,
  expectFailure,
  expectPage,
  expectPin,
  expectUntouched,
  type,
  VERIFY,
} from "../expectations.ts";
import { expectSame, isSlotLampLit, type Scenario } from "../scenario.ts";
import { verifyData } from "../secure-data.ts";

const place = PLACES.userAuthentication;
const ABORT = 0x72;
const ABORTED = 0xff;
const ICC_MUTE = 0xfe;
/** Where abPINApdu begins in the message, and P2 in it. */
const P2_AT = 25 + 3;
const READ_SERIAL = "00ca004500";

function selected(counter: Counter): T1Endpoint {
  const card = residentWith(place, "2580");
  counter.start().insert(card).select(place.aid, place.file);
  return card;
}

const FORBIDDEN: readonly Scenario[] = [
  {
    name: "a host-built VERIFY is refused",
    story:
      "A program that sends VERIFY, CHANGE or RESET RETRY COUNTER itself gets 6985, and the card never hears of it.",
    seed: 61,
    run(counter) {
      const card = selected(counter);
      for (const apdu of [
        "002000800432353830",
        "002401800432353830",
        "002c018004",
        "8032008004",
        "0020008004",
      ]) {
        expectSame(`answer to ${apdu.slice(0, 8)}`, counter.apdu(apdu), "6985");
      }
      expectSame("the empty VERIFY", counter.apdu("00200080"), "63c3");
      expectUntouched(card);
      expectEntry(counter, "2580E", "9000", "ok");
    },
  },
  {
    name: "the 署名用 password",
    story:
      "A program asks for the 署名用 password, which this keypad cannot type: refused before any prompt, no try used.",
    seed: 62,
    run(counter) {
      const card = residentWith(place, "2580");
      counter.start().insert(card).select(AID.jpki, "001b");
      counter.host.beginSecure(fromHex(verifyData({ apdu: "00200080", minimum: 6, maximum: 16 })));
      expectFailure(counter, P2_AT);
      counter.simulator.runFor(50);
      expectPage(counter, "sign-pin");
      expectUntouched(card);
    },
  },
  {
    name: "a field with host digits",
    story: "A program asks for a PIN with digits already in the command: refused before any prompt.",
    seed: 63,
    run(counter) {
      const card = selected(counter);
      counter.host.beginSecure(fromHex(verifyData({ apdu: "002000800432353830", minimum: 4, maximum: 4 })));
      expectFailure(counter, 25 + 5);
      expectUntouched(card);
    },
  },
];

const HONEST: readonly Scenario[] = [
  {
    name: "substitute mode",
    story:
      "Software without PIN-pad support sends a VERIFY; the resident types instead, and its digits are never used.",
    seed: 64,
    image: { firewall: "substitute" },
    run(counter) {
      const card = selected(counter);
      const digits = "2580E";
      // The host waits in its own VERIFY while the resident types.
      counter.simulator.world.scheduler.patientlyAt(counter.simulator.nowNs + 2e9, () =>
        counter.simulator.keys(digits),
      );
      expectSame("answer to VERIFY 0000", counter.apdu("002000800430303030"), "9000");
      expectPin(card, place, { left: 3, verified: true, compared: 1 });
      expectPage(counter, "ok");
    },
  },
  {
    name: "the program gives up",
    story:
      "The program aborts after three digits: the entry ends, nothing goes to the card, the next entry is clean.",
    seed: 65,
    run(counter) {
      const card = selected(counter);
      beginEntry(counter);
      type(counter, "258");
      counter.host.command(ABORT, [0, 0, 0], new Uint8Array(), 3e9);
      expectFailure(counter, ABORTED);
      expectPage(counter, "cancelled");
      expectUntouched(card);
      expectEntry(counter, "2580E", "9000", "ok");
    },
  },
  {
    name: "the host's own time limit",
    story: "A program allows five seconds for the whole entry's pauses; after five the entry ends.",
    seed: 66,
    run(counter) {
      const card = selected(counter);
      beginEntry(counter, verifyData({ apdu: "00200080", minimum: 4, maximum: 4, seconds: 5 }));
      counter.simulator.runFor(4800);
      expectPage(counter, "pin");
      counter.simulator.runFor(400);
      expectPage(counter, "timeout");
      counter.host.finishSecure();
      expectUntouched(card);
    },
  },
];

const FORGETFUL: readonly Scenario[] = [
  {
    name: "the host forgets the card",
    story:
      "For 60 s no command comes: the verified card is switched off and the page asks to take it; a new session starts anew.",
    seed: 67,
    run(counter) {
      const card = selected(counter);
      expectEntry(counter, "2580E", "9000", "ok");
      counter.simulator.runFor(58_000);
      expectPage(counter, "in-use");
      expectPin(card, place, { left: 3, verified: true, compared: 1 });
      counter.simulator.runFor(3000);
      expectPage(counter, "take");
      expectSame("the slot lamp", isSlotLampLit(counter), false);
      expectPin(card, place, { left: 3, verified: false, compared: 1 });
      const late = counter.host.xfrBlock(counter.host.t1.seal(0, fromHex(READ_SERIAL)));
      expectSame("a late block: bStatus, bError", [late.status, late.error], [0x41, ICC_MUTE]);
      counter.host.powerOn();
      counter.select(place.aid, place.file);
      expectEntry(counter, "2580E", "9000", "ok");
    },
  },
  {
    name: "pcscd is restarted in the middle",
    story:
      "The PC's service is killed while it sends; after its restart the half frame is forgotten and the card is used.",
    seed: 68,
    run(counter) {
      const card = selected(counter);
      counter.host.rawBytes(fromHex("03066f0900000000"));
      counter.simulator.runFor(600);
      counter.host.startUp();
      counter.host.powerOn();
      counter.select(place.aid, place.file);
      expectEntry(counter, "2580E", "9000", "ok");
      expectPin(card, place, { left: 3, verified: true, compared: 1 });
    },
  },
  {
    name: "a Secure without a card",
    story:
      "A program asks for a PIN while the slot is empty: an error at once, and the page still asks for a card.",
    seed: 69,
    run(counter) {
      counter.start();
      counter.simulator.runFor(300);
      counter.host.beginSecure(fromHex(VERIFY));
      expectFailure(counter, ICC_MUTE);
      expectPage(counter, "insert");
    },
  },
];

export const PROGRAMS: readonly Scenario[] = [...FORBIDDEN, ...HONEST, ...FORGETFUL];
