/** `make screenshots`: the page as README and docs show it, in the middle of a resident's check. Look at them before you commit them. */
import { mkdirSync } from "node:fs";
import { temporaryFolder } from "../host-sim/cli/temporary.ts";
import { check, openCase, openDesk, signIn } from "../integration/desk-browser.ts";
import { launchBrowser, openTab, shows, startPageSim } from "../integration/page-browser.ts";
import { startCounter } from "../integration/pcsc/sealed-sim.ts";

const FOLDER = "docs/images";
const DESK = { width: 1100, height: 720 };
const VIEWPORT = { width: 1440, height: 900 };
const CHECK = ["--service", "moving", "--date", "2026-11-26", "--operator", "TANAKA", "--case", "CASE-17"];

const browser = await launchBrowser();
const sim = await startPageSim(temporaryFolder(), ["--port", "0", "--line", "tcp:0"]);
const counter = startCounter("check-pin", "--line", `tcp:${sim.line}`, "--key", sim.key, ...CHECK);
try {
  mkdirSync(FOLDER, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    const { page } = await openTab(browser, sim.address, { viewport: VIEWPORT, colorScheme });
    if (colorScheme === "light") {
      await shows(page, "insert");
      await page.locator('[data-card="mynumber"]').click();
      await shows(page, "pin");
      for (const key of "12") await page.keyboard.press(key);
      await page.waitForFunction(() => document.querySelectorAll(".event.key").length >= 4);
    }
    await page.locator("#tab-wires").click();
    await page.locator(".wire.apdu summary").last().click();
    await page.waitForFunction(() => document.querySelector("details[open] .hex")?.textContent !== "…");
    await page.mouse.move(700, 5);
    await page.screenshot({ path: `${FOLDER}/page-${colorScheme}.png` });
    await page.context().close();
  }
  for (const colorScheme of ["light", "dark"] as const) await counterWindow(colorScheme);
} finally {
  await counter.stop();
  await sim.stop();
  await browser.close();
}

/** The counter window with two of a family of three proved. */
async function counterWindow(colorScheme: "light" | "dark"): Promise<void> {
  const own = await startPageSim(temporaryFolder(), ["--port", "0", "--line", "tcp:0"]);
  const { page } = await openDesk(browser, own.address, { viewport: DESK, colorScheme });
  await signIn(own, page);
  await openCase(page, "moving", "窓口 花子");
  await check(own, page, "mynumber", "1234E");
  await check(own, page, "mynumber-family", "8642E");
  await page.waitForFunction(() => document.querySelectorAll('[data-mark="proved"]').length === 2);
  await page.mouse.move(5, 5);
  await page.screenshot({ path: `${FOLDER}/counter-${colorScheme}.png` });
  await page.context().close();
  await own.stop();
}
