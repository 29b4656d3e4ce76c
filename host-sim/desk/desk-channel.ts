/** The counter window's channel of the page: a window for each tab, at one desk. */
import type { PageChannel, PageConversation, PagePeer } from "../page/page-channel.ts";
import { CounterWindow } from "./counter-window.ts";
import type { Desk } from "./desk.ts";

export class DeskChannel implements PageChannel {
  private readonly windows = new Set<CounterWindow>();

  constructor(private readonly desk: Desk) {
    desk.work.onChange = () => {
      for (const window of this.windows) window.tell();
    };
  }

  open(peer: PagePeer): PageConversation {
    const window = new CounterWindow(this.desk, peer);
    this.windows.add(window);
    return {
      message: (value) => window.message(value),
      closed: () => {
        this.windows.delete(window);
        window.closed();
      },
    };
  }

  /** The register is closed with the run. */
  close(): void {
    this.desk.close();
  }
}
