/** What a tab does to the terminal that it shows: by hand, and to its time. */
import { describeDeck } from "../card/deck.ts";
import type { Station } from "../cli/station.ts";
import { PageRefusal } from "./page-channel.ts";
import type { HandMessage, TimeMessage } from "./terminal-messages.ts";
import type { TerminalScene } from "./terminal-scene.ts";

/** `held` are the keys under the tab's fingers. Throws `PageRefusal`, or what the station says. */
export function actByHand(station: Station, message: HandMessage, held: Set<string>): unknown {
  switch (message.do) {
    case "press":
      held.add(message.key);
      return station.press(message.key);
    case "release":
      held.delete(message.key);
      return station.release(message.key);
    case "insert":
      return insert(station, message.card, message.fresh);
    case "remove":
      return station.remove();
    case "power":
      return station.power(message.on);
    case "case":
      return station.openCase();
    case "casekey":
      return station.turnCaseKey(message.service);
    case "line":
      return station.plugLine(message.plugged);
    case "noise":
      return station.noise(message.rate);
  }
}

/** One that is dragged into a slot with a card in it takes that card's place. */
function insert(station: Station, card: string, fresh: boolean): Promise<unknown> {
  if (!describeDeck().some(({ name }) => name === card)) throw new PageRefusal("no such card in the deck");
  if (station.tray.inserted() !== undefined) station.remove();
  return station.insert(card, fresh);
}

export function actOnTime(scene: TerminalScene, message: TimeMessage): void {
  const { live } = scene.terminal;
  switch (message.do) {
    case "jump":
      return live.jump(message.seconds * 1000);
    case "speed":
      return live.setSpeed(message.factor);
    case "hold":
      return message.on ? live.hold() : live.release();
    case "step": {
      const before = scene.seenCount();
      return live.step(() => scene.seenCount() > before);
    }
  }
}
