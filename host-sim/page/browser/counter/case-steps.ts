/** The one sentence that says what to do next in a case. */
import type { CaseState, DeskState, MemberState } from "./messages.ts";
import { language, say, sayOf } from "./words.ts";

/** Of a card that cannot go on as it is, or undefined. */
function obstacle(member: MemberState): string | undefined {
  const { unfit, outcome, proof, maySee, name } = member;
  if (unfit === "abolished") return say("next.no");
  if (unfit !== undefined) return say(`next.${unfit}`);
  if (proof !== "refused") return undefined;
  if (outcome === "BLOCKED") return say(maySee ? "next.blocked-see" : "next.blocked");
  if (outcome === "CHANGE_PARTIAL") return say("next.partial");
  return isAtLastTry(member) ? say("next.last-try", name) : undefined;
}

const FEWER_TRIES: readonly string[] = ["WRONG", "LIMITED"];
/** Finishing a change takes this many, and no last try (docs/protocol.md, ChangePin). */
const TRIES_TO_FINISH = 2;

/** A change begins with full counters alone, and a card has two of them: which one is not full, and what fills it. */
function changeObstacle({ answer, members }: CaseState): string | undefined {
  const [member] = members;
  if (answer === undefined || member?.proof !== "refused") return undefined;
  if (!FEWER_TRIES.includes(answer.outcome)) return undefined;
  if (answer.pinObject === 0) return say("next.change-juki");
  return say(answer.triesLeft === TRIES_TO_FINISH ? "next.change-common" : "next.change-reset");
}

function waiting(members: readonly MemberState[]): string {
  const names = members.map(({ name }) => name);
  return names.length === 1
    ? say("waitingCard", names[0])
    : say("waitingAny", names.join(language() === "ja" ? "、" : ", "));
}

function ofCards(open: CaseState): string {
  const { members, service } = open;
  const unchanged = service === "pin-change" ? changeObstacle(open) : undefined;
  if (unchanged !== undefined) return unchanged;
  const taking = members.filter(({ takesPart }) => takesPart);
  const waits = taking.filter((member) => member.waits);
  const lacking = taking.filter(({ proof }) => proof !== "pin" && proof !== "sight");
  const stopped = lacking.find((member) => obstacle(member) !== undefined);
  if (stopped !== undefined) {
    const text = obstacle(stopped) ?? "";
    return members.length > 1 ? `${text} ${say("next.or-leave", stopped.name)}` : text;
  }
  const [first] = taking;
  if (first === undefined) return say("next.all-out");
  if (members.length > 1) return waiting(waits);
  return sayOf("next", first.way);
}

function ofCardStop({ members, stage }: CaseState): string {
  const state = members[0]?.card?.state;
  if (stage === "done") return say(state === "suspended" ? "next.stopped" : "next.lifted");
  if (state === undefined) return say("next.card-none");
  return say(state === "abolished" ? "next.card-abolished" : "next.card-stop");
}

export function nextSentence(open: CaseState, { phase }: DeskState): string {
  if (phase !== undefined) return say(`phase.${phase}`);
  if (open.isUnheard) return say("next.unheard");
  if (open.stage === "find") return say("next.find");
  if (open.service === "card-stop") return ofCardStop(open);
  if (open.stage === "done" && open.service === "pin-change") return say("next.changed");
  return open.stage === "cards" ? ofCards(open) : say(`next.${open.stage}`);
}

function isAtLastTry({ triesLeft, outcome }: MemberState): boolean {
  return triesLeft === 1 && (outcome === "LIMITED" || outcome === "WRONG");
}

export type CheckKey = "check" | "change" | "finish" | "lastTry";

/** What may be begun at the terminal. Somebody's last try is for the staff to allow, and nobody else's check is meant by that. */
export function checksOf(open: CaseState): readonly CheckKey[] {
  const waits = open.members.filter((member) => member.waits);
  if (waits.length === 0) return [];
  if (open.service === "pin-change") return [mayFinish(open) ? "finish" : "change"];
  const atLast = waits.filter(({ triesLeft, outcome }) => triesLeft === 1 && outcome !== "CARD_ERROR");
  if (atLast.length === 0) return ["check"];
  return atLast.length < waits.length ? ["check", "lastTry"] : ["lastTry"];
}

/** A change that stopped half way, or a card whose two PINs differ: both are mended by finishing it. */
function mayFinish({ members, answer }: CaseState): boolean {
  const isPartial = members.some(({ outcome, waits }) => waits && outcome === "CHANGE_PARTIAL");
  const differ =
    answer?.verdict === "not-ok" && answer.pinObject === 1 && answer.triesLeft === TRIES_TO_FINISH;
  return isPartial || (differ && FEWER_TRIES.includes(answer.outcome));
}
