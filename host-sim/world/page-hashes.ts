/** Fingerprints of every page in every language, drawn through the real chain: one line "name-language hash" each. */
import { createHash } from "node:crypto";
import { LANGUAGES, pageStates } from "../../board/rom/page-states.ts";
import type { PageState } from "../../board/rom/page-states.ts";
import type { Language } from "../../firmware/service/view.ts";
import { PageCamera } from "./page-camera.ts";

/** What the glass shows of one page. */
export function photograph(rom: Uint8Array, state: PageState, language: Language): Uint8Array {
  const camera = new PageCamera(rom, { mark: state.mark });
  camera.view.useLanguage(language);
  state.prepare(camera.view);
  return camera.draw();
}

/** 64 bits are plenty to notice a change. */
export function frameHash(frame: Uint8Array): string {
  return createHash("sha256").update(frame).digest("hex").slice(0, 16);
}

/** Calls `see` for every page in every language with its name, for instance pin-4-4-at-0-ja. */
export function forEveryPage(rom: Uint8Array, see: (name: string, frame: Uint8Array) => void): void {
  for (const state of pageStates()) {
    for (const [code, language] of LANGUAGES) see(`${state.name}-${code}`, photograph(rom, state, language));
  }
}
