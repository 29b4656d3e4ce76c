/** A card that is taken out and another one put in, within 1 to 50 ms: the check is over, and the other card hears nothing. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import type { CardLine, SimCard, WireCharacter } from "../../host-sim/card/sim-card.ts";
import { CheckDesk, Outcome, pinOf, residentCard } from "./check-desk.ts";

const test = suite("swapped card");
const ID = 1;
const LONGEST_MS = 50;

/** Passes everything on to a card and counts what was done to it. */
class WatchedCard implements SimCard {
  readonly name = "watched";
  starts = 0;
  characters = 0;

  constructor(private readonly card: SimCard) {}

  powerUp(line: CardLine, volts: number): void {
    this.starts++;
    this.card.powerUp(line, volts);
  }

  resetReleased(): void {
    this.card.resetReleased();
  }

  resetAsserted(): void {
    this.card.resetAsserted();
  }

  characterReceived(character: WireCharacter): void {
    this.characters++;
    this.card.characterReceived(character);
  }

  powerDown(): void {
    this.card.powerDown();
  }
}

interface Swap {
  readonly desk: CheckDesk;
  readonly second: WatchedCard;
  readonly first: ReturnType<typeof residentCard>;
}

/** The first card goes, and `ms` later the other one is there; by turns a second person's and the same person's. */
function swapped(desk: CheckDesk, first: Swap["first"], ms: number): Swap {
  const second = new WatchedCard(residentCard(ms % 2 === 0 ? "mynumber-family" : "mynumber"));
  desk.simulator.remove();
  desk.simulator.runFor(ms);
  desk.simulator.insert(second);
  return { desk, first, second };
}

function judge({ desk, first, second }: Swap, where: string): void {
  const told = desk.check.getResult(ID);
  is(told.step === "result" && told.outcome, Outcome.Removed, where);
  desk.simulator.runFor(3000);
  equal([second.starts, second.characters], [0, 0], `${where}: to the second card`);
  is(pinOf(first).verifyCount, 0, where);
  desk.close();
}

test("while the counter is asked: REMOVED, go comes too late, and nothing is sent to the second card", () => {
  for (let ms = 1; ms <= LONGEST_MS; ms++) {
    const desk = new CheckDesk();
    const first = residentCard();
    const question = desk.askedAbout(ID, first);
    const swap = swapped(desk, first, ms);
    desk.simulator.runFor(ms % 3 === 0 ? 0 : 100);
    desk.check.go(ID, question);
    is(desk.result().outcome, Outcome.Removed, `${ms} ms`);
    is(desk.simulator.page(), "removed", `${ms} ms`);
    judge(swap, `${ms} ms`);
  }
});

test("in the entry, after no digit up to all four: REMOVED, also when 確認 comes behind it, and nothing is sent to the second card", () => {
  for (let ms = 1; ms <= LONGEST_MS; ms++) {
    const desk = new CheckDesk();
    const first = residentCard();
    desk.atThePin(ID, first);
    const typed = ms % 5;
    desk.simulator.keys("1234".slice(0, typed));
    desk.simulator.runFor(700);
    is(desk.simulator.view().digits, typed);
    const swap = swapped(desk, first, ms);
    desk.simulator.keys(`${"1234".slice(typed)}E`);
    is(desk.result().outcome, Outcome.Removed, `${ms} ms`);
    is(desk.simulator.page(), "removed", `${ms} ms`);
    judge(swap, `${ms} ms`);
  }
});

test("the next check of the card that was put in takes it for what it is", () => {
  const desk = new CheckDesk();
  const first = residentCard();
  desk.atThePin(ID, first);
  swapped(desk, first, 10);
  const removed = desk.result();
  desk.check.begin({ id: ID + 1 });
  const question = desk.check.answer();
  is(question.step === "question" && question.insertion > removed.insertion, true, JSON.stringify(question));
  desk.close();
});

test.run();
