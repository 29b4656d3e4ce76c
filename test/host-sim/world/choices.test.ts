/** What a resident chooses by the keys < and >: the mask large, the times long, for this transaction alone. */
import { suite } from "uvu";
import { equal, is, not, ok } from "uvu/assert";
import { buildRom } from "../../../board/rom/build-rom.ts";
import { pageStates } from "../../../board/rom/page-states.ts";
import { Language } from "../../../firmware/service/view.ts";
import { photograph } from "../../../host-sim/world/every-page.ts";
import { CheckHost, type Question } from "./check-host.ts";
import { sealedTerminal } from "./sealed-simulator.ts";

const test = suite("choices of a resident");
const rom = buildRom();
const OK = 0;
const TIMEOUT = 4;
const SECOND = 1000;

function atTheCounter() {
  const { simulator, host } = sealedTerminal();
  host.open();
  return { simulator, check: new CheckHost(host) };
}

type Bench = ReturnType<typeof atTheCounter>;

function glass({ simulator }: Bench): string {
  return Buffer.from(simulator.world.lcd.frame()).toString("hex");
}

/** A page of the development image, as the golden pages have it. */
function picture(name: string): string {
  const state = pageStates().find((one) => one.name === `${name}-development`);
  if (state === undefined) throw new Error(`no page ${name}`);
  return Buffer.from(photograph(rom, state, Language.Japanese)).toString("hex");
}

function page({ simulator }: Bench, name: string): void {
  ok(
    simulator.runUntil(() => simulator.page() === name, 20 * SECOND),
    `${simulator.page()}, not ${name}`,
  );
}

function press({ simulator }: Bench, keys: string): void {
  simulator.keys(keys);
  simulator.runFor(300);
}

function question({ check }: Bench): Question {
  const answer = check.answer();
  if (answer.step !== "question") throw new Error(JSON.stringify(answer));
  return answer;
}

function outcome({ check }: Bench): number {
  const answer = check.answer();
  if (answer.step !== "result") throw new Error(JSON.stringify(answer));
  return answer.outcome;
}

/** Up to the PIN's page, `chosen` pressed while the card is asked for. */
function asked(bench: Bench, id: number, chosen: string): void {
  bench.check.begin({ id });
  page(bench, "insert");
  press(bench, chosen);
  bench.simulator.insert("mynumber");
  bench.check.go(id, question(bench));
  page(bench, "pin");
  bench.simulator.runFor(300);
}

/** How many seconds go by until the page is `name`. */
function secondsTo({ simulator }: Bench, name: string): number {
  const from = simulator.nowNs;
  ok(
    simulator.runUntil(() => simulator.page() === name, 400 * SECOND),
    simulator.page(),
  );
  return Math.round((simulator.nowNs - from) / 1e9);
}

test("a card is waited for three times as long, and a second press takes that back", () => {
  for (const [keys, seconds] of [
    ["", 60],
    [">", 180],
    [">>", 60],
  ] as const) {
    const bench = atTheCounter();
    bench.check.begin({ id: 1 });
    page(bench, "insert");
    bench.simulator.keys(keys);
    is(secondsTo(bench, "timeout"), seconds, keys);
    is(outcome(bench), TIMEOUT);
    bench.simulator.close();
  }
});

test("so is the first digit, the next one, and the result stays", () => {
  const bench = atTheCounter();
  asked(bench, 1, ">");
  is(glass(bench), picture("slow-pin-4-4-at-0"));
  bench.simulator.runFor(80 * SECOND);
  press(bench, "12");
  bench.simulator.runFor(40 * SECOND);
  press(bench, "34E");
  page(bench, "ok");
  is(outcome(bench), OK);
  is(secondsTo(bench, "take"), 15);
  bench.simulator.close();
});

test("back at the usual pace nobody is out of time at once", () => {
  const bench = atTheCounter();
  asked(bench, 1, ">");
  bench.simulator.runFor(50 * SECOND);
  bench.simulator.keys(">");
  is(secondsTo(bench, "timeout"), 30);
  bench.simulator.close();
});

test("the mask is large from the key on, as the golden pages have it, and small after it again", () => {
  const bench = atTheCounter();
  asked(bench, 1, "<>");
  is(glass(bench), picture("large-pin-4-4-at-0"));
  press(bench, "12");
  is(glass(bench), picture("large-pin-4-4-at-2"));
  press(bench, "<>");
  is(glass(bench), picture("pin-4-4-at-2"));
  press(bench, "34E");
  is(outcome(bench), OK);
  bench.simulator.close();
});

test("the next resident has chosen nothing, whoever was before", () => {
  const bench = atTheCounter();
  asked(bench, 1, "<>");
  press(bench, "1234E");
  is(outcome(bench), OK);
  bench.simulator.remove();
  bench.simulator.runFor(SECOND);
  // Between two checks, too, a key may have been pressed.
  page(bench, "insert");
  press(bench, "<>");
  not.equal(glass(bench), picture("insert"));
  asked(bench, 2, "");
  is(glass(bench), picture("pin-4-4-at-0"));
  is(secondsTo(bench, "timeout"), 30);
  bench.simulator.close();
});

test("on a page that does not say what was chosen the keys do nothing", () => {
  const bench = atTheCounter();
  asked(bench, 1, "");
  press(bench, "1234E");
  page(bench, "ok");
  bench.simulator.runFor(300);
  const before = glass(bench);
  press(bench, "<>");
  equal([glass(bench) === before, outcome(bench)], [true, OK]);
  is(secondsTo(bench, "take"), 4);
  bench.simulator.close();
});

test.run();
