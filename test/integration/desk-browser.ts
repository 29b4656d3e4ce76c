/** The counter window in Debian's chromium beside a simulator's process; who stands at the terminal is the control socket. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { PageSim, Watched } from "./page-browser.ts";

export const OPERATORS = {
  madoka: { password: "madoguchi-1", card: "operator", pin: "4649" },
  midori: { password: "madoguchi-2", card: "operator-2", pin: "5963" },
} as const;

/** The window, connected. */
export async function openDesk(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const [wrongs, received]: [string[], string[]] = [[], []];
  const { origin } = new URL(address);
  page.on("pageerror", (error) => wrongs.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrongs.push(message.text());
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) wrongs.push(`asks for ${request.url()}`);
  });
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload === "string") received.push(payload);
    }),
  );
  await page.goto(`${address}counter`);
  await page.waitForSelector("#login");
  return { page, wrongs, received };
}

/** Puts a card in as soon as one is asked for, and types at each prompt. */
export async function atTerminal(
  { control }: PageSim,
  card: string,
  ...entries: readonly string[]
): Promise<void> {
  await control.stateWith(({ page }) => /^insert/.test(String(page)));
  await control.ask({ do: "insert", card });
  for (const keys of entries) {
    const { page: asked } = await control.stateWith(({ page }) => page === "pin" || page === "last");
    await control.ask({ do: "keys", keys, everyMs: 60 });
    await control.stateWith(({ page }) => page !== asked);
  }
}

export async function takeOut({ control }: PageSim): Promise<void> {
  await control.stateWith(
    ({ page, card }) => card === "none" || page === "take" || !/^(pin|last|reading)$/.test(String(page)),
  );
  await control.ask({ do: "remove" });
  await control.stateWith(({ page }) => page === "insert" || page === "idle" || page === "out-of-service");
}

/** By password and card. */
export async function signIn(
  sim: PageSim,
  page: Page,
  login: keyof typeof OPERATORS = "madoka",
): Promise<void> {
  const { password, card, pin } = OPERATORS[login];
  await page.fill("#login", login);
  await page.fill("#password", password);
  await page.keyboard.press("Enter");
  await page.click('[data-key="card-start"]');
  await atTerminal(sim, card, `${pin}E`);
  await page.waitForSelector("desk-case .services");
  await takeOut(sim);
}

export async function openCase(page: Page, service: string, name: string): Promise<void> {
  await page.click(`[data-service="${service}"]`);
  await page.fill("#find", name);
  await page.keyboard.press("Enter");
  await page.locator(".found button").first().click();
  await page.waitForSelector(".people");
}

/** One check, from the button to the answer on the page. */
export async function check(
  sim: PageSim,
  page: Page,
  card: string,
  ...entries: readonly string[]
): Promise<void> {
  await page.locator('[data-key="check"], [data-key="lastTry"], [data-key="change"]').click();
  await atTerminal(sim, card, ...entries);
  await page.waitForSelector(".answer");
  await takeOut(sim);
}

/** The verdict, whose card it is and what more there is, as somebody reads it. */
export async function answer(page: Page): Promise<string> {
  return (await page.locator(".answer p").allInnerTexts()).join(" | ");
}
