/** How long the fast tests take, as `make check` runs them; they sleep nowhere. */
import { runFastTests } from "../runner/uvu-parts.ts";

export async function unitSuiteSeconds(): Promise<number> {
  const begin = performance.now();
  const result = await runFastTests();
  if (result.failed > 0) throw new Error(`${result.failed} of the fast tests failed`);
  return (performance.now() - begin) / 1000;
}
