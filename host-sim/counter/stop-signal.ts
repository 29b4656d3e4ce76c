/** How a command that runs on is told to end. */
import { watchParent } from "../cli/parent-watch.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Resolves at a signal, or when whoever started this is gone. */
export function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve());
    watchParent(resolve);
  });
}
