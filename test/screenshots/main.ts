/** `make screenshots`: the page as README and docs show it, in the middle of a resident's check. Look at them before you commit them. */
import { mkdirSync } from "node:fs";
import { temporaryFolder } from "../host-sim/cli/temporary.ts";
import { launchBrowser, openTab, shows, startPageSim } from "../integration/page-browser.ts";
import { startCounter } from "../integration/pcsc/sealed-sim.ts";

const FOLDER = "docs/images";
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
} finally {
  await counter.stop();
  await sim.stop();
  await browser.close();
}
