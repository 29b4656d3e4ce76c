/** The counter window in Debian's chromium beside a simulator's process; who stands at the terminal is the control socket. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { TabPeer } from "../host-sim/page/page-peer.ts";
import type { PageSim, Watched } from "./page-browser.ts";

export const OPERATORS = {
  madoka: { password: "madoguchi-1", card: "operator", pin: "4649" },
  midori: { password: "madoguchi-2", card: "operator-2", pin: "5963" },
} as const;

type State = Readonly<Record<string, unknown>>;

export interface DeskTab extends Watched {
  /** Resolves as soon as the state that the window was told last is as wanted. */
  told(isWanted: (state: State) => boolean): Promise<void>;
  /** Nothing was received, and nothing went wrong, before now. */
  forget(): void;
}

/** Longer than a result does. */
const RESULT_STANDS_S = 6;
/** A quick hand. */
const KEYS_EVERY_MS = 60;

/** The window, connected. */
export async function openDesk(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<DeskTab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const [wrongs, received]: [string[], string[]] = [[], []];
  const looks = new Set<() => void>();
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
      if (typeof payload !== "string") return;
      received.push(payload);
      for (const look of [...looks]) look();
    }),
  );
  await page.goto(`${address}counter`);
  await page.waitForSelector("#login");
  const told = (isWanted: (state: State) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        const state = received.map(stateOf).findLast((one) => one !== undefined);
        if (state === undefined || !isWanted(state)) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  const forget = (): void => {
    wrongs.length = received.length = 0;
  };
  return { page, wrongs, received, told, forget };
}

/** Puts a card in as soon as one is asked for, and types at each prompt what stands before the next E. */
export async function atTerminal({ control }: PageSim, card: string, keys = ""): Promise<void> {
  await control.stateWith(({ page }) => /^insert/.test(String(page)));
  await control.ask({ do: "autokeys", keys, everyMs: KEYS_EVERY_MS });
  await control.ask({ do: "insert", card });
}

/** The resident takes the card; the five seconds that the result stands there are not waited for, the world's clock is moved. */
export async function takeOut({ control, address }: PageSim): Promise<void> {
  await control.ask({ do: "autokeys", keys: "" });
  await control.stateWith(({ page, card }) => card === "none" || !/^(pin|last|reading)$/.test(String(page)));
  await control.ask({ do: "remove" });
  const page = await TabPeer.open(address, "terminal");
  page.send({ do: "jump", seconds: RESULT_STANDS_S });
  await control.stateWith(({ page: name }) => /^(insert|idle|out-of-service)$/.test(String(name)));
  page.end();
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
export async function check(sim: PageSim, page: Page, card: string, keys?: string): Promise<void> {
  await page
    .locator('[data-key="check"], [data-key="lastTry"], [data-key="change"], [data-key="finish"]')
    .click();
  await page.waitForSelector(".answer", { state: "detached" });
  await atTerminal(sim, card, keys);
  await page.waitForSelector(".answer");
  await takeOut(sim);
}

/** The verdict, whose card it is and what more there is, as somebody reads it. */
export async function answer(page: Page): Promise<string> {
  return (await page.locator(".answer p").allInnerTexts()).join(" | ");
}

/** Out at both ends: who comes next finds the terminal free. */
export async function signedOut({ page, told }: DeskTab): Promise<void> {
  await page.click('[data-key="sign-out"]');
  await page.waitForSelector("#login");
  await told(({ seat, busy }) => seat === "out" && busy === undefined);
}

function stateOf(text: string): State | undefined {
  const message = JSON.parse(text) as State;
  return message["type"] === "state" ? message : undefined;
}
