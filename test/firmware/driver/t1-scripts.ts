/** A session at `Ready` with a scripted card, and the replies of a T=1 card that does as it should. */
import { CardSession, SessionOutcome, SessionState } from "../../../firmware/service/card-session.ts";
import { CommandKind } from "../../../firmware/driver/t1-exchange.ts";
import { VoltageClass } from "../../../firmware/driver/card-slot.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { block, run, ScriptedCard, WIRING, type Say } from "./scripted-card.ts";

export type Reply = (block: number[]) => Say | undefined;

/** Answers S(IFS), then takes the replies one by one; the last one stays. */
export function answering(...replies: (Say | Reply | undefined)[]): Reply {
  let next = 0;
  return (sent) => {
    if (sent[1] === 0xc1) return { bytes: block(0xe1, [sent[3]!]) };
    const reply = replies[Math.min(next++, replies.length - 1)];
    return typeof reply === "function" ? reply(sent) : reply;
  };
}

export function inserted(prepare: (card: ScriptedCard) => void = () => {}): {
  card: ScriptedCard;
  session: CardSession;
} {
  const card = new ScriptedCard();
  card.reply = answering(undefined);
  prepare(card);
  const session = new CardSession(NODE_NATIVES, card, card, WIRING);
  run(card, session, () => session.isPresent(), 100_000);
  return { card, session };
}

export function powered(prepare?: (card: ScriptedCard) => void, voltage = VoltageClass.A5V) {
  const made = inserted(prepare);
  made.session.powerOn(voltage, made.card.nowUs);
  run(made.card, made.session, () => made.session.state() !== SessionState.Starting);
  return made;
}

export function ready(reply: Reply, prepare: (card: ScriptedCard) => void = () => {}) {
  const made = powered((card) => {
    card.reply = reply;
    prepare(card);
  });
  if (made.session.state() !== SessionState.Ready) throw new Error(`state ${made.session.state()}`);
  made.card.blocks.length = 0;
  made.card.blockStartsUs.length = 0;
  return made;
}

export const VERIFY = [0x00, 0x20, 0x00, 0x80, 0x04, 0x31, 0x32, 0x33, 0x34];

/** Sends `apdu` and runs to its end. */
export function exchange(
  made: { card: ScriptedCard; session: CardSession },
  apdu: readonly number[],
  isPin: boolean,
) {
  const { card, session } = made;
  apdu.forEach((byte, i) => (session.command[i] = byte));
  session.transmit(apdu.length, isPin ? CommandKind.Pin : CommandKind.Ordinary, card.nowUs);
  run(card, session, () => session.outcome() !== SessionOutcome.Busy);
  const response = Array.from({ length: session.responseLength() }, (_, i) => session.response[i]!);
  return { outcome: session.outcome(), response, fault: session.t1Fault() };
}
