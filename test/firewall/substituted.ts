/** A host's own VERIFY on a bench that replaces it: the digits of the person go to the card, those of the host go nowhere. */
import { AttackBench, XFR_BLOCK } from "./attack-bench.ts";

/** Sends `apdu`, types `pin` when asked, reports host digits that reach the card. Returns whether an entry began. */
export function substituted(bench: AttackBench, apdu: readonly number[], pin: string): boolean {
  const hostDigits = Buffer.from(apdu.slice(5)).toString("latin1");
  bench.resynch();
  bench.watch.forbidden = hostDigits;
  bench.watch.typed = pin;
  bench.host.replies.length = 0;
  const sequence = bench.host.send(XFR_BLOCK, [0, 0, 0], bench.information(apdu));
  const began = bench.isAsked();
  if (began) bench.type(`${pin}E`);
  bench.replyTo(sequence);
  bench.check(`substitute ${Buffer.from(apdu.slice(0, 4)).toString("hex")}`);
  bench.watch.forbidden = "";
  bench.watch.typed = "";
  return began;
}
