/** The page in a browser: what a person sees, presses and breaks there, and that nothing of it disturbs the terminal. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { EN } from "../../host-sim/page/browser/terminal/texts-en.ts";
import { CARDS_JA, JA } from "../../host-sim/page/browser/terminal/texts.ts";
import { ENGINE } from "../chosen-engine.ts";
import { SimProcess } from "../host-sim/cli/sim-process.ts";
import { temporaryFolder } from "../host-sim/cli/temporary.ts";
import { get } from "../host-sim/page/page-peer.ts";
import { GemPcClient } from "./gempc-client.ts";
import {
  isConnected,
  launchBrowser,
  openTab,
  pixels,
  shows,
  startPageSim,
  type PageSim,
} from "./page-browser.ts";
import { runCounter } from "./pcsc/sealed-sim.ts";

const test = suite("the page in a browser");
const folder = temporaryFolder();
const FIRST_PAINT_MS = 1000;
const MOST_MOVES = 1000;
const SELECT_JUKI = "00a4040c0ad3921000310001010401";
const SELECT_PIN = "00a4020c02001c";
const CHECK = ["--service", "moving", "--date", "2026-11-26", "--operator", "TANAKA", "--case", "CASE-17"];
let browser: Browser;
const open: PageSim[] = [];
/** A bench terminal that reads a card and that its looks alone were judged of: the next look may have it. */
let lookedAt: PageSim | undefined;

/** What does not depend on what runs the firmware is shown once. */
const onNode = ENGINE === "node" ? test : () => undefined;

test.before(async () => {
  browser = await launchBrowser();
});
test.after.each(async () => {
  for (const sim of open.filter((one) => one !== lookedAt)) await sim.stop();
  open.splice(0, open.length, ...open.filter((one) => one === lookedAt));
});
test.after(async () => {
  await Promise.all([browser.close(), lookedAt?.stop()]);
});

async function started(...flags: readonly string[]): Promise<PageSim> {
  const sim = await startPageSim(folder, ["--engine", ENGINE, "--port", "0", ...flags]);
  open.push(sim);
  return sim;
}

/** A bench terminal with its line on TCP, at which a program has asked for an entry. */
async function atAnEntry(): Promise<{ sim: PageSim; host: GemPcClient; outcome: Promise<string> }> {
  const sim = await started("--mode", "open", "--card", "mynumber", "--line", "tcp:0");
  // In the slot at once, but for the terminal only when its switch has come to rest.
  await sim.control.stateWith(({ page }) => page === "reading");
  const host = await GemPcClient.open(Number(sim.line.split(":").at(-1)));
  await host.powerOn();
  is(await host.transmit(SELECT_JUKI), "9000");
  is(await host.transmit(SELECT_PIN), "9000");
  return { sim, host, outcome: host.verify() };
}

/** The median of some loads, in ms: the machine does other things beside, and a browser's very first page starts half of the browser. */
async function usualPaint(page: Page): Promise<number> {
  const paints: number[] = [];
  for (let load = 0; load < 5; load++) {
    await page.reload();
    await isConnected(page);
    // A page may have its terminal before the browser has told when it was painted.
    const told = await page.waitForFunction(
      () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    );
    paints.push((await told.jsonValue()) ?? Infinity);
  }
  return paints.sort((a, b) => a - b)[2] ?? Infinity;
}

async function type(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function digitsShown({ control }: PageSim, page: Page, count: number): Promise<void> {
  await control.stateWith(({ page: name }) => name === "pin");
  await digitsLogged(page, count);
}

/** Each digit has two dots in the log, one as its key goes down and one as it comes up. */
async function digitsLogged(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll(".event.key .text")].filter(({ textContent }) => textContent === "● up")
        .length >= wanted,
    count,
  );
}

onNode(
  "the page is there within a second, asks nobody else, and shows the display pixel for pixel",
  async () => {
    const sim = await started("--mode", "open", "--card", "mynumber");
    const { page, wrongs } = await openTab(browser, sim.address);
    const paintMs = await usualPaint(page);
    ok(paintMs <= FIRST_PAINT_MS, `first paint after ${paintMs} ms`);
    await shows(page, "reading");
    const png = join(folder, "screen.png");
    is((await sim.control.ask({ do: "screen", png }))["ok"], true);
    const { data, width, height } = PNG.sync.read(readFileSync(png));
    equal([width, height], [400, 240]);
    const wanted = Array.from({ length: width * height }, (_, at) =>
      (data[4 * at] ?? 0) < 0x80 ? "#" : ".",
    ).join("");
    match(wanted, /#/);
    await page.waitForFunction((ink) => {
      const canvas = document.querySelector("canvas.lcd") as HTMLCanvasElement;
      const shown = canvas.getContext("2d")?.getImageData(0, 0, 400, 240).data ?? [];
      let count = 0;
      for (let at = 0; at < shown.length; at += 4) if (shown[at] === 0x16) count++;
      return count === ink;
    }, wanted.replaceAll(".", "").length);
    ok((await pixels(page)) === wanted, "the canvas is the decoder's frame");
    equal(wrongs, []);
    await page.context().close();
  },
);

test("a resident enters the PIN of a check with the keyboard alone, and no digit comes back to the page", async () => {
  const sim = await started();
  const { page, wrongs, received } = await openTab(browser, sim.address);
  const check = runCounter("check-pin", "--line", sim.line, "--key", sim.key, ...CHECK);
  await shows(page, "insert");
  const card = page.locator('[data-card="mynumber"]');
  for (let tabs = 0; tabs < 40 && !(await card.evaluate((row) => row === document.activeElement)); tabs++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await shows(page, "pin");
  await type(page, ["9", "9", "Backspace", "1", "2", "3", "4", "Enter"]);
  is((await check).code, 0);
  await shows(page, "take");
  const told = received.join("\n");
  match(told, /● down/);
  match(told, /VERIFY 00 80 · 4 bytes/);
  match(told, /ClientHello · madoguchi 1/);
  not.match(told, /31 32 33 34|"[0-9] (down|up)"/);
  equal(wrongs, []);
  await page.context().close();
});

test("keys are pressed by the mouse, and one that is held counts once", async () => {
  const { sim, host, outcome } = await atAnEntry();
  const { page } = await openTab(browser, sim.address);
  await shows(page, "pin");
  for (const key of ["1", "2", "3", "4"]) {
    await page.hover(`[data-key="${key}"]`);
    await page.mouse.down();
    await page.mouse.up();
  }
  await digitsShown(sim, page, 4);
  await page.hover('[data-key="E"]');
  await page.mouse.down();
  is(await outcome, "9000");
  is(await page.locator(".key.down").count(), 1);
  await page.mouse.up();
  is(await page.locator(".key.down").count(), 0);
  host.end();
  await page.context().close();
});

onNode("a finger on a touch screen presses keys and puts a card in, on a phone's width", async () => {
  const { sim, host, outcome } = await atAnEntry();
  const phone = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } };
  const { page, wrongs } = await openTab(browser, sim.address, phone);
  await shows(page, "pin");
  for (const key of ["1", "2", "3", "4"]) await page.locator(`[data-key="${key}"]`).tap();
  await digitsShown(sim, page, 4);
  await page.locator('[data-key="E"]').tap();
  is(await outcome, "9000");
  is(await page.locator(".key.down").count(), 0);
  is(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
  await page.getByRole("button", { name: "Pull the card" }).tap();
  await sim.control.stateWith(({ card }) => card === "none");
  await page.locator('[data-card="iso"]').tap();
  await sim.control.stateWith(({ card }) => card === "iso");
  host.end();
  equal(wrongs, []);
  await page.context().close();
});

test("a reload and the death of a browser amid an entry change nothing at the terminal", async () => {
  const { sim, host, outcome } = await atAnEntry();
  const other = await launchBrowser();
  const { page: doomed } = await openTab(other, sim.address);
  const { page } = await openTab(browser, sim.address);
  await shows(page, "pin");
  await type(page, ["1"]);
  await digitsShown(sim, page, 1);
  const before = await pixels(page);
  await page.reload();
  await isConnected(page);
  await shows(page, "pin");
  ok((await pixels(page)) === before, "the picture is the same after the reload");
  // A browser that goes with a finger on a key: the finger is gone too.
  await shows(doomed, "pin");
  await doomed.keyboard.down("2");
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".event.key .text")].some(({ textContent }) => textContent === "● down"),
  );
  await other.close();
  await digitsShown(sim, page, 2);
  await type(page, ["3", "4", "Enter"]);
  is(await outcome, "9000");
  host.end();
  await page.context().close();
});

/** Until what lies there has felt it: Chromium passes over the mouse as long as a drag has not wholly ended, which nothing tells. */
async function moveOver(page: Page, selector: string, { x, y }: { x: number; y: number }): Promise<void> {
  const isFelt = (): Promise<boolean> =>
    page.locator(selector).evaluate((element) => element.matches(":hover"));
  let moves = 0;
  do {
    ok(moves++ < MOST_MOVES, `${selector} is not under the mouse`);
    await page.mouse.move(x, y - 1);
    await page.mouse.move(x, y);
  } while (!(await isFelt()));
}

onNode("a card is dragged from the tray into the slot, and pulled out of it", async () => {
  const sim = await started("--mode", "open");
  const { page } = await openTab(browser, sim.address);
  await page.dragAndDrop('[data-card="mynumber-last"]', "figure.terminal");
  await sim.control.stateWith(({ card }) => card === "mynumber-last");
  const place = await page.locator(".plastic").boundingBox();
  if (place === null) throw new Error("no card to be seen");
  const [x, y] = [place.x + place.width / 2, place.y + place.height - 20];
  await moveOver(page, ".card.in", { x, y });
  await page.mouse.down();
  await page.mouse.move(x, y + 80, { steps: 4 });
  await page.mouse.up();
  await sim.control.stateWith(({ card }) => card === "none");
  await page.context().close();
});

onNode("faults: the power is cut and comes back, the line is unplugged, the case is opened", async () => {
  const sim = await started("--mode", "open");
  const { page, wrongs } = await openTab(browser, sim.address);
  await page.getByRole("button", { name: "Cut the power" }).click();
  await shows(page, "off");
  ok(/^\.+$/.test(await pixels(page)), "a display without power is blank");
  await page.getByRole("button", { name: "Restore the power" }).click();
  await shows(page, "insert");
  await page.getByRole("button", { name: "Unplug the line" }).click();
  await sim.control.stateWith(({ plugged }) => plugged === false);
  await page.getByLabel("noise on the counter line").selectOption("1 % noise");
  await page.getByRole("button", { name: "Turn the case key" }).click();
  await sim.control.stateWith(({ caseKey }) => caseKey === "service");
  await page.getByRole("button", { name: "Open the case" }).click();
  await sim.control.stateWith((state) => state["case"] === "opened");
  const wanted = [
    "power off",
    "power on",
    "line unplugged",
    "noise on the line: 1 % of the characters",
    "case opened",
  ];
  await page.waitForFunction((texts) => {
    const told = [...document.querySelectorAll(".event.hand .text")].map(({ textContent }) => textContent);
    return texts.every((text) => told.includes(text));
  }, wanted);
  equal(wrongs, []);
  await page.context().close();
});

onNode("time is held, stepped and let go from the page", async () => {
  const sim = await started("--mode", "open");
  const { page } = await openTab(browser, sim.address);
  const timeOf = async (): Promise<number> => Number((await sim.control.ask({ do: "state" }))["timeMs"]);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.waitForSelector("body.is-held");
  const heldMs = await timeOf();
  await page.locator('[data-card="mynumber"]').click();
  is(await timeOf(), heldMs);
  // What happens at this very instant: the card's switch has closed, and has not bounced yet.
  await page.waitForFunction(() => document.querySelectorAll(".event.card").length === 1);
  await page.getByRole("button", { name: "Step" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".event.card").length === 2);
  ok((await timeOf()) - heldMs < 20);
  await page.getByRole("button", { name: "Go on" }).click();
  await shows(page, "reading");
  await page.getByLabel("move the clock").selectOption("10 min ahead");
  await sim.control.stateWith(({ timeMs }) => Number(timeMs) > heldMs + 600_000);
  await page.context().close();
});

onNode(
  "what was done is replayed on a fresh terminal in the same page, and the first is there afterwards",
  async () => {
    const sim = await started("--mode", "open", "--lang", "en");
    const { page, wrongs } = await openTab(browser, sim.address);
    await page.locator('[data-card="iso"]').click();
    await shows(page, "reading");
    await page.getByRole("button", { name: "Pull the card" }).click();
    await shows(page, "insert");
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByRole("button", { name: "Back to the terminal" }).waitFor();
    await shows(page, "reading");
    await shows(page, "insert");
    is((await sim.control.ask({ do: "state" }))["card"], "none");
    await page.getByRole("button", { name: "Back to the terminal" }).click();
    await page.waitForSelector(".replaying", { state: "hidden" });
    equal(wrongs, []);
    await page.context().close();
  },
);

onNode(
  "a scenario's file is opened and watched on a terminal of its own, at the speed that is chosen",
  async () => {
    const sim = await started("--mode", "open", "--lang", "en", "--card", "iso");
    const { page, wrongs } = await openTab(browser, sim.address);
    await shows(page, "reading");
    await page.getByLabel("scenario file").setInputFiles("host-sim/scenarios/pin-right.yaml");
    await page.getByText(/^Scenario “.*”, on a terminal of its own\./).waitFor();
    await page.getByRole("button", { name: "×10" }).click();
    await page.keyboard.press("5");
    await page
      .getByText("a scenario is told to this terminal: go back to yours before you touch it")
      .waitFor();
    is(await page.getByRole("button", { name: "Cut the power" }).isEnabled(), true);
    is(await page.locator(".side").evaluate((side) => side.matches("[inert]")), true);
    await page.getByText(/on a terminal of its own\. It came out as it says\.$/).waitFor();
    await page.getByRole("button", { name: "Back to the terminal" }).click();
    await page.waitForSelector(".replaying", { state: "hidden" });
    await shows(page, "reading");
    equal(wrongs, []);
    await page.context().close();
  },
);

onNode("a run is saved as a scenario that says what is in it", async () => {
  const sim = await started("--mode", "open", "--lang", "en", "--seed", "7");
  const { page } = await openTab(browser, sim.address);
  await page.locator('[data-card="iso"]').click();
  await shows(page, "reading");
  await type(page, ["5"]);
  await digitsLogged(page, 1);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as scenario" }).click(),
  ]);
  is(download.suggestedFilename(), "scenario.yaml");
  const text = readFileSync(await download.path(), "utf8");
  match(text, /^# .*never record a resident's PIN/m);
  match(text, /^ {2}language: en$\n^ {2}seed: 7$/m);
  match(text, /^ {2}- \{ at: [\d.]+ms, insert: iso \}$/m);
  match(text, /^ {2}- \{ at: [\d.]+ms, key-down: "5" \}$\n^ {2}- \{ at: [\d.]+ms, key-up: "5" \}$/m);
  await page.context().close();
});

onNode("a screenshot is the display's picture as a file", async () => {
  const sim = await started("--mode", "open");
  const { page } = await openTab(browser, sim.address);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Screenshot" }).click(),
  ]);
  is(download.suggestedFilename(), "insert.png");
  const { width, height } = PNG.sync.read(readFileSync(await download.path()));
  equal([width, height], [800, 480]);
  await page.context().close();
});

onNode("without the token there is nothing", async () => {
  const sim = await started("--mode", "open");
  const { origin } = new URL(sim.address);
  const page = await browser.newPage();
  for (const path of ["/", "/counter", "/terminal.js", `/${"x".repeat(22)}/`]) {
    const response = await page.goto(origin + path).catch(() => null);
    // An empty answer is an error page of the browser's own.
    ok(response === null || response.status() === 404, path);
  }
  equal([(await get(`${origin}/`)).body, (await get(`${origin}/`)).status], ["", 404]);
  await page.close();
});

onNode("two simulators take two ports, and a port that is taken is exit code 2 with the cause", async () => {
  const sims = [0, 1].map(() => startPageSim(folder, ["--engine", ENGINE, "--mode", "open"]));
  const both = await Promise.all(sims);
  open.push(...both);
  const ports = both.map(({ address }) => Number(new URL(address).port));
  ok(ports.every((port) => port >= 8650) && ports[0] !== ports[1], ports.join());
  const tabs = await Promise.all(both.map(({ address }) => openTab(browser, address)));
  await tabs[0].page.locator('[data-card="mynumber"]').click();
  await shows(tabs[0].page, "reading");
  await shows(tabs[1].page, "insert");
  for (const { page } of tabs) await page.context().close();
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const port = String((taken.address() as AddressInfo).port);
  const sim = await SimProcess.start([
    "--mode",
    "open",
    "--line",
    "inproc",
    "--control",
    `unix:${folder}/c`,
    "--port",
    port,
  ]);
  const { code, stdout, stderr } = await sim.ended;
  taken.close();
  equal([code, stdout], [2, ""]);
  match(stderr, new RegExp(`--port ${port}: something else listens there; choose another`));
});

onNode(
  "the page speaks the other language at the press of a button, keeps to it, and the terminal does not notice",
  async () => {
    const sim = await started();
    const { page, wrongs } = await openTab(browser, sim.address);
    const stateBefore = await sim.control.ask({ do: "state" });
    await page.getByRole("button", { name: "日本語" }).click();
    await page.getByRole("button", { name: JA.pull }).waitFor();
    is(await page.locator('[data-card="mynumber-last"] .about').textContent(), CARDS_JA["mynumber-last"]);
    await page.reload();
    await isConnected(page);
    is(await page.evaluate(() => document.documentElement.lang), "ja");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("button", { name: EN.pull }).waitFor();
    await isConnected(page);
    const { complaints, page: shown } = await sim.control.ask({ do: "state" });
    equal([complaints, shown], [stateBefore["complaints"], stateBefore["page"]]);
    equal(wrongs, []);
    await page.context().close();
  },
);

for (const [colorScheme, locale, words] of [
  ["light", "en-US", EN],
  ["dark", "ja-JP", JA],
] as const) {
  for (const [name, width, height] of [
    ["wide", 1440, 900],
    ["narrow", 390, 844],
  ] as const) {
    onNode(`axe-core finds nothing serious: ${colorScheme}, ${locale}, ${name}`, async () => {
      const sim = lookedAt ?? (await started("--mode", "open", "--card", "mynumber"));
      lookedAt = undefined;
      const options = { colorScheme, locale, viewport: { width, height }, bypassCSP: true };
      const { page } = await openTab(browser, sim.address, options);
      await shows(page, "reading");
      is(await page.locator("#faults-title").textContent(), words.faults);
      await page.evaluate(axe.source);
      const judge = (): Promise<string[]> =>
        page.evaluate(async () => {
          const { axe: here } = window as unknown as { axe: typeof axe };
          const { violations } = await here.run();
          return violations.map(
            ({ id, impact, nodes }) => `${impact}: ${id} ${nodes.map(({ html }) => html).join(" ")}`,
          );
        });
      const isSerious = (text: string): boolean => /^(serious|critical)/.test(text);
      equal((await judge()).filter(isSerious), []);
      await page.locator("#tab-wires").click();
      await page.getByRole("button", { name: words.pause }).click();
      await page.waitForSelector("body.is-held");
      equal((await judge()).filter(isSerious), []);
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      ok(sideways <= 0, `${sideways} px do not fit`);
      await page.getByRole("button", { name: words.goOn }).click();
      await page.waitForSelector("body:not(.is-held)");
      await page.context().close();
      lookedAt = sim;
    });
  }
}

test.run();
