import { once } from "node:events";
import { connect } from "node:net";
import { suite } from "uvu";
import { equal, is, match, throws } from "uvu/assert";
import type { SimCard } from "../../../host-sim/card/sim-card.ts";
import { CardTray } from "../../../host-sim/cli/card-tray.ts";

const test = suite("card tray");

/** A slot without a terminal; tells when a card came or went. */
function made() {
  let card: SimCard | undefined;
  let changed: () => void = () => undefined;
  const slot = {
    insert(next: SimCard): void {
      if (card !== undefined) throw new Error("occupied");
      card = next;
      changed();
    },
    remove(): void {
      card = undefined;
      changed();
    },
    inserted: () => card,
  };
  const tray = new CardTray(slot, (action) => action());
  const change = (): Promise<void> => new Promise((resolve) => (changed = resolve));
  return { tray, slot, change };
}

function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "accepted",
    (error: Error) => error.message,
  );
}

test("a card of the deck goes in by its name and comes out", async () => {
  const { tray, slot } = made();
  equal(await tray.insert("mynumber", false), { card: "mynumber" });
  is(slot.inserted()?.name, "mynumber");
  is(tray.inserted(), "mynumber");
  is(tray.remove(), "mynumber");
  is(tray.inserted(), undefined);
});

test("a second card and an unknown one are refused and nothing changes", async () => {
  const { tray, slot } = made();
  match(
    await refusal(tray.insert("passport", false)),
    /no card "passport": the deck has mynumber, .*vpcd:PORT/,
  );
  is(slot.inserted(), undefined);
  await tray.insert("iso", false);
  match(await refusal(tray.insert("mynumber", false)), /remove iso first: it is in the slot/);
  match(await refusal(tray.insert("vpcd:0", false)), /remove iso first/);
  is(tray.inserted(), "iso");
});

test("removing from an empty slot is refused", () => {
  throws(() => made().tray.remove(), /no card is in the slot/);
});

test("a card put back is the same card, with its counters; a fresh one is another", async () => {
  const { tray, slot } = made();
  const seen: (SimCard | undefined)[] = [];
  for (const fresh of [false, false, true, false]) {
    await tray.insert("mynumber", fresh);
    seen.push(slot.inserted());
    tray.remove();
  }
  is(seen[0], seen[1]);
  is(seen[1] === seen[2], false);
  is(seen[2], seen[3]);
});

test("vpcd listens at once, its card comes with the connection and goes with it", async () => {
  const { tray, slot, change } = made();
  const { card, waiting } = await tray.insert("vpcd:0", false);
  match(card, /^vpcd:[1-9]\d+$/);
  is(waiting, true);
  equal([tray.inserted(), tray.waiting()], [undefined, card]);
  const came = change();
  const vicc = connect(Number(card.slice(5)), "127.0.0.1");
  vicc.resume();
  await once(vicc, "connect");
  vicc.write(Buffer.from("000b3b95138101807 3ff01000b".replace(" ", ""), "hex"));
  await came;
  is(tray.inserted(), card);
  const went = change();
  vicc.end();
  await went;
  is(slot.inserted(), undefined);
  is(tray.waiting(), card);
  tray.close();
});

test("remove ends the waiting, and the port is free again", async () => {
  const { tray } = made();
  const { card } = await tray.insert("vpcd:0", false);
  match(await refusal(tray.insert("vpcd:0", false)), /is waiting for its card/);
  is(tray.remove(), card);
  is((await tray.insert(card, false)).card, card);
  tray.close();
});

test("a port that is taken or is none is refused by name", async () => {
  const { tray } = made();
  const { card } = await tray.insert("vpcd:0", false);
  const other = made().tray;
  match(await refusal(other.insert(card, false)), new RegExp(`${card}: .*EADDRINUSE`));
  is(other.waiting(), undefined);
  match(await refusal(other.insert("vpcd:65536", false)), /a port is 0-65535/);
  tray.close();
});

test.run();
