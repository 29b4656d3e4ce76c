/** What the terminal's tab may say, judged before anything happens. */
import { z } from "zod";
import { KEY_ORDER } from "../chip/key-matrix.ts";
import { PageRefusal } from "./page-channel.ts";

/** A scenario that is dropped on the page. */
const LONGEST_SCENARIO = 100_000;
const LONGEST_JUMP_S = 3600;
/** Above this hardly a frame comes through. */
const MOST_NOISE = 0.05;
export const SPEEDS = [1, 10] as const;

const key = z.string().refine((text) => text.length === 1 && KEY_ORDER.includes(text));
const act = <Name extends string>(name: Name) => z.strictObject({ do: z.literal(name) });

const schema = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("press"), key }),
  z.strictObject({ do: z.literal("release"), key }),
  z.strictObject({ do: z.literal("insert"), card: z.string().min(1).max(64), fresh: z.boolean() }),
  act("remove"),
  z.strictObject({ do: z.literal("power"), on: z.boolean() }),
  act("case"),
  z.strictObject({ do: z.literal("casekey"), service: z.boolean() }),
  z.strictObject({ do: z.literal("line"), plugged: z.boolean() }),
  z.strictObject({ do: z.literal("noise"), rate: z.number().min(0).max(MOST_NOISE) }),
  z.strictObject({ do: z.literal("jump"), seconds: z.number().int().min(1).max(LONGEST_JUMP_S) }),
  z.strictObject({ do: z.literal("speed"), factor: z.literal(SPEEDS) }),
  z.strictObject({ do: z.literal("hold"), on: z.boolean() }),
  act("step"),
  z.strictObject({ do: z.literal("hex"), n: z.number().int().min(1) }),
  act("screenshot"),
  act("save"),
  z.strictObject({ do: z.literal("replay"), scenario: z.string().min(1).max(LONGEST_SCENARIO).optional() }),
  act("leave"),
]);

export type TerminalMessage = z.infer<typeof schema>;
export type TimeMessage = Extract<TerminalMessage, { do: "jump" | "speed" | "hold" | "step" }>;
export type DeskMessage = Extract<
  TerminalMessage,
  { do: "hex" | "screenshot" | "save" | "replay" | "leave" }
>;
export type HandMessage = Exclude<TerminalMessage, TimeMessage | DeskMessage>;

/** Throws `PageRefusal`; the values are not repeated, they may be somebody's digits. */
export function judgeMessage(value: object): TerminalMessage {
  const judged = schema.safeParse(value);
  if (judged.success) return judged.data;
  const issue = judged.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new PageRefusal(where === "" ? "no such message" : `no such message: ${where}`);
}
