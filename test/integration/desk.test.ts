/** The counter window in a browser: what an operator sees and does there, with residents at the terminal. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { ENGINE } from "../chosen-engine.ts";
import { SimProcess } from "../host-sim/cli/sim-process.ts";
import { temporaryFolder } from "../host-sim/cli/temporary.ts";
import { told } from "../host-sim/scenario-file/told.ts";
import {
  answer,
  atTerminal,
  check,
  openCase,
  openDesk,
  signedOut,
  signIn,
  takeOut,
  type DeskTab,
} from "./desk-browser.ts";
import { launchBrowser, openTab, startPageSim, type PageSim } from "./page-browser.ts";
import { runCounter } from "./pcsc/sealed-sim.ts";

const test = suite("the counter window in a browser");
const folder = temporaryFolder();
const SHOTS = process.env["DESK_SHOTS"];
let browser: Browser;
const open: PageSim[] = [];
interface Counter {
  readonly sim: PageSim;
  readonly tab: DeskTab;
}

/** A terminal at rest, with nobody at its window: the next story may have both. What a story has failed at is never given back. */
let atRest: Counter | undefined;

/** What does not depend on what runs the firmware is shown once. */
const onNode = ENGINE === "node" ? test : () => undefined;

test.before(async () => {
  browser = await launchBrowser();
});
test.after.each(async () => {
  for (const sim of open.filter((one) => one !== atRest?.sim)) await sim.stop();
  open.splice(0, open.length, ...open.filter((one) => one === atRest?.sim));
});
test.after(async () => {
  await Promise.all([browser.close(), atRest?.sim.stop()]);
});

async function started(...flags: readonly string[]): Promise<PageSim> {
  const sim = await startPageSim(folder, ["--engine", ENGINE, "--port", "0", "--line", "tcp:0", ...flags]);
  open.push(sim);
  return sim;
}

/** The terminal and window that the story before has left as they were, or new ones. */
async function lent(): Promise<Counter> {
  const lending = atRest;
  atRest = undefined;
  if (lending !== undefined) return lending;
  const sim = await started();
  return { sim, tab: await openDesk(browser, sim.address) };
}

/** Nothing of the story is left at the terminal, nor at the cards that others use. */
async function givenBack(counter: Counter): Promise<void> {
  await signedOut(counter.tab);
  equal(counter.tab.wrongs, []);
  counter.tab.forget();
  atRest = counter;
}

/** As it stands on a counter's screen, and in the dark on a telephone. */
const LOOKS = [
  { name: "", colorScheme: "light", viewport: { width: 1280, height: 900 } },
  { name: "-narrow", colorScheme: "dark", viewport: { width: 400, height: 860 } },
] as const;

/** Does it in each look of the page, and leaves it in the first. */
async function inEachLook(page: Page, action: (look: string) => Promise<unknown>): Promise<void> {
  for (const { name, colorScheme, viewport } of [...LOOKS.slice(1), LOOKS[0]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await action(name);
  }
}

async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await inEachLook(page, (look) => page.screenshot({ path: `${SHOTS}/${name}${look}.png`, fullPage: true }));
}

/** Names of what axe finds that is serious or worse, and what does not fit sideways, in each look. */
async function serious(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe.source);
  await inEachLook(page, async (look) => {
    const named = await page.evaluate(async () => {
      const { violations } = await (
        window as unknown as {
          axe: {
            run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
          };
        }
      ).axe.run();
      const { scrollWidth, clientWidth } = document.documentElement;
      return [
        ...(scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px do not fit`] : []),
        ...violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
      ];
    });
    found.push(...named.map((text) => `${look} ${text}`.trim()));
  });
  return found;
}

test("転入 of a family of three, and nothing serious for who cannot see it", async () => {
  const { sim, tab } = await lent();
  const { page, wrongs, received } = tab;
  equal(await serious(page), []);
  await shot(page, "1-out");
  await signIn(sim, page);
  await shot(page, "2-services");
  equal(await serious(page), []);
  await openCase(page, "moving", "窓口 花子");
  await shot(page, "3-cards");
  not.match(received.join("\n"), /999000000/);
  await check(sim, page, "mynumber", "1234E");
  is(
    await answer(page),
    "確認できました | 窓口 花子さんのカード・カード番号 10002 00030 00417 | 暗証番号は正しいです。",
  );
  await check(sim, page, "mynumber-family", "8642E");
  await shot(page, "4-two");
  equal(await serious(page), []);
  await check(sim, page, "mynumber-child", "7531E");
  is(await page.locator('[data-mark="proved"]').count(), 3);
  await shot(page, "5-open");
  await page.click('[data-key="deliver"]');
  await page.waitForSelector(".paper");
  equal(await page.locator(".paper dd").allInnerTexts(), [
    ...["窓口 太郎", "架空県見本市窓口町1丁目2番3号", "1949年11月3日", "男", "99900000025"],
    ...["窓口 花子", "架空県見本市窓口町1丁目2番3号", "1951年4月12日", "女", "99900000017"],
    ...["窓口 みらい", "架空県見本市窓口町1丁目2番3号", "2014年7月20日", "女", "99900000033"],
  ]);
  await shot(page, "6-done");
  equal(await serious(page), []);
  await page.click('[data-key="close"]');
  await page.waitForSelector(".services");
  await page.click('[data-key="journal"]');
  await page.waitForSelector("table");
  match(await page.locator("tbody").innerText(), /結果:正しく終わりました/);
  equal(await serious(page), []);
  await shot(page, "7-journal");
  // No random number is among it, and of what counts on only the records' seconds: what matches would be a PIN or the password.
  const untimed = received.join("\n").replace(/"time":\d{10}\b/g, "");
  not.match(untimed, /1234|8642|7531|4649|madoguchi-1/);
  equal(wrongs, []);
  await givenBack({ sim, tab });
});

onNode("wrong, wrong, the last try, blocked", async () => {
  const sim = await started();
  const { page, wrongs } = await openDesk(browser, sim.address);
  await signIn(sim, page);
  await openCase(page, "copy-elsewhere", "窓口 太郎");
  await check(sim, page, "mynumber-family", "0000E");
  match(await answer(page), /確認できませんでした.*暗証番号が違います。 あと2回/);
  await check(sim, page, "mynumber-family", "1111E");
  match(await answer(page), /あと1回/);
  is(
    await page.locator(".next strong").innerText(),
    "窓口 太郎さんは残り1回です。本人に番号を確かめ、よければ最後の1回を許してください。",
  );
  await shot(page, "8-last");
  await check(sim, page, "mynumber-family", "E2222E");
  match(await answer(page), /ロックされています/);
  match(await page.locator(".next strong").innerText(), /再設定/);
  await shot(page, "9-blocked");
  is(await page.locator(".hand-out").count(), 0);
  equal(wrongs, []);
  await page.context().close();
});

onNode("another person's card, a card pulled at entry, and a suspended card open nothing", async () => {
  const { sim, tab } = await lent();
  const { page, wrongs, received } = tab;
  await signIn(sim, page);
  await openCase(page, "pin-change", "窓口 花子");
  await check(sim, page, "mynumber-child");
  match(await answer(page), /^別の人のカードです \| カード番号 10002 00030 00633 \|/);
  await shot(page, "10-other");
  not.match(received.join("\n"), /みらい/);
  await page.click('[data-key="close"]');
  await openCase(page, "copy-elsewhere", "窓口 花子");
  await page.click('[data-key="check"]');
  await atTerminal(sim, "mynumber");
  await sim.control.stateWith(({ page: name }) => name === "pin");
  await page.waitForFunction(() =>
    document.querySelector(".next")?.textContent?.includes("暗証番号を押しています"),
  );
  await sim.control.ask({ do: "keys", keys: "12", everyMs: 60 });
  await sim.control.ask({ do: "remove" });
  await page.waitForSelector(".answer");
  match(await answer(page), /途中でカードが抜かれました/);
  await takeOut(sim);
  await page.click('[data-key="close"]');
  await openCase(page, "card-stop", "窓口 花子");
  await shot(page, "11-card-stop");
  await page.dblclick('[data-key="suspend-theft"]');
  await page.waitForSelector('[data-stage="done"]');
  is(await page.locator(".next strong").innerText(), "カードを止めました。案件を閉じてください。");
  is(await page.locator(".notice").isVisible(), false);
  await page.click('[data-key="close"]');
  await page.waitForSelector(".services");
  not.match(await page.locator("body").innerText(), /花子/, "without a case nobody is shown");
  await openCase(page, "copy-elsewhere", "窓口 花子");
  await check(sim, page, "mynumber");
  match(await answer(page), /一時停止中のカードでした/);
  match(await page.locator(".next strong").innerText(), /一時停止中/);
  is(await page.locator(".hand-out").count(), 0);
  await page.click('[data-key="close"]');
  await openCase(page, "card-stop", "窓口 花子");
  await page.click('[data-key="lift"]');
  await page.waitForSelector('[data-stage="done"]');
  match(await page.locator(".next strong").innerText(), /解除しました/);
  await page.click('[data-key="close"]');
  equal(wrongs, []);
  await givenBack({ sim, tab });
});

onNode("a wrong password and another operator's card sign nobody in", async () => {
  const { sim, tab } = await lent();
  const { page, wrongs } = tab;
  await page.fill("#login", "madoka");
  await page.fill("#password", "madoguchi-2");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".notice button");
  match(await page.locator(".notice").innerText(), /IDかパスワードが違います/);
  is(await page.inputValue("#password"), "");
  await page.fill("#password", "madoguchi-1");
  await page.keyboard.press("Enter");
  await page.click('[data-key="card-start"]');
  await atTerminal(sim, "operator-2", "5963E");
  await page.waitForFunction(() => document.querySelector(".notice")?.textContent?.includes("OPERATOR-2"));
  await shot(page, "12-other-operator");
  is(await page.locator(".services").count(), 0);
  equal(wrongs, []);
  await takeOut(sim);
  await givenBack({ sim, tab });
});

onNode("a case that is opened ends everything: the window says what to look at", async () => {
  const sim = await started();
  const { page, wrongs } = await openDesk(browser, sim.address);
  await signIn(sim, page);
  await openCase(page, "copy-elsewhere", "窓口 花子");
  await page.click('[data-key="check"]');
  await atTerminal(sim, "mynumber");
  await sim.control.stateWith(({ page: name }) => name === "pin");
  await sim.control.ask({ do: "case" });
  await page.waitForSelector(".notice button", { timeout: 120_000 });
  match(await page.locator(".notice").innerText(), /鍵|端末/);
  is(await page.locator(".hand-out").count(), 0);
  await shot(page, "13-tamper");
  equal(wrongs, []);
  await page.context().close();
});

onNode("emergency stop and resume; the command line uses the line while the window does not", async () => {
  const { sim, tab } = await lent();
  const { page, wrongs } = tab;
  await signIn(sim, page);
  const info = await runCounter("info", "--line", `tcp:${sim.line}`, "--key", sim.key);
  is(info.code, 0, info.stderr);
  await page.click('[data-key="stop"]');
  await page.waitForSelector(".stopped strong");
  await sim.control.stateWith(({ page: name }) => name === "out-of-service");
  await page.click('[data-key="card-start"]');
  await atTerminal(sim, "operator", "4649E");
  await page.click('[data-key="resume"]');
  await page.waitForFunction(() => document.querySelector<HTMLElement>(".stopped")?.hidden === true);
  await sim.control.ask({ do: "remove" });
  equal(wrongs, []);
  await givenBack({ sim, tab });
});

onNode(
  "with the keyboard alone: sign-in, a case, a card that is looked at, the household's copy; then in English",
  async () => {
    const { sim, tab } = await lent();
    const { page, wrongs } = tab;
    await page.keyboard.type("madoka");
    await page.keyboard.press("Tab");
    await page.keyboard.type("madoguchi-1");
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-key="card-start"]');
    await page.keyboard.press("Enter");
    await atTerminal(sim, "operator", "4649E");
    await page.waitForSelector(".services");
    await takeOut(sim);
    const press = async (key: string): Promise<void> => {
      const isThere = (): Promise<boolean> =>
        page.evaluate((wanted) => document.activeElement?.getAttribute("data-key") === wanted, key);
      for (let tabs = 0; tabs < 40 && !(await isThere()); tabs++) await page.keyboard.press("Tab");
      ok(await isThere(), `${key} is reached by Tab`);
      await page.keyboard.press("Enter");
    };
    await press("open-copy-elsewhere");
    await page.waitForSelector("#find:focus");
    await page.keyboard.type("まどぐち は");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".found button");
    await press("choose-1");
    await page.waitForSelector('[data-key="seen"]:focus');
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-key="deliver"]:focus');
    await press("deliver-household");
    await page.waitForSelector('[data-key="close"]:focus');
    is(await page.locator(".paper").count(), 3);
    await press("language");
    await page.waitForFunction(() => document.documentElement.lang === "en");
    match(await page.locator(".paper").first().innerText(), /Residence copy/);
    equal(await serious(page), []);
    await shot(page, "14-english");
    await press("language");
    await page.waitForFunction(() => document.documentElement.lang === "ja");
    equal(wrongs, []);
    await givenBack({ sim, tab });
  },
);

onNode("a reload ends the session, and nonsense on the socket is told and changes nothing", async () => {
  const { sim, tab } = await lent();
  const { page } = tab;
  await signIn(sim, page);
  await page.evaluate(async () => {
    const url = new URL("ws/counter", location.href);
    url.protocol = "ws:";
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    const told: string[] = [];
    (window as unknown as { told: string[] }).told = told;
    socket.addEventListener("message", ({ data }) => told.push(String(data)));
    for (const text of [
      "{",
      "[]",
      "{}",
      '{"do":"deliver","household":1}',
      '{"do":"open","service":"moving"}',
    ])
      socket.send(text);
  });
  await page.waitForFunction(
    () =>
      (window as unknown as { told: string[] }).told.filter((text) => /refused|not-signed-in/.test(text))
        .length === 5,
  );
  await page.reload();
  await page.waitForSelector("#login");
  is(await page.locator(".services").count(), 0);
  // And at the terminal: the next one signs in.
  await signIn(sim, page, "midori");
  await givenBack({ sim, tab });
});

onNode(
  "the terminal starts again between two cards: the window says so, and the case goes on behind the card",
  async () => {
    const { sim, tab } = await lent();
    const { page, wrongs } = tab;
    await signIn(sim, page);
    await openCase(page, "moving", "窓口 花子");
    await check(sim, page, "mynumber", "1234E");
    await sim.control.ask({ do: "power", on: false });
    await sim.control.ask({ do: "power", on: true });
    await page.click('[data-key="check"]');
    await page.waitForSelector('[data-key="card-start"]');
    const told = page.locator(".notice");
    match(
      await told.locator("p").first().innerText(),
      /端末が起動し直した.*「カードで確認」.*案件はそのまま/,
    );
    is(await told.locator('[lang="en"]').isVisible(), false, "the programs' English is folded away");
    equal(await serious(page), []);
    await shot(page, "15-restarted");
    await told.locator("summary").click();
    match(await told.locator('[lang="en"]').innerText(), /the terminal has started again/);
    await page.click('[data-key="card-start"]');
    await atTerminal(sim, "operator", "4649E");
    await page.waitForSelector('[data-mark="proved"][data-resident="1"]');
    await takeOut(sim);
    await check(sim, page, "mynumber-family", "8642E");
    is(await page.locator('[data-mark="proved"]').count(), 2);
    await page.click('[data-key="close"]');
    equal(wrongs, []);
    await givenBack({ sim, tab });
  },
);

onNode(
  "暗証番号変更: the new PIN is right from then on; of a card with two PINs it is told which one is wrong, and what to do",
  async () => {
    const { sim, tab } = await lent();
    const { page, wrongs } = tab;
    await signIn(sim, page);
    await openCase(page, "pin-change", "例示 あおい");
    await check(sim, page, "mynumber-same", "1234E7391E7391E");
    match(await answer(page), /^変更できました \| 例示 あおいさんのカード/);
    await page.click('[data-key="close"]');
    await openCase(page, "copy-elsewhere", "例示 あおい");
    await check(sim, page, "mynumber-same", "7391E");
    match(await answer(page), /^確認できました/);
    await page.click('[data-key="close"]');
    await openCase(page, "pin-change", "窓口 花子");
    await check(sim, page, "mynumber", "1234E7391E7391E");
    match(await answer(page), /共通の暗証番号: 暗証番号が違います。 あと2回/);
    match(await page.locator(".next strong").innerText(), /2つの番号が違います.*再設定/);
    equal(await serious(page), []);
    await shot(page, "16-two-pins");
    await check(sim, page, "mynumber", "1234E5678E5678E");
    match(await answer(page), /^変更できました/);
    match(await page.locator(".next strong").innerText(), /暗証番号を変更し、記録しました/);
    await shot(page, "17-changed");
    equal(wrongs, []);
    await page.context().close();
  },
);

/** The card when it is asked for, and each key by a finger: what a recording has. */
async function byHand({ control }: PageSim, card: string, keys: string): Promise<void> {
  await control.stateWith(({ page }) => /^insert/.test(String(page)));
  await control.ask({ do: "insert", card });
  await control.stateWith(({ page }) => page === "pin");
  await control.ask({ do: "keys", keys, everyMs: 60 });
}

onNode(
  "what was done at window and terminal is saved as a scenario that comes out the same, and is replayed with its counter",
  async () => {
    const sim = await started();
    const { page, wrongs } = await openDesk(browser, sim.address);
    await page.fill("#login", "madoka");
    await page.fill("#password", "madoguchi-1");
    await page.keyboard.press("Enter");
    await page.click('[data-key="card-start"]');
    await byHand(sim, "operator", "4649E");
    await page.waitForSelector("desk-case .services");
    await takeOut(sim);
    await openCase(page, "copy-elsewhere", "窓口 花子");
    await page.click('[data-key="check"]');
    await byHand(sim, "mynumber", "1234E");
    await page.waitForSelector(".answer");
    await takeOut(sim);
    const terminal = await openTab(browser, sim.address);
    const [download] = await Promise.all([
      terminal.page.waitForEvent("download"),
      terminal.page.getByRole("button", { name: "Save as scenario" }).click(),
    ]);
    const text = readFileSync(await download.path(), "utf8");
    for (const step of ["sign-in:", "check-pin:", "verdict: go"]) ok(text.includes(step), text);
    const run = await told(text);
    is(run.failure, undefined, `${JSON.stringify(run.failure)}\n${text}`);
    ok(run.pages.includes("signed-in") && run.pages.includes("ok"), run.pages.join());
    await terminal.page.getByRole("button", { name: "Replay" }).click();
    await terminal.page.getByRole("button", { name: "×10" }).click();
    await terminal.page.waitForFunction(() =>
      document.querySelector(".replaying")?.textContent?.includes("It came out as it says."),
    );
    equal([wrongs, terminal.wrongs], [[], []]);
    await page.context().close();
    await terminal.page.context().close();
  },
);

onNode(
  "a suspension outlives the run in --state, and a register that is damaged ends the next one with cause and next step",
  async () => {
    const state = join(folder, "state");
    const flags = ["--engine", ENGINE, "--port", "0", "--state", state];
    const first = await started("--state", state);
    const { page } = await openDesk(browser, first.address);
    await signIn(first, page);
    await openCase(page, "card-stop", "窓口 太郎");
    await page.click('[data-key="suspend-loss"]');
    await page.waitForSelector('[data-stage="done"]');
    await page.context().close();
    await first.stop();
    const again = await started("--state", state);
    const { page: other } = await openDesk(browser, again.address);
    await signIn(again, other, "midori");
    await openCase(other, "card-stop", "窓口 太郎");
    await other.waitForSelector('[data-key="lift"]');
    await other.context().close();
    await again.stop();
    const file = join(state, "register.db");
    writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, 5000), Buffer.alloc(9000, 0x55)]));
    const damaged = readFileSync(file);
    const { code, stdout, stderr } = await (
      await SimProcess.start([...flags, "--control", `unix:${folder}/damaged`])
    ).ended;
    equal([code, stdout], [2, ""]);
    match(
      stderr,
      /register\.db: .*; it was left as it is; put a whole copy in its place, or name another --state/,
    );
    ok(readFileSync(file).equals(damaged), "not a byte has changed");
  },
);

test.run();
