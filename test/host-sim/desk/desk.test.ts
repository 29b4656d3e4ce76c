/** The counter window at the simulator's terminal, over the real sealed line, in virtual time. */
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { KEY_FILE } from "../../../host-sim/counter/development-pair.ts";
import { signOut } from "../../../host-sim/counter/operator-calls.ts";
import { stationLine } from "../../../host-sim/desk/station-line.ts";
import { lockKeyFile } from "../../../host-sim/counter/key-lock.ts";
import { journalKeyOf, SECRET_BYTES } from "../../../host-sim/world/provision.ts";
import { temporaryFolder } from "../cli/temporary.ts";
import { DeskBench, type Tab } from "./desk-bench.ts";

const test = suite("the counter window at the terminal");
const open: DeskBench[] = [];
const HANAKO = "100020003000417";
const TARO = "100020003000525";
/** Of another window. */
const STAMP = { operator: "OPERATOR-2", caseNumber: "C-1", time: 1 };

test.after.each(() => {
  for (const bench of open.splice(0)) bench.close();
});

function made(options = {}): DeskBench {
  const bench = new DeskBench(options);
  open.push(bench);
  return bench;
}

async function atWork(service: string, name: string): Promise<{ bench: DeskBench; tab: Tab }> {
  const bench = made();
  const tab = await bench.signedIn();
  await bench.caseFor(tab, service, name);
  return { bench, tab };
}

/** A resident is asked for the PIN; `checking` ends with the check. */
async function atAnEntry(): Promise<{ bench: DeskBench; tab: Tab; checking: Promise<void> }> {
  const { bench, tab } = await atWork("copy-elsewhere", "窓口 花子");
  const checking = tab.begin({ do: "check", language: "ja", lastTry: false, finish: false });
  await bench.putIn("mynumber");
  await bench.shows(/^pin$/);
  return { bench, tab, checking };
}

/** Of the members, in the order of the page. */
function proofs(tab: Tab): string[] {
  return tab.case().members.map(({ proof }) => proof);
}

test("an operator signs in by password and card, and out at both ends", async () => {
  const bench = made();
  const tab = await bench.signedIn();
  equal([tab.state()["seat"], tab.state()["operator"]], ["in", { name: "受付 まどか", card: "OPERATOR-1" }]);
  await bench.caseFor(tab, "moving", "窓口 花子");
  await tab.do({ do: "sign-out" });
  equal([tab.state()["seat"], tab.state()["operator"], tab.state()["case"]], ["out", undefined, undefined]);
  await tab.do({ do: "open", service: "moving" });
  is(tab.notice()?.["code"], "not-signed-in");
  // The terminal takes checks of operators who are signed in alone: so it is known that it has signed out.
  const again = bench.tab();
  await again.conversation.message({ do: "password", login: "madoka", password: "madoguchi-1" });
  await again.do({ do: "open", service: "moving" });
  is(again.notice()?.["code"], "not-signed-in");
});

test("a wrong password, somebody who is not there, and a password without the card open nothing", async () => {
  const bench = made();
  const tab = bench.tab();
  for (const [login, password] of [
    ["madoka", "madoguchi-2"],
    ["nobody", "madoguchi-1"],
  ]) {
    await tab.conversation.message({ do: "password", login, password });
    equal([tab.notice()?.["code"], tab.state()["seat"]], ["wrong-password", "out"]);
  }
  await tab.do({ do: "card", language: "ja" });
  is(tab.notice()?.["code"], "not-signed-in");
  await tab.conversation.message({ do: "password", login: "madoka", password: "madoguchi-1" });
  is(tab.state()["seat"], "card");
  for (const message of [
    { do: "open", service: "moving" },
    { do: "find", text: "窓口" },
    { do: "journal" },
    { do: "check", language: "ja", lastTry: false, finish: false },
  ]) {
    await tab.do(message);
    is(tab.notice()?.["code"], "not-signed-in", message.do);
  }
  equal(bench.register.seen(), []);
});

test("a third wrong password waits for half a minute, a further one twice as long, and the right one waits too", async () => {
  const bench = made();
  const tab = bench.tab();
  const say = (password: string): Promise<void> =>
    Promise.resolve(tab.conversation.message({ do: "password", login: "madoka", password }));
  for (let wrong = 0; wrong < 3; wrong++) await say("nonsense");
  for (let taken = 0; taken < 3; taken++) is(tab.notice()?.["code"], "wrong-password");
  await say("madoguchi-1");
  equal(tab.notice(), { type: "notice", code: "wait", detail: "30" });
  bench.simulator.runFor(30_000);
  await say("nonsense");
  is(tab.notice()?.["code"], "wrong-password");
  await say("madoguchi-1");
  is(tab.notice()?.["detail"], "60");
  bench.simulator.runFor(60_000);
  await say("madoguchi-1");
  is(tab.state()["seat"], "card");
});

for (const [card, pins, code, detail] of [
  ["operator", ["0000"], "sign-in-outcome", "WRONG"],
  ["operator-forged", ["4649"], "sign-in-outcome", "NOT_GENUINE"],
  ["operator-blocked", [], "sign-in-outcome", "BLOCKED"],
  ["mynumber", [], "sign-in-outcome", "UNSUPPORTED"],
  ["operator-2", ["5963"], "other-operator-card", "OPERATOR-2"],
] as const) {
  test(`the card ${card} does not sign in who has given madoka's password: ${detail}`, async () => {
    const bench = made();
    const tab = bench.tab();
    await tab.conversation.message({ do: "password", login: "madoka", password: "madoguchi-1" });
    const signing = tab.begin({ do: "card", language: "ja" });
    await bench.putIn(card, ...pins);
    await bench.until(signing);
    const notice = tab.notice();
    equal([notice?.["code"], notice?.["detail"], tab.state()["seat"]], [code, detail, "card"]);
    await bench.takeOut();
    // Nobody is signed in at the terminal either.
    const journal = await journalOf(bench);
    const events = journal.filter(({ event }) => event === "OPERATOR").map(({ meaning }) => meaning);
    is(
      events.at(-1) ?? "none",
      card === "operator-2" ? "signed out" : card === "operator-forged" ? "not genuine" : "none",
    );
  });
}

/** Signs in at another window to read it. */
async function journalOf(bench: DeskBench): Promise<Record<string, unknown>[]> {
  const tab = await bench.signedIn("midori", "operator-2", "5963");
  await tab.do({ do: "journal" });
  const records = tab.messages.find(({ type }) => type === "journal")?.["records"] as Record<
    string,
    unknown
  >[];
  await tab.do({ do: "sign-out" });
  const own = records.findIndex(({ event, meaning }) => event === "OPERATOR" && meaning === "signed in");
  // Newest first: what this reading has written stands before.
  return records.slice(own + 1).reverse();
}

test("転入 of a family of three: each card its own PIN, any order, and the move is taken when all are proved", async () => {
  const { bench, tab } = await atWork("moving", "まどぐち はなこ");
  equal(
    tab.case().members.map(({ name }) => name),
    ["窓口 太郎", "窓口 花子", "窓口 みらい"],
  );
  await bench.check(tab, "mynumber", ["1234"]);
  equal(proofs(tab), ["none", "pin", "none"]);
  equal(
    [tab.case().answer?.verdict, tab.case().answer?.serial, tab.case().answer?.name],
    ["open", HANAKO, "窓口 花子"],
  );
  is(tab.case().stage, "cards");
  await tab.do({ do: "deliver", household: false });
  is(tab.notice()?.["code"], "not-open");
  // The same card once more: it is answered stop, no PIN is asked for, and what it has proved stays.
  await bench.check(tab, "mynumber", ["1234"]);
  equal([tab.case().answer?.verdict, proofs(tab)], ["again", ["none", "pin", "none"]]);
  await bench.check(tab, "mynumber-child", ["7531"]);
  await bench.check(tab, "mynumber-family", ["8642"]);
  equal([proofs(tab), tab.case().stage], [["pin", "pin", "pin"], "open"]);
  equal(tab.case().papers, []);
  await tab.do({ do: "deliver", household: false });
  is(tab.case().stage, "done");
  equal(tab.case().papers[1], {
    ...{ name: "窓口 花子", address: "架空県見本市窓口町1丁目2番3号", birth: "1951-04-12" },
    ...{ sex: "female", code: "99900000017" },
  });
  const { number } = tab.case();
  equal(
    bench.register.deeds(),
    [1, 2, 3].map((at) => ({
      deed: "move-taken",
      resident: [2, 1, 3][at - 1],
      operator: "OPERATOR-1",
      caseNumber: number,
    })),
  );
  equal(
    bench.register.answers().map(({ verdict }) => verdict),
    ["open", "again", "open", "open"],
  );
  // Every view is in the book, with operator and case: three by name and card before, three in full after.
  const seen = bench.register.seen();
  for (const fields of ["name birth", "card", "name address birth sex code"])
    is(seen.filter((one) => one.fields === fields).length, 3, fields);
  ok(seen.every(({ operator, caseNumber }) => operator === "OPERATOR-1" && caseNumber === number));
});

test("wrong, wrong, the last try by leave of the staff, blocked: none of them opens anything", async () => {
  const { bench, tab } = await atWork("moving", "窓口 花子");
  await tab.do({ do: "include", resident: 2, on: false });
  await tab.do({ do: "include", resident: 3, on: false });
  const outcomes: unknown[] = [];
  for (const [pins, lastTry] of [
    [["0000"], false],
    [["1111"], false],
    [["1234"], false],
    [["", "2222"], true],
    [["1234"], false],
  ] as const) {
    await bench.check(tab, "mynumber", pins, { lastTry });
    const { answer, stage } = tab.case();
    outcomes.push([answer?.outcome, answer?.triesLeft]);
    equal([answer?.verdict, stage, proofs(tab)[1]], ["not-ok", "cards", "refused"]);
    await tab.do({ do: "deliver", household: false });
    is(tab.notice()?.["code"], "not-open");
  }
  equal(outcomes, [
    ["WRONG", 2],
    ["WRONG", 1],
    ["LIMITED", 1],
    ["BLOCKED", 0],
    ["BLOCKED", 0],
  ]);
  equal(bench.register.deeds(), []);
});

test("another person's card is refused before a PIN is asked for, and nothing is told of whose it is", async () => {
  const { bench, tab } = await atWork("pin-change", "窓口 花子");
  await bench.check(tab, "mynumber-family", ["8642"]);
  equal(tab.case().answer, {
    outcome: "OTHER_CARD",
    verdict: "other-card",
    serial: TARO,
    pinObject: 0,
    ...(tab.case().answer?.triesLeft === undefined ? {} : { triesLeft: tab.case().answer?.triesLeft }),
  });
  equal([tab.case().stage, proofs(tab)], ["cards", ["none"]]);
  not.match(JSON.stringify(tab.messages), /太郎/);
  is(bench.simulator.engineView().entryCount, 1);
});

test("a suspended card is answered stop, and after the suspension is lifted it proves its PIN", async () => {
  const bench = made();
  const tab = await bench.signedIn();
  await bench.caseFor(tab, "card-stop", "窓口 花子");
  await tab.do({ do: "suspend", reason: "loss" });
  await tab.do({ do: "suspend", reason: "loss" });
  equal([tab.notice(), tab.case().stage], [undefined, "done"], "a second press of the button does nothing");
  await tab.do({ do: "close" });
  not.match(JSON.stringify(tab.state()), /花子|100020003000417/, "nobody is shown without a case");
  await bench.caseFor(tab, "moving", "窓口 花子");
  const entries = bench.simulator.engineView().entryCount;
  await bench.check(tab, "mynumber", ["1234"]);
  equal([tab.case().answer?.outcome, tab.case().answer?.verdict], ["SUSPENDED", "not-ok"]);
  is(bench.simulator.engineView().entryCount, entries, "no PIN was asked for");
  await tab.do({ do: "close" });
  await bench.caseFor(tab, "card-stop", "窓口 花子");
  await tab.do({ do: "lift" });
  await tab.do({ do: "close" });
  await bench.caseFor(tab, "moving", "窓口 花子");
  await bench.check(tab, "mynumber", ["1234"]);
  is(tab.case().answer?.verdict, "open");
});

test("a card that is suspended after its PIN was right opens nothing any more", async () => {
  const { bench, tab } = await atWork("moving", "窓口 花子");
  await tab.do({ do: "include", resident: 2, on: false });
  await tab.do({ do: "include", resident: 3, on: false });
  await bench.check(tab, "mynumber", ["1234"]);
  is(tab.case().stage, "open");
  bench.register.setSuspended(HANAKO, true, "theft", STAMP);
  await tab.do({ do: "deliver", household: false });
  equal([tab.notice()?.["code"], tab.case().stage, bench.register.deeds()], ["not-open", "cards", []]);
});

test("a card pulled at entry is REMOVED and opens nothing; another attempt is the operator's to begin", async () => {
  const { bench, tab } = await atWork("copy-elsewhere", "窓口 花子");
  const checking = tab.begin({ do: "check", language: "ja", lastTry: false, finish: false });
  await bench.shows(/^insert$/);
  await bench.putIn("mynumber");
  await bench.shows(/^pin$/);
  bench.simulator.keys("12");
  bench.simulator.remove();
  await bench.until(checking);
  equal([tab.case().answer?.outcome, tab.case().stage, proofs(tab)], ["REMOVED", "cards", ["refused"]]);
  await bench.shows(/^insert|idle$/);
  is(tab.state()["busy"], undefined);
});

test("nobody is chosen who was not looked up in this case", async () => {
  const bench = made();
  const tab = await bench.signedIn();
  await tab.do({ do: "open", service: "moving" });
  await tab.do({ do: "find", text: "架空" });
  await tab.do({ do: "choose", resident: 1 });
  equal([tab.notice()?.["code"], tab.case().stage, tab.case().members], ["no-resident", "find", []]);
  await tab.do({ do: "choose", resident: 4 });
  equal(
    tab.case().members.map(({ id }) => id),
    [4],
  );
});

test("広域交付: a card that is looked at is enough; a copy is of the same household, without the 住民票コード", async () => {
  const { bench, tab } = await atWork("copy-elsewhere", "窓口 花子");
  await tab.do({ do: "seen", resident: 1 });
  is(tab.case().stage, "open");
  await tab.do({ do: "deliver", household: true });
  equal(
    tab.case().papers.map(({ name }) => name),
    ["窓口 太郎", "窓口 花子", "窓口 みらい"],
  );
  not.match(JSON.stringify(tab.messages), /999000000/);
  is(bench.register.deeds().length, 3);
});

test("本人確認 by a card that has expired, and by one without a photo, is not possible", async () => {
  const { bench, tab } = await atWork("identity", "架空");
  equal([tab.case().members[0]?.way, tab.case().members[0]?.unfit], ["no", "expired"]);
  await tab.do({ do: "seen", resident: 4 });
  is(tab.notice()?.["code"], "not-this-way");
  await tab.do({ do: "deliver", household: false });
  equal([tab.notice()?.["code"], bench.register.deeds()], ["not-open", []]);
});

test("暗証番号変更: the old one, the new one twice; the new one is the card's from then on", async () => {
  const { bench, tab } = await atWork("pin-change", "窓口 太郎");
  await bench.check(tab, "mynumber-family", ["8642", "9517", "9517"]);
  equal([tab.case().answer?.outcome, tab.case().stage], ["OK", "done"], JSON.stringify(tab.notice()));
  const { number } = tab.case();
  equal(bench.register.deeds(), [
    { deed: "pin-changed", resident: 2, operator: "OPERATOR-1", caseNumber: number },
  ]);
  await tab.do({ do: "close" });
  await bench.caseFor(tab, "copy-elsewhere", "窓口 太郎");
  await bench.check(tab, "mynumber-family", ["9517"]);
  is(tab.case().answer?.verdict, "open");
});

test("暗証番号変更 of a card with two PINs: which one is wrong is told, and who knows both makes them one", async () => {
  const { bench, tab } = await atWork("pin-change", "窓口 花子");
  const outcomes: unknown[] = [];
  for (const [pins, finish] of [
    [["1234", "7391", "7391"], false],
    [[], false],
    [["1234", "5678", "5678"], true],
  ] as const) {
    await bench.check(tab, "mynumber", pins, { finish });
    const { answer, stage } = tab.case();
    outcomes.push([answer?.outcome, answer?.pinObject, answer?.triesLeft, stage]);
  }
  equal(outcomes, [
    ["WRONG", 1, 2, "cards"],
    ["LIMITED", 1, 2, "cards"],
    ["OK", 0, undefined, "done"],
  ]);
});

test("the line is lost after the PIN: what came of it is asked for, and no second check is sent", async () => {
  const { bench, tab, checking } = await atAnEntry();
  const { line } = bench.simulator.world;
  line.unplug();
  bench.simulator.keys("1234E");
  await bench.until(() => (tab.state()["phase"] as string) === "lost", 60);
  line.plug();
  await bench.until(checking);
  const attempts = (await (await tab.do({ do: "journal" }), tab).messages.findLast(
    ({ type }) => type === "journal",
  )?.["records"]) as { event: string; meaning: string }[];
  const residents = attempts.filter(
    ({ event, meaning }) => event === "ATTEMPT" && meaning === "PIN object 0",
  ).length;
  ok(residents <= 1, "one VERIFY at most");
  // Whatever the terminal says came of it is what the window shows.
  const outcome = attempts.find(({ event }) => event === "OUTCOME")?.meaning;
  is(tab.case().answer?.outcome, outcome);
  is(tab.case().stage, outcome === "OK" ? "open" : "cards");
});

test("a line that stays dead: the outcome is unknown, no new check begins, and asking later tells", async () => {
  const { bench, tab, checking } = await atAnEntry();
  bench.simulator.world.line.unplug();
  await bench.until(checking, 900);
  const notice = tab.notice();
  equal([notice?.["failure"], tab.case().isUnheard, proofs(tab)], ["unknown", true, ["unknown"]]);
  await tab.do({ do: "check", language: "ja", lastTry: false, finish: false });
  is(tab.notice()?.["code"], "unknown-first");
  await tab.do({ do: "seen", resident: 1 });
  is(tab.notice()?.["code"], "not-this-way");
  bench.simulator.world.line.plug();
  bench.simulator.remove();
  await tab.do({ do: "ask" });
  equal([tab.case().isUnheard, tab.case().stage, tab.case().answer?.verdict], [false, "cards", "not-ok"]);
});

test("asking for a lost result is given up: line and key are free, asking again works, and the case can be closed", async () => {
  const { bench, tab, checking } = await atAnEntry();
  const { line } = bench.simulator.world;
  line.unplug();
  await bench.until(() => tab.state()["phase"] === "lost", 60);
  const cancelling = tab.begin({ do: "cancel" });
  await bench.until(Promise.all([checking, cancelling]), 60);
  equal(
    [tab.notice()?.["failure"], tab.state()["phase"], tab.state()["busy"]],
    ["unknown", undefined, undefined],
  );
  await tab.do({ do: "ask" });
  is(tab.notice()?.["failure"], "no-answer", "no other program is blamed");
  line.plug();
  // Whatever went on behind would show itself now.
  bench.simulator.runFor(60_000);
  equal([tab.state()["phase"], tab.state()["busy"]], [undefined, undefined]);
  await tab.do({ do: "ask" });
  equal([tab.notice(), tab.case().answer?.outcome, tab.case().isUnheard], [undefined, "CANCELLED", false]);
  await tab.do({ do: "close" });
  is(tab.state()["case"], undefined);
});

test("an emergency stop while a lost result is asked for: the asking gives way, and the terminal is stopped", async () => {
  const { bench, tab, checking } = await atAnEntry();
  bench.simulator.world.line.unplug();
  await bench.until(() => tab.state()["phase"] === "lost", 60);
  const stopping = tab.begin({ do: "stop" });
  await bench.until(checking, 60);
  is(tab.state()["busy"], "stop");
  bench.simulator.world.line.plug();
  await bench.until(stopping, 60);
  equal([tab.state()["isStopped"], tab.state()["seat"]], [true, "card"]);
  bench.simulator.remove();
  await bench.shows(/^out-of-service$/);
});

test("an emergency stop that finds the key taken by another program waits for it, and is told when it was in vain", async () => {
  const bench = made();
  const tab = await bench.signedIn();
  const others = lockKeyFile(join(bench.folder, KEY_FILE));
  const stopping = tab.begin({ do: "stop" });
  bench.simulator.runFor(1000);
  others();
  await bench.until(stopping, 60);
  equal([tab.notice(), tab.state()["isStopped"]], [undefined, true]);
  const again = lockKeyFile(join(bench.folder, KEY_FILE));
  await bench.until(tab.begin({ do: "stop" }), 60);
  again();
  const notice = tab.notice();
  is(notice?.["code"], "not-stopped");
  match(String(notice?.["why"]), /uses this key/);
});

for (const what of ["stop", "cancel"] as const)
  test(`${what} while the terminal is still being called for a sign-in: nobody is asked for`, async () => {
    const bench = made();
    const tab = bench.tab();
    await tab.conversation.message({ do: "password", login: "madoka", password: "madoguchi-1" });
    const signing = tab.begin({ do: "card", language: "ja" });
    const ending = tab.begin({ do: what });
    is(tab.state()["isStopping"], what === "stop", "it is shown from the press on");
    await bench.until(Promise.all([signing, ending]), 20);
    equal(
      [tab.state()["isStopped"], tab.state()["isStopping"], tab.state()["busy"]],
      [what === "stop", false, undefined],
    );
    is(bench.simulator.page(), what === "stop" ? "out-of-service" : "insert");
  });

test("a stop at once behind a lost line does not wait for the check's minutes of asking", async () => {
  const { bench, tab, checking } = await atAnEntry();
  bench.simulator.world.line.unplug();
  const stopping = tab.begin({ do: "stop" });
  await bench.until(Promise.all([checking, stopping]), 120);
  equal(
    tab.messages.filter(({ type }) => type === "notice").map(({ code, failure }) => code ?? failure),
    ["unknown", "not-stopped"],
  );
});

test("a stop that ends the asking for a lost result is not followed by a complaint that the terminal is busy", async () => {
  const { bench, tab, checking } = await atAnEntry();
  bench.simulator.world.line.unplug();
  await bench.until(() => tab.state()["phase"] === "lost", 60);
  const stopping = tab.begin({ do: "stop" });
  bench.simulator.runFor(2000);
  bench.simulator.world.line.plug();
  await bench.until(Promise.all([checking, stopping]), 120);
  const codes = tab.messages.filter(({ type }) => type === "notice").map(({ code }) => code);
  not.ok(codes.includes("busy"), codes.join());
  is(tab.state()["isStopped"], true);
});

test("a tab that is closed while a result is unheard leaves that in the book", async () => {
  const { bench, tab, checking } = await atAnEntry();
  bench.simulator.world.line.unplug();
  tab.conversation.closed();
  await bench.until(checking, 120);
  equal(
    bench.register.answers().map(({ outcome, verdict }) => [outcome, verdict]),
    [["UNHEARD", "not-ok"]],
  );
});

test("a PIN that the card has changed is written down, also when its card was suspended meanwhile", async () => {
  const { bench, tab } = await atWork("pin-change", "窓口 太郎");
  const checking = tab.begin({ do: "check", language: "ja", lastTry: false, finish: false });
  await bench.putIn("mynumber-family", "8642");
  bench.register.setSuspended(TARO, true, "theft", STAMP);
  await bench.putIn("", "9517", "9517");
  await bench.until(checking);
  equal([tab.case().answer?.outcome, tab.case().answer?.verdict, tab.case().stage], ["OK", "unfit", "cards"]);
  equal(
    bench.register.deeds().map(({ deed }) => deed),
    ["pin-changed"],
  );
});

test("the case's own card that the terminal finds expired is told as that, and is not looked at instead", async () => {
  const bench = made();
  const tab = await bench.signedIn();
  await bench.caseFor(tab, "copy-elsewhere", "窓口 花子");
  await bench.check(tab, "mynumber-expired", []);
  equal(
    [tab.case().answer?.outcome, tab.case().answer?.verdict, proofs(tab)],
    ["EXPIRED", "not-ok", ["refused"]],
  );
  await tab.do({ do: "seen", resident: 1 });
  is(tab.notice()?.["code"], "not-this-way");
});

test("while the terminal is asked nothing else is done in the case", async () => {
  const { bench, tab, checking } = await atAnEntry();
  for (const message of [
    { do: "seen", resident: 1 },
    { do: "deliver", household: false },
    { do: "include", resident: 1, on: false },
    { do: "close" },
  ]) {
    await tab.do(message);
    is(tab.notice()?.["code"], "busy", message.do);
  }
  bench.simulator.keys("0000E");
  await bench.until(checking);
  equal([tab.case().answer?.outcome, tab.case().stage, bench.register.deeds()], ["WRONG", "cards", []]);
});

test("the journal of a terminal is read under the operator's name, which is written down", async () => {
  const bench = made();
  const tab = await bench.signedIn();
  await tab.do({ do: "journal" });
  const [read] = bench.register.journalReads();
  equal([read?.terminal, read?.operator, read?.caseNumber], ["SIMULATOR", "OPERATOR-1", "NONE"]);
  ok((read?.records ?? 0) > 1);
});

test("a last try that was allowed is nobody else's of the family", async () => {
  const { bench, tab } = await atWork("moving", "窓口 花子");
  await bench.check(tab, "mynumber", ["0000"]);
  await bench.check(tab, "mynumber", ["1111"]);
  is(tab.case().answer?.triesLeft, 1);
  const entries = bench.simulator.engineView().entryCount;
  await bench.check(tab, "mynumber-family", ["8642"], { lastTry: true });
  equal([tab.case().answer?.outcome, proofs(tab)[0]], ["OTHER_CARD", "refused"]);
  is(bench.simulator.engineView().entryCount, entries, "no PIN was asked for");
  await bench.check(tab, "mynumber", ["", "1234"], { lastTry: true });
  is(tab.case().answer?.verdict, "open");
});

test("a second press of the button that chooses somebody does nothing, and nothing is said of it", async () => {
  const { tab } = await atWork("identity", "窓口 花子");
  await tab.do({ do: "choose", resident: 1 });
  equal([tab.notice(), tab.case().members.length], [undefined, 1]);
});

test("a second press of a button that hands out does nothing, and nothing is said of it", async () => {
  const { bench, tab } = await atWork("identity", "窓口 花子");
  await tab.do({ do: "seen", resident: 1 });
  for (let press = 0; press < 2; press++) await tab.do({ do: "deliver", household: false });
  equal([tab.notice(), tab.case().stage, bench.register.deeds().length], [undefined, "done", 1]);
});

for (const [who, service, waits] of [
  ["見本 次郎", "pin-change", false],
  ["架空", "identity", false],
  ["架空", "moving", false],
  ["窓口 花子", "pin-change", true],
] as const)
  test(`${service} for ${who}: the terminal is ${waits ? "" : "not "}asked about a card that does not do`, async () => {
    const { bench, tab } = await atWork(service, who);
    if (waits) {
      bench.register.setSuspended(HANAKO, true, "theft", STAMP);
      await tab.do({ do: "here" });
    }
    equal([tab.case().members[0]?.way, tab.case().members[0]?.waits], ["no", waits]);
    if (waits) return;
    await tab.do({ do: "check", language: "ja", lastTry: false, finish: false });
    is(tab.notice()?.["code"], "already-proved");
  });

test("a terminal that never comes back keeps no case open: it ends without a result, and the book says so", async () => {
  const { bench, tab, checking } = await atAnEntry();
  bench.simulator.openCase();
  await bench.until(checking, 900);
  is(tab.notice()?.["failure"], "unknown");
  await tab.do({ do: "deliver", household: false });
  is(tab.notice()?.["code"], "not-open");
  await tab.do({ do: "close" });
  equal(
    [tab.state()["case"], bench.register.answers().at(-1)?.outcome, bench.register.deeds()],
    [undefined, "UNHEARD", []],
  );
});

test("emergency stop in the middle of an entry: the check ends, everybody is signed out, and an operator's card ends it", async () => {
  const { bench, tab, checking } = await atAnEntry();
  await tab.do({ do: "stop" });
  await bench.until(checking);
  equal([tab.state()["isStopped"], tab.state()["seat"], tab.state()["case"]], [true, "card", undefined]);
  is(bench.register.answers().at(-1)?.outcome, "CANCELLED");
  bench.simulator.remove();
  await tab.do({ do: "resume" });
  is(tab.notice()?.["code"], "not-signed-in");
  const signing = tab.begin({ do: "card", language: "ja" });
  await bench.putIn("operator", "4649");
  await bench.until(signing);
  bench.simulator.remove();
  is(tab.state()["seat"], "in");
  await tab.do({ do: "check", language: "ja", lastTry: false, finish: false });
  match(String(tab.notice()?.["why"]), /suspended/);
  await tab.do({ do: "resume" });
  equal([tab.state()["isStopped"], tab.notice()], [false, undefined]);
  await bench.check(tab, "mynumber", ["1234"]);
  is(tab.case().answer?.verdict, "open");
});

/** Off, long enough for every capacitor, and on again until the page is at rest. */
async function powerCut(bench: DeskBench): Promise<void> {
  bench.simulator.powerOff();
  bench.simulator.runFor(2000);
  bench.simulator.powerOn();
  await bench.shows(/^(insert|idle)$/);
}

for (const operatorsRequired of [true, false]) {
  test(`the terminal starts again between two cards: told before a card is asked for, and nothing of the case is lost (operators ${operatorsRequired ? "required" : "optional"})`, async () => {
    const bench = made({ operatorsRequired });
    const tab = await bench.signedIn();
    await bench.caseFor(tab, "moving", "窓口 花子");
    await bench.check(tab, "mynumber", ["1234"]);
    const before = tab.case();
    equal(proofs(tab), ["none", "pin", "none"]);
    await powerCut(bench);
    is(tab.state()["seat"], "in", "nobody has spoken with the terminal yet");
    const asked = bench.simulator.engineView().entryCount;
    await tab.do({ do: "check", language: "ja", lastTry: false, finish: false });
    is(tab.notice()?.["code"], "terminal-restarted");
    equal([tab.state()["seat"], tab.state()["case"], tab.state()["busy"]], ["card", undefined, undefined]);
    is(bench.simulator.engineView().entryCount, asked);
    await tab.do({ do: "deliver", household: false });
    is(tab.notice()?.["code"], "not-signed-in");
    const signing = tab.begin({ do: "card", language: "ja" });
    await bench.putIn("operator", "4649");
    await bench.until(signing);
    await bench.takeOut();
    equal(tab.case(), before);
    await bench.check(tab, "mynumber-family", ["8642"]);
    equal([tab.case().answer?.verdict, proofs(tab)], ["open", ["pin", "pin", "none"]]);
  });
}

test("the power is cut amid an entry: what came of it is known, and in the same breath that the operator must sign in again", async () => {
  const { bench, tab, checking } = await atAnEntry();
  await powerCut(bench);
  bench.simulator.remove();
  await bench.until(checking, 900);
  equal([tab.notice()?.["code"], tab.state()["seat"]], ["terminal-restarted", "card"]);
  const signing = tab.begin({ do: "card", language: "ja" });
  await bench.putIn("operator", "4649");
  await bench.until(signing);
  await bench.takeOut();
  equal([tab.case().isUnheard, tab.case().stage], [false, "cards"]);
  await bench.check(tab, "mynumber", ["1234"]);
  is(tab.case().answer?.verdict, "open");
});

test("somebody else signs the operator out at the terminal: the window says so at its next work", async () => {
  const { bench, tab } = await atWork("copy-elsewhere", "窓口 花子");
  const calling = stationLine(bench.line, join(bench.folder, KEY_FILE), bench.clock)();
  await bench.until(calling);
  const terminal = await calling;
  await bench.until(signOut(terminal.session));
  await bench.until(terminal.close());
  await tab.do({ do: "journal" });
  equal([tab.notice()?.["code"], tab.state()["seat"]], ["terminal-signed-out", "card"]);
});

test("an operator who touches nothing for 15 minutes is signed out at both ends", async () => {
  const { bench, tab } = await atWork("moving", "窓口 花子");
  await bench.until(() => tab.state()["seat"] === "out", 1000);
  const s = bench.simulator.nowNs / 1e9;
  ok(s > 890 && s < 1000, `${s} s`);
  is(tab.notice()?.["code"], "idle");
  equal([tab.state()["case"], tab.state()["operator"]], [undefined, undefined]);
  await bench.until(() => bench.desk.occupant === undefined);
});

test("a window that is closed in the middle of a check ends it and signs out, and the next operator comes in", async () => {
  const { bench, tab } = await atWork("copy-elsewhere", "窓口 花子");
  const other = bench.tab();
  await other.conversation.message({ do: "password", login: "midori", password: "madoguchi-2" });
  await other.do({ do: "card", language: "ja" });
  is(other.notice()?.["code"], "signed-in-elsewhere");
  const checking = tab.begin({ do: "check", language: "ja", lastTry: false, finish: false });
  await bench.putIn("mynumber");
  await bench.shows(/^pin$/);
  tab.conversation.closed();
  await bench.until(checking);
  await bench.until(() => bench.desk.occupant === undefined);
  equal(
    bench.register.answers().map(({ outcome, verdict }) => [outcome, verdict]),
    [["CANCELLED", "not-ok"]],
  );
  bench.simulator.remove();
  const signing = other.begin({ do: "card", language: "ja" });
  await bench.putIn("operator-2", "5963");
  await bench.until(signing);
  equal([other.state()["seat"], other.notice()], ["in", undefined]);
});

test("while another program has the key or the line, the window says so and breaks nothing; afterwards it works", async () => {
  const { bench, tab } = await atWork("copy-elsewhere", "窓口 花子");
  const unlock = lockKeyFile(join(bench.folder, KEY_FILE));
  await tab.do({ do: "check", language: "ja", lastTry: false, finish: false });
  const locked = tab.notice();
  is(locked?.["failure"], "file");
  match(String(locked?.["why"]), /uses this key/);
  unlock();
  const heard: number[] = [];
  bench.line.hearOutside(Uint8Array.of(1), (bytes) => heard.push(...bytes));
  await tab.do({ do: "check", language: "ja", lastTry: false, finish: false });
  const spoken = tab.notice();
  match(
    `${String(spoken?.["why"])}; ${String(spoken?.["next"])}`,
    /another program speaks.*one program at a time/,
  );
  equal(heard, [1]);
  bench.simulator.runFor(3001);
  const checking = tab.begin({ do: "check", language: "ja", lastTry: false, finish: false });
  await bench.putIn("mynumber");
  await bench.shows(/^pin$/);
  bench.line.hearOutside(Uint8Array.of(2), (bytes) => heard.push(...bytes));
  equal(heard, [1], "whoever speaks while the window works is not heard");
  await bench.putIn("", "1234");
  await bench.until(checking);
  is(tab.case().answer?.verdict, "open");
});

test("the journal is read, kept once, acknowledged when the register is a file, and verified with the auditor's key alone", async () => {
  const bench = made({ registerPath: join(temporaryFolder(), "register.db") });
  const tab = await bench.signedIn();
  const journal = async (message: Record<string, unknown>): Promise<Record<string, unknown>> => {
    await tab.do(message);
    return tab.messages.findLast(({ type }) => type === "journal") ?? {};
  };
  const first = await journal({ do: "journal" });
  is(first["verified"], undefined);
  ok(Number(first["total"]) >= 3);
  await bench.caseFor(tab, "copy-elsewhere", "窓口 花子");
  await bench.check(tab, "mynumber", ["1234"]);
  const second = await journal({ do: "journal" });
  // CheckPin's ATTEMPT and OUTCOME.
  is(Number(second["total"]), Number(first["total"]) + 2);
  const key = journalKeyOf(new Uint8Array(SECRET_BYTES).fill(0x21));
  const text = (bytes: Uint8Array): string =>
    JSON.stringify({ terminal: "SIMULATOR", journal: Buffer.from(bytes).toString("hex"), development: true });
  const verified = await journal({ do: "verify", key: text(key) });
  equal([verified["verified"], verified["firstBreak"]], [second["total"], undefined]);
  const wrong = await journal({ do: "verify", key: text(key.map((byte) => byte ^ 1)) });
  is(wrong["verified"], 0);
  await tab.do({ do: "verify", key: "{}" });
  is(tab.notice()?.["code"], "journal-key");
});

test.run();
