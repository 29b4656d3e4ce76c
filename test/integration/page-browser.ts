/** Debian's chromium with the page of a simulator, both as processes. What is waited for is a condition, never a time. */
import { existsSync } from "node:fs";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";
import { EN } from "../../host-sim/page/browser/terminal/texts-en.ts";
import { JA } from "../../host-sim/page/browser/terminal/texts.ts";
import { SimProcess, type ControlPeer } from "../host-sim/cli/sim-process.ts";

const CHROMIUM = "/usr/bin/chromium";
const ADDRESS = /^http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/$/m;
/** Chromium's own sandbox needs rights that root in a container does not have. */
const AS_ROOT = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: make test installs it`);
  return chromium.launch({ executablePath: CHROMIUM, args: [...AS_ROOT, "--disable-gpu"] });
}

/** A simulator that serves a page. */
export interface PageSim {
  readonly sim: SimProcess;
  readonly control: ControlPeer;
  readonly address: string;
  readonly line: string;
  readonly key: string;
  stop(): Promise<void>;
}

let count = 0;

/** Its places are in `folder`. */
export async function startPageSim(folder: string, flags: readonly string[]): Promise<PageSim> {
  const path = `${folder}/control-${++count}`;
  const sim = await SimProcess.start([...flags, "--control", `unix:${path}`]);
  let said = "";
  const address = new Promise<string>((resolve, reject) => {
    sim.child.stdout.on("data", (text: string) => {
      said += text;
      const found = ADDRESS.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    void sim.ended.then(({ stderr }) => reject(new Error(`the simulator ended: ${stderr}`)));
  });
  const control = await sim.control(path);
  const place = (name: string): string => new RegExp(`^ +${name} +(\\S+)`, "m").exec(said)?.[1] ?? "";
  return {
    sim,
    control,
    address: await address,
    line: place("line"),
    key: place("key"),
    stop: async () => {
      control.end();
      sim.child.kill("SIGTERM");
      await sim.ended;
    },
  };
}

/** What must never happen on a page, told by its address and message. */
export interface Watched {
  readonly page: Page;
  /** Errors of scripts and of the policy, and requests that leave the page's own origin. */
  readonly wrongs: readonly string[];
  /** Every text that the simulator has sent. */
  readonly received: readonly string[];
}

/** A tab of its own, as another person's browser has it, that is connected and has drawn the terminal. */
export async function openTab(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  return openTabIn(await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options }), address);
}

/** One more tab of the same person's. */
export async function openTabIn(context: BrowserContext, address: string): Promise<Watched> {
  const page = await context.newPage();
  const [wrongs, received]: [string[], string[]] = [[], []];
  const { origin, host } = new URL(address);
  page.on("pageerror", (error) => wrongs.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrongs.push(message.text());
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) wrongs.push(`asks for ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== host) wrongs.push(`connects to ${socket.url()}`);
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload === "string") received.push(payload);
    });
  });
  await page.goto(address);
  await isConnected(page);
  return { page, wrongs, received };
}

/** The tab has its terminal's state and picture. */
export async function isConnected(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const canvas = document.querySelector("canvas.lcd");
    return (
      document.querySelector(".page-name")?.textContent !== "" &&
      Number(canvas?.getAttribute("data-frames")) > 1
    );
  });
}

/** Waits until the tab, in either language, shows the terminal's page of that name, and no complaint beside it. */
export async function shows(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => wanted.includes(document.querySelector(".page-name")?.textContent ?? ""),
    [EN, JA].map((texts) => texts.page.replace("%", name)),
  );
}

/** The display as it is in the tab: one character a pixel, # ink. */
export function pixels(page: Page): Promise<string> {
  return page.evaluate(() => {
    const canvas = document.querySelector("canvas.lcd") as HTMLCanvasElement;
    const data = canvas.getContext("2d")?.getImageData(0, 0, 400, 240).data ?? [];
    let shown = "";
    for (let at = 0; at < data.length; at += 4) {
      const [red, green, blue] = [data[at], data[at + 1], data[at + 2]];
      const isInk = red === 0x16 && green === 0x1a && blue === 0x1e;
      const isPaper = red === 0xc4 && green === 0xcc && blue === 0xc6;
      shown += isInk ? "#" : isPaper ? "." : "?";
    }
    return shown;
  });
}
