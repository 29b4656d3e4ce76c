/** Counts prompts by what the terminal shows: a new command asks after a page that does not, each entry is a page of its own. */
import { Page } from "../../firmware/service/view.ts";
import type { BusView } from "../../hal/bus.ts";

export class PromptWatch {
  /** Commands that asked for a PIN so far. */
  commandCount = 0;
  /** Pages that asked so far. */
  entryCount = 0;
  private asked = "";

  look(view: BusView): void {
    const asks = view.page === Page.PinEntry || view.page === Page.LastTry;
    const asking = asks ? `${view.page} ${view.purpose}` : "";
    if (asking === this.asked) return;
    if (this.asked === "") this.commandCount++;
    if (asks) this.entryCount++;
    this.asked = asking;
  }
}
