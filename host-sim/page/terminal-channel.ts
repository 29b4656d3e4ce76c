/**
 * The terminal's tab. Towards it: its picture as bytes when that has changed, and objects `deck`, `state`, `time`, `tone`, `log`, `wire`,
 * `hex`, `file`; from it what terminal-messages.ts lists. Several tabs see and press the same terminal. What a tab held down is let go
 * when the tab goes. A replay is another terminal, which takes the place of the first until somebody leaves it.
 */
import { describeDeck } from "../card/deck.ts";
import type { SimOptions } from "../cli/options.ts";
import type { Station } from "../cli/station.ts";
import type { RecordedSession } from "../scenario-file/recording.ts";
import { writeScenario } from "../scenario-file/write.ts";
import { framePng } from "../world/png.ts";
import { PageRefusal, type PageChannel, type PageConversation, type PagePeer } from "./page-channel.ts";
import { playActions, timedActions } from "./replay.ts";
import { ScenarioTeller } from "./scenario-teller.ts";
import { judgeMessage, type TerminalMessage } from "./terminal-messages.ts";
import { TerminalScene } from "./terminal-scene.ts";
import { TerminalTab } from "./terminal-tab.ts";

/** What happens is gathered so long before it is told: less than an eye sees, and less than half of what a picture may be late. */
const GATHER_MS = 20;
const TIME_EVERY_MS = 250;
const SCREENSHOT_SCALE = 2;

export interface TerminalChannelParts {
  readonly options: SimOptions;
  /** Another terminal, as new; closed by whoever asked for it. */
  readonly fresh: () => Station;
}

type TimeMessage = Extract<TerminalMessage, { do: "jump" | "speed" | "hold" | "step" }>;
type DeskMessage = Extract<TerminalMessage, { do: "hex" | "screenshot" | "save" | "replay" | "leave" }>;
type HandMessage = Exclude<TerminalMessage, TimeMessage | DeskMessage>;

export class TerminalChannel implements PageChannel {
  private readonly live: TerminalScene;
  private scene: TerminalScene;
  private readonly tabs = new Set<TerminalTab>();
  private readonly teller: ScenarioTeller;
  private isClosed = false;
  private gathering: NodeJS.Timeout | undefined;
  private clock: NodeJS.Timeout | undefined;

  constructor(
    station: Station,
    private readonly parts: TerminalChannelParts,
  ) {
    this.live = this.watch(station);
    this.scene = this.live;
    this.teller = new ScenarioTeller(parts.options.engine);
  }

  open(peer: PagePeer): PageConversation {
    const tab = new TerminalTab(peer);
    this.tabs.add(tab);
    tab.send({ type: "deck", cards: describeDeck() });
    this.tellAll();
    this.clock ??= setInterval(() => this.tellTime(), TIME_EVERY_MS);
    return {
      message: (value) => this.message(tab, judgeMessage(value)),
      closed: () => this.leave(tab),
    };
  }

  /** Ends a replay that is still there. */
  close(): void {
    this.isClosed = true;
    this.teller.close();
    this.endReplay();
    clearInterval(this.clock);
    clearTimeout(this.gathering);
  }

  private watch(station: Station): TerminalScene {
    const scene = new TerminalScene(station, this.parts.options.mode);
    scene.onChange = (change) => {
      if (scene !== this.scene || this.tabs.size === 0) return;
      if (change === "tone") this.tellTone();
      this.gathering ??= setTimeout(() => this.tellAll(), GATHER_MS);
    };
    return scene;
  }

  private leave(tab: TerminalTab): void {
    this.tabs.delete(tab);
    for (const key of tab.held) this.scene.station.release(key);
    if (this.tabs.size > 0) return;
    clearInterval(this.clock);
    clearTimeout(this.gathering);
    this.clock = this.gathering = undefined;
  }

  private async message(tab: TerminalTab, message: TerminalMessage): Promise<void> {
    try {
      await this.act(tab, message);
    } catch (error) {
      throw error instanceof PageRefusal ? error : new PageRefusal(sentenceOf(error));
    }
    this.tellAll();
  }

  private act(tab: TerminalTab, message: TerminalMessage): unknown {
    switch (message.do) {
      case "jump":
      case "speed":
      case "hold":
      case "step":
        return this.actOnTime(message);
      case "hex":
      case "screenshot":
      case "save":
      case "replay":
      case "leave":
        return this.actForTab(tab, message);
      default:
        return this.actByHand(tab, message);
    }
  }

  private actByHand(tab: TerminalTab, message: HandMessage): unknown {
    const { station } = this.scene;
    switch (message.do) {
      case "press":
        tab.held.add(message.key);
        return station.press(message.key);
      case "release":
        tab.held.delete(message.key);
        return station.release(message.key);
      case "insert":
        return this.insert(message.card, message.fresh);
      case "remove":
        return station.remove();
      case "power":
        return station.power(message.on);
      case "case":
        return station.openCase();
      case "casekey":
        return station.turnCaseKey(message.service);
      case "line":
        return station.plugLine(message.plugged);
      case "noise":
        return station.noise(message.rate);
    }
  }

  /** One that is dragged into a slot with a card in it takes that card's place. */
  private insert(card: string, fresh: boolean): Promise<unknown> {
    const { station } = this.scene;
    if (!describeDeck().some(({ name }) => name === card)) throw new PageRefusal("no such card in the deck");
    if (station.tray.inserted() !== undefined) station.remove();
    return station.insert(card, fresh);
  }

  private actOnTime(message: TimeMessage): void {
    const { scene } = this;
    const { live } = scene.station;
    switch (message.do) {
      case "jump":
        return live.jump(message.seconds * 1000);
      case "speed":
        return live.setSpeed(message.factor);
      case "hold":
        return message.on ? live.hold() : live.release();
      case "step": {
        const before = scene.seenCount();
        return live.step(() => scene.seenCount() > before);
      }
    }
  }

  private actForTab(tab: TerminalTab, message: DeskMessage): unknown {
    switch (message.do) {
      case "hex":
        return tab.send({
          type: "hex",
          n: message.n,
          hex: this.scene.wire.entries.find(message.n)?.hex ?? "",
        });
      case "screenshot":
        return this.screenshot(tab);
      case "save":
        return this.save(tab);
      case "replay":
        return this.replay(message.scenario);
      case "leave":
        return this.show(this.live);
    }
  }

  private screenshot(tab: TerminalTab): void {
    const { station } = this.scene;
    const png = framePng(station.simulator.world.lcd.frame(), SCREENSHOT_SCALE);
    tab.send({
      type: "file",
      name: `${station.page()}.png`,
      mime: "image/png",
      base64: png.toString("base64"),
    });
  }

  private save(tab: TerminalTab): void {
    const base64 = Buffer.from(writeScenario(this.recorded())).toString("base64");
    tab.send({ type: "file", name: "scenario.yaml", mime: "application/yaml", base64 });
  }

  private recorded(): RecordedSession {
    const { mode, lang: language, seed } = this.parts.options;
    // What a counter said over a sealed line is not in it: nobody can say it once more.
    const given = { mode, language, seed, counter: "absent" };
    const session = this.scene.recording.finish({ name: "saved at the page", given });
    if (session === undefined) throw new PageRefusal("this run is too long for a scenario: start anew");
    return session;
  }

  /** How it goes is in the log of the terminal that is shown; that one has nothing to do with it. */
  private async tellScenario(text: string): Promise<void> {
    const said = (line: string): void => {
      const { log, station } = this.scene;
      log.hand(station.simulator.nowNs, line);
      this.tellAll();
    };
    await this.teller.tell(text, said);
  }

  /** What was done to this terminal, done to a new one. */
  private async replay(text: string | undefined): Promise<void> {
    if (text !== undefined) return this.tellScenario(text);
    const actions = timedActions(this.recorded());
    const station = this.parts.fresh();
    try {
      const scene = this.watch(station);
      playActions(station, actions);
      await station.open();
      if (this.isClosed) throw new PageRefusal("the simulator has ended");
      this.show(scene);
    } catch (error) {
      station.close();
      throw error;
    }
  }

  private show(scene: TerminalScene): void {
    if (scene === this.scene) return;
    for (const tab of this.tabs) for (const key of tab.held) this.scene.station.release(key);
    if (scene !== this.scene) this.endReplay();
    this.scene = scene;
    for (const tab of this.tabs) tab.begin();
  }

  private endReplay(): void {
    if (this.scene !== this.live) this.scene.station.close();
    this.scene = this.live;
  }

  private tellAll(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    if (this.tabs.size === 0) return;
    const state = this.state();
    for (const tab of this.tabs) tab.tell(this.scene, state);
  }

  private state(): object {
    const { station } = this.scene;
    const { world } = station.simulator;
    const { complaints, timeMs: _timeMs, tone: _tone, ...state } = station.look();
    return {
      ...state,
      noise: world.lineNoise.currentRate(),
      speed: station.live.speed(),
      held: station.live.isHeld(),
      glassHarmed: this.scene.isGlassHarmed(),
      replay: this.scene !== this.live,
    };
  }

  private tellTime(): void {
    const timeMs = Math.floor(this.scene.station.simulator.nowNs / 1e6);
    for (const tab of this.tabs) tab.send({ type: "time", timeMs });
  }

  private tellTone(): void {
    const { toneHz: hz } = this.scene.station.simulator.world;
    for (const tab of this.tabs) tab.send({ type: "tone", hz });
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
