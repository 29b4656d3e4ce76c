/**
 * The terminal's tab. Towards it: its picture as bytes when that has changed, and objects `deck`, `state`, `time`, `tone`, `log`, `wire`,
 * `hex`, `file`; from it what terminal-messages.ts lists. Several tabs see and press the same terminal. What a tab held down is let go
 * when the tab goes. A replay, or a scenario that is dropped on the page, is another terminal, which takes the place of the first until
 * somebody leaves it.
 */
import { describeDeck } from "../card/deck.ts";
import type { SimOptions } from "../cli/options.ts";
import type { Station } from "../cli/station.ts";
import type { RecordedSession } from "../scenario-file/recording.ts";
import { writeScenario } from "../scenario-file/write.ts";
import { framePng } from "../world/png.ts";
import { PageRefusal, type PageChannel, type PageConversation, type PagePeer } from "./page-channel.ts";
import { hasCounter, playActions, timedActions } from "./replay.ts";
import { readDropped, Story } from "./story.ts";
import { actByHand, actOnTime } from "./terminal-hands.ts";
import { judgeMessage, type DeskMessage, type TerminalMessage } from "./terminal-messages.ts";
import { TerminalScene, type Touched } from "./terminal-scene.ts";
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

export class TerminalChannel implements PageChannel {
  private readonly live: TerminalScene;
  private scene: TerminalScene;
  private readonly tabs = new Set<TerminalTab>();
  private isClosed = false;
  private gathering: NodeJS.Timeout | undefined;
  private clock: NodeJS.Timeout | undefined;

  constructor(
    station: Station,
    private readonly parts: TerminalChannelParts,
  ) {
    this.live = this.watch(TerminalScene.ofStation(station, parts.options.mode));
    this.scene = this.live;
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

  /** Ends what is shown beside the live terminal. */
  close(): void {
    this.isClosed = true;
    this.endOther();
    clearInterval(this.clock);
    clearTimeout(this.gathering);
  }

  private watch(scene: TerminalScene): TerminalScene {
    scene.onChange = (change) => {
      if (scene !== this.scene) return;
      if (change === "tone") this.tellTone();
      this.tellSoon();
    };
    return scene;
  }

  private leave(tab: TerminalTab): void {
    this.tabs.delete(tab);
    this.letGo(tab);
    if (this.tabs.size > 0) return;
    clearInterval(this.clock);
    clearTimeout(this.gathering);
    this.clock = this.gathering = undefined;
  }

  private letGo(tab: TerminalTab): void {
    for (const key of tab.held) this.scene.touched?.station.release(key);
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
        return actOnTime(this.scene, message);
      case "hex":
      case "screenshot":
      case "save":
      case "replay":
      case "leave":
        return this.actForTab(tab, message);
      default:
        return actByHand(this.touched().station, message, tab.held);
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
    const { terminal } = this.scene;
    const png = framePng(terminal.simulator.world.lcd.frame(), SCREENSHOT_SCALE);
    tab.send({
      type: "file",
      name: `${terminal.page()}.png`,
      mime: "image/png",
      base64: png.toString("base64"),
    });
  }

  private save(tab: TerminalTab): void {
    const base64 = Buffer.from(writeScenario(this.recorded())).toString("base64");
    tab.send({ type: "file", name: "scenario.yaml", mime: "application/yaml", base64 });
  }

  /** Throws `PageRefusal` where a scenario is told: nobody else touches that terminal. */
  private touched(): Touched {
    const { touched } = this.scene;
    if (touched === undefined)
      throw new PageRefusal("a scenario is told to this terminal: go back to yours before you touch it");
    return touched;
  }

  private recorded(): RecordedSession {
    const { mode, lang: language, seed, operators } = this.parts.options;
    // The counter window's calls are steps. What another program said over a sealed line nobody can say once more.
    const rule = operators === "required" ? { operators } : {};
    const given = { mode, language, seed, counter: "absent", ...rule };
    const session = this.touched().recording.finish({ name: "saved at the page", given });
    if (session === undefined) throw new PageRefusal("this run is too long for a scenario: start anew");
    return session;
  }

  private replay(text: string | undefined): Promise<void> {
    if (text !== undefined) return this.tellStory(text);
    const recorded = this.recorded();
    return hasCounter(recorded) ? this.tellStory(writeScenario(recorded)) : this.replayActions(recorded);
  }

  /** Rejects for one that cannot begin; how it comes out is said where it is shown. */
  private tellStory(text: string): Promise<void> {
    const scenario = readDropped(text);
    return new Promise((resolve, reject) => {
      const story = new Story(scenario, {
        engine: this.parts.options.engine,
        onStage: (begun) => {
          this.show(this.watch(new TerminalScene(begun, scenario.given.mode)));
          resolve();
        },
        onNews: (sentence) => this.tellNews(story, sentence),
      });
      story.tell().catch(reject);
    });
  }

  private tellNews(story: Story, sentence: string): void {
    const { log, terminal } = this.scene;
    if (terminal !== story) return;
    log.hand(story.simulator.nowNs, sentence);
    this.tellSoon();
  }

  /** What was done to this terminal, done to a new one. */
  private async replayActions(recorded: RecordedSession): Promise<void> {
    const actions = timedActions(recorded);
    const station = this.parts.fresh();
    try {
      const scene = this.watch(TerminalScene.ofStation(station, this.parts.options.mode));
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
    for (const tab of this.tabs) this.letGo(tab);
    this.endOther();
    this.scene = scene;
    for (const tab of this.tabs) tab.begin();
  }

  private endOther(): void {
    if (this.scene !== this.live) this.scene.terminal.close();
    this.scene = this.live;
  }

  private tellSoon(): void {
    if (this.tabs.size > 0) this.gathering ??= setTimeout(() => this.tellAll(), GATHER_MS);
  }

  private tellAll(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    if (this.tabs.size === 0) return;
    const state = this.state();
    for (const tab of this.tabs) tab.tell(this.scene, state);
  }

  private state(): object {
    const { terminal } = this.scene;
    const { live, simulator } = terminal;
    return {
      ...terminal.seen(),
      noise: simulator.world.lineNoise.currentRate(),
      speed: live.speed(),
      held: live.isHeld(),
      glassHarmed: this.scene.isGlassHarmed(),
      isTouchable: this.scene.touched !== undefined,
      shows: this.shows(),
    };
  }

  /** What is shown instead of the live terminal; empty for that one. */
  private shows(): string {
    const { terminal } = this.scene;
    if (this.scene === this.live) return "";
    if (!(terminal instanceof Story)) return "This is a replay, on a terminal of its own.";
    return `Scenario “${terminal.name}”, on a terminal of its own. ${terminal.outcome}`.trim();
  }

  private tellTime(): void {
    const timeMs = Math.floor(this.scene.terminal.simulator.nowNs / 1e6);
    for (const tab of this.tabs) tab.send({ type: "time", timeMs });
  }

  private tellTone(): void {
    const { toneHz: hz } = this.scene.terminal.simulator.world;
    for (const tab of this.tabs) tab.send({ type: "tone", hz });
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
