/** Stories of a terminal that starts again: its card is off, nothing of an entry is kept, and the counter goes on. */
import { PLACES, residentWith } from "../entry-cards.ts";
import { beginEntry, expectEntry, expectPage, expectPin, expectUntouched, type } from "../expectations.ts";
import { expectSame, isSecureLampLit, type Scenario } from "../scenario.ts";
import type { Counter } from "../counter.ts";

const { juki } = PLACES;

/** Somebody presses reset, and the host forgets what it waited for. */
function restart(counter: Counter): void {
  counter.simulator.pressReset();
  counter.simulator.runFor(500);
  counter.host.discard();
  expectPage(counter, "reading");
  expectSame("supply of the card", counter.simulator.world.slot.isPowered(), false);
}

export const RESTARTS: readonly Scenario[] = [
  {
    name: "reset amid the entry",
    story:
      "A technician resets the terminal after two digits: the card is off, nothing was sent, the PIN is asked for anew.",
    seed: 80,
    run(counter) {
      const card = residentWith(juki, "4649");
      counter.start().insert(card).select(juki.aid, juki.file);
      beginEntry(counter);
      type(counter, "46");
      expectSame("the secure-entry lamp", isSecureLampLit(counter), true);
      restart(counter);
      expectSame("the secure-entry lamp", isSecureLampLit(counter), false);
      expectUntouched(card);
      counter.host.powerOn();
      counter.select(juki.aid, juki.file);
      expectEntry(counter, "4649E", "9000", "ok");
    },
  },
  {
    name: "reset of a verified card",
    story:
      "The terminal is reset while a verified card is in use: the verified state is gone, and no try was used.",
    seed: 81,
    run(counter) {
      const card = residentWith(juki, "4649");
      counter.start().insert(card).select(juki.aid, juki.file);
      expectEntry(counter, "4649E", "9000", "ok");
      expectPin(card, juki, { left: 3, verified: true, compared: 1 });
      restart(counter);
      expectPin(card, juki, { left: 3, verified: false, compared: 1 });
      counter.host.powerOn();
      expectPage(counter, "in-use");
    },
  },
];
