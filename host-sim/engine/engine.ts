/** What runs the firmware. The simulator owns time: an engine is resumed at an instant and says until when it idles. */
import type { View } from "../../firmware/service/view.ts";
import type { BusEvents } from "../../hal/bus.ts";

export interface Engine {
  /** Boots the image at this instant. Returns when it next wants to run, in microseconds. */
  start(events: BusEvents): number;
  /** Hands over the answer of its last `idle`. Returns its next deadline in microseconds. */
  resume(events: BusEvents): number;
  /** What the firmware wants to be seen. */
  view(): Readonly<View>;
  close(): void;
}
