/** Every page in every language and on every image, drawn through the real chain. */
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

/** Calls `see` for every page in every language with its name, for instance pin-4-4-at-0-ja, and the language's code. */
export function forEveryPage(
  rom: Uint8Array,
  see: (name: string, frame: Uint8Array, code: string) => void,
): void {
  for (const state of pageStates()) {
    for (const [code, language] of LANGUAGES)
      see(`${state.name}-${code}`, photograph(rom, state, language), code);
  }
}
