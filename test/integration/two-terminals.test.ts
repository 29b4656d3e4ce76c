/** Two terminals with two pages at once, in two tabs of one browser: what is done, shown and found at one is nothing to the other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { PNG } from "pngjs";
import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { ENGINE } from "../chosen-engine.ts";
import { temporaryFolder } from "../host-sim/cli/temporary.ts";
import { get, TabPeer } from "../host-sim/page/page-peer.ts";
import { answer, check, openCase, openDesk, signIn } from "./desk-browser.ts";
import { launchBrowser, openTabIn, pixels, shows, startPageSim, type PageSim } from "./page-browser.ts";
import { runCounter } from "./pcsc/sealed-sim.ts";

const test = suite("two terminals in a browser");
const folder = temporaryFolder();
const CHECK = ["--service", "moving", "--date", "2026-11-26", "--operator", "TANAKA"];
/** One at each, and their serials. */
const CARDS = ["mynumber", "mynumber-child"];
const SERIALS = ["100020003000417", "100020003000633"];
/** What does not depend on what runs the firmware is shown once. */
const onNode = ENGINE === "node" ? test : () => undefined;
let browser: Browser;
const open: PageSim[] = [];
let sims: PageSim[] = [];
let context: BrowserContext;

test.before(async () => {
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  sims = await twoSims();
});
test.after(async () => {
  await browser.close();
  await Promise.all(open.map((sim) => sim.stop()));
});

/** Each with its line, key and page. */
async function twoSims(): Promise<PageSim[]> {
  const starts = [1, 2].map((seed) =>
    startPageSim(folder, ["--engine", ENGINE, "--port", "0", "--seed", String(seed)]),
  );
  const both = await Promise.all(starts);
  open.push(...both);
  return both;
}

/** The display as the simulator's own decoder has it, in the tab's form. */
async function screen({ control }: PageSim, name: string): Promise<string> {
  const png = join(folder, `${name}.png`);
  is((await control.ask({ do: "screen", png }))["ok"], true);
  const { data, width, height } = PNG.sync.read(readFileSync(png));
  return Array.from({ length: width * height }, (_, at) => ((data[4 * at] ?? 0) < 0x80 ? "#" : ".")).join("");
}

/** The tab's picture once it is the decoder's: it comes a little later. */
async function drawn(sim: PageSim, page: Page): Promise<string> {
  for (let looks = 0; looks < 50; looks++) {
    const shown = await pixels(page);
    if (shown === (await screen(sim, "screen"))) return shown;
  }
  throw new Error("the tab does not show what its terminal shows");
}

/** Each digit's key has gone down and come up in the tab's log. */
async function digitsLogged(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll(".event.key .text")].filter(({ textContent }) => textContent === "● up")
        .length === wanted,
    count,
  );
}

/** Pulls what cards there are; the terminals are at rest. */
async function leave(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) {
    const pull = page.getByRole("button", { name: "Pull the card" });
    if (await pull.isEnabled()) await pull.click();
    await shows(page, "insert");
    await page.close();
  }
}

/** Keys with a name of their own have come up in the tab's log. */
async function keysLogged(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll(".event.key .text")].filter(({ textContent }) => textContent === "→ up")
        .length === wanted,
    count,
  );
}

function checkAt({ line, key }: PageSim, caseNumber: string) {
  return runCounter("check-pin", "--line", line, "--key", key, "--case", caseNumber, ...CHECK);
}

onNode(
  "a check at each, key by key in turns: each goes its own way and is seen in its own tab alone",
  async () => {
    const [one, other] = [sims[0]!, sims[1]!];
    const tabs = await Promise.all(sims.map(({ address }) => openTabIn(context, address)));
    const [here, there] = tabs.map(({ page }) => page) as [Page, Page];
    const [checked, refused] = [checkAt(one, "CASE-1"), checkAt(other, "CASE-2")];
    await Promise.all([shows(here, "insert"), shows(there, "insert")]);
    await here.locator(`[data-card="${CARDS[0]}"]`).click();
    await shows(here, "pin");
    is(await there.locator(".page-name").textContent(), "page insert", "the other one waits for a card");
    is((await other.control.ask({ do: "state" }))["card"], "none");
    await there.locator(`[data-card="${CARDS[1]}"]`).click();
    await shows(there, "pin");
    // ゆっくり: keys that wait for each other's tabs wait for a busy machine.
    for (const page of [here, there]) await page.keyboard.press("ArrowRight");
    await Promise.all([keysLogged(here, 1), keysLogged(there, 1)]);
    for (const [at, key] of ["1", "2", "3", "4"].entries()) {
      await here.keyboard.press(key);
      await digitsLogged(here, at + 1);
      await digitsLogged(there, at);
      await there.keyboard.press("0");
      await digitsLogged(there, at + 1);
    }
    await here.keyboard.press("Enter");
    await one.control.stateWith(({ page }) => page !== "pin" && page !== "reading");
    is((await other.control.ask({ do: "state" }))["page"], "pin", "the other one still waits for its 確認");
    ok((await drawn(other, there)) !== (await drawn(one, here)), "each tab has its own terminal's picture");
    await there.keyboard.press("Enter");
    const { code, stdout } = await checked;
    is(code, 0, stdout);
    is((await refused).code, 3);
    await Promise.all([shows(here, "take"), shows(there, "take")]);
    match(stdout, new RegExp(SERIALS[0]!));
    match((await refused).stdout, /WRONG/);
    match((await refused).stdout, new RegExp(SERIALS[1]!));
    const told = tabs.map(({ received }) => received.join("\n"));
    for (const [at, text] of told.entries()) {
      ok(text.includes(`"card":"${CARDS[at]}"`), "its own card is in its slot");
      not(text.includes(`"card":"${CARDS[1 - at]}"`), "the other's is not");
      ok(text.includes(`"page":"${["ok", "wrong"][at]}"`), "its own page");
      not(text.includes(`"page":"${["wrong", "ok"][at]}"`), "not the other's");
    }
    equal([tabs[0]!.wrongs, tabs[1]!.wrongs], [[], []]);
    await leave(here, there);
  },
);

onNode("a fault at one is none at the other, and its own page goes on", async () => {
  const other = sims[1]!;
  const [here, there] = (await Promise.all(sims.map(({ address }) => openTabIn(context, address)))).map(
    ({ page }) => page,
  ) as [Page, Page];
  const checking = checkAt(other, "CASE-3");
  await shows(there, "insert");
  await there.locator('[data-card="mynumber-family"]').click();
  await shows(there, "pin");
  await there.keyboard.press("ArrowRight");
  // The log has the one of the test before, too.
  await keysLogged(there, 2);
  const before = await drawn(other, there);
  await here.getByRole("button", { name: "Cut the power" }).click();
  await shows(here, "off");
  ok(/^\.+$/.test(await pixels(here)), "a display without power is blank");
  ok((await drawn(other, there)) === before, "the other one's picture is what it was");
  for (const key of ["8", "6", "4", "2", "Enter"]) await there.keyboard.press(key);
  is((await checking).code, 0, "the other's power is none of its");
  await shows(there, "take");
  await here.getByRole("button", { name: "Restore the power" }).click();
  await leave(there, here);
});

test("the token of one opens nothing of the other, nor does a page of one reach the other", async () => {
  const [one, other] = sims.map(({ address }) => new URL(address)) as [URL, URL];
  not.equal(one.pathname, other.pathname);
  for (const [at, with_] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const path of ["", "counter", "terminal.js"])
      is((await get(`${at.origin}${with_.pathname}${path}`)).status, 404, path);
    for (const channel of ["terminal", "counter"]) {
      const foreign = `${at.origin}${with_.pathname}`;
      await refusedOf(TabPeer.open(foreign, channel));
      // With the right token, from the other's page.
      await refusedOf(TabPeer.open(at.href, channel, with_.origin));
    }
    const own = await TabPeer.open(at.href, "terminal");
    own.socket.terminate();
  }
});

/** The socket is refused as somebody's who knows nothing. */
async function refusedOf(opening: Promise<TabPeer>): Promise<void> {
  const why = await opening.then(
    () => "opened",
    (error: unknown) => String(error),
  );
  match(why, /status 40[34]/);
}

onNode(
  "two counter windows beside each other: each has its operator, its case and its own terminal's answer",
  async () => {
    const stations = await twoSims();
    const desks = await Promise.all(stations.map(({ address }) => openDesk(browser, address)));
    const [here, there] = desks.map(({ page }) => page) as [Page, Page];
    const work = async (at: 0 | 1): Promise<string> => {
      const [sim, page] = [stations[at]!, [here, there][at]!];
      await signIn(sim, page, (["madoka", "midori"] as const)[at]);
      await openCase(page, "copy-elsewhere", ["窓口 花子", "窓口 太郎"][at]!);
      await check(sim, page, ["mynumber", "mynumber-family"][at]!, ["1234E", "0000E"][at]!);
      return answer(page);
    };
    const [right, wrong] = await Promise.all([work(0), work(1)]);
    match(right, /確認できました.*窓口 花子.*10002 00030 00417/);
    match(wrong, /確認できませんでした.*10002 00030 00525.*あと2回/);
    const serials = ["100020003000417", "100020003000525"];
    const told = desks.map(({ received }) => received.join("\n"));
    for (const [at, text] of told.entries()) {
      ok(text.includes(serials[at]!));
      not(text.includes(serials[1 - at]!), "the other's card");
    }
    equal([desks[0]!.wrongs, desks[1]!.wrongs], [[], []]);
    for (const { page } of desks) await page.context().close();
  },
);

test.run();
