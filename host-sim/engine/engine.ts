/** What runs the firmware. The simulator owns time: an engine is resumed at an instant and says until when it idles. */
import type { BusEvents } from "../../hal/bus.ts";
import type { LanguageCode } from "../world/language-code.ts";

/** Which image runs: the bench image, or one of the sealed ones. */
export type ImageMode = "open" | "sealed" | "town";

/** How the image is started. `firewall` is the bench image's alone. */
export interface ImageOptions {
  readonly mode: ImageMode;
  readonly language: LanguageCode;
  readonly firewall: "refuse" | "substitute";
}

/** The constructor boots the image up to its first `idle`; what it wants to be seen it tells the world over the bus. */
export interface Engine {
  /** Hands over the answer of its last `idle`. Returns its next deadline in microseconds. Throws `EngineFailure`. */
  resume(events: BusEvents): number;
  /** Ends it; nothing of it is left. May be called again. */
  close(): void;
}

/** The engine died, went silent or said what the bus does not know: a fault of the image or of the engine, not of the story. */
export class EngineFailure extends Error {}

/** The engine cannot be started here; the message says what is missing and the next step. */
export class EngineMissing extends Error {}
