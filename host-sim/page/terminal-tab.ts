/** One open tab: what it holds down, and what it was told last, so that it is told only what is new. */
import type { PagePeer } from "./page-channel.ts";
import type { TerminalScene } from "./terminal-scene.ts";

/** First byte of the bytes towards a tab. */
const FRAME = 1;

export class TerminalTab {
  /** Keys under its fingers. */
  readonly held = new Set<string>();
  private frame: Uint8Array = new Uint8Array();
  private state = "";
  private log = 0;
  private wire = 0;

  constructor(private readonly peer: PagePeer) {}

  send(message: object): void {
    this.peer.send(message);
  }

  /** Another terminal is shown now: nothing of the one before is still true. */
  begin(): void {
    this.frame = new Uint8Array();
    this.state = "";
    this.log = this.wire = 0;
    this.held.clear();
    this.send({ type: "begin" });
  }

  /** Tells what is new of `scene`; `state` is what is to be seen of it beside picture and logs. */
  tell(scene: TerminalScene, state: object): void {
    this.tellFrame(scene.terminal.simulator.world.lcd.frame());
    this.tellState(state);
    const log = scene.log.entries.since(this.log);
    this.log = scene.log.entries.last();
    if (log.length > 0) this.send({ type: "log", entries: log });
    const wire = scene.wire.entries.since(this.wire);
    this.wire = scene.wire.entries.last();
    // The bytes come when somebody asks for them.
    const lines = wire.map(({ n, timeNs, wire: where, layer, from, text, bad, hex }) => {
      return {
        n,
        timeMs: timeNs / 1e6,
        wire: where,
        layer,
        from,
        text,
        bad: bad === true,
        hasHex: hex !== "",
      };
    });
    if (lines.length > 0) this.send({ type: "wire", entries: lines });
  }

  private tellFrame(frame: Uint8Array): void {
    if (Buffer.compare(frame, this.frame) === 0) return;
    this.frame = frame;
    this.peer.sendBytes(Uint8Array.of(FRAME, ...frame));
  }

  private tellState(state: object): void {
    const text = JSON.stringify(state);
    if (text === this.state) return;
    this.state = text;
    this.send({ type: "state", ...state });
  }
}
