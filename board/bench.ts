/**
 * Composition root of the bench image: the GemPC PinPad framing in the clear, the deny-list firewall, every page marked.
 * Not for a town's counter (design §6).
 */
import { BENCH_FIRMWARE } from "../firmware/service/escapes.ts";
import { GemPcLine } from "../firmware/service/gempc-line.ts";
import { HostPolicy } from "../firmware/service/host-exchange.ts";
import type { Language } from "../firmware/service/view.ts";
import type { Terminal } from "../firmware/terminal.ts";
import { PageMark } from "../firmware/ui/page-layers.ts";
import { composeParts, composeTerminal, type Platform } from "./terminal-parts.ts";

export interface BenchOptions {
  readonly language: Language;
  /** A host's VERIFY of a known object is replaced by an entry on the keypad instead of being refused. */
  readonly substitute: boolean;
}

export function composeBench(platform: Platform, options: BenchOptions): Terminal {
  const parts = composeParts(platform, {
    language: options.language,
    policy: options.substitute ? HostPolicy.Substitute : HostPolicy.DenyList,
    firmware: BENCH_FIRMWARE,
    mark: PageMark.Bench,
  });
  return composeTerminal(
    parts,
    new GemPcLine(platform.natives, platform.port.line, parts.reader, parts.answers),
    parts.reader,
  );
}
