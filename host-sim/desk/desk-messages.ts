/** What the counter window's tab may say, judged before anything happens. */
import { z } from "zod";
import { LANGUAGE_CODES } from "../world/language-code.ts";
import { PageRefusal } from "../page/page-channel.ts";
import { CASE_SERVICES } from "./services.ts";

const LONGEST_NAME = 64;
const LONGEST_KEY_FILE = 4096;
export const SUSPENSION_REASONS = ["loss", "theft", "other"] as const;

const act = <Name extends string>(name: Name) => z.strictObject({ do: z.literal(name) });
const language = z.enum(LANGUAGE_CODES);
const resident = z.number().int().min(1);

const schema = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("password"),
    login: z.string().min(1).max(LONGEST_NAME),
    password: z.string().min(1).max(LONGEST_NAME),
  }),
  z.strictObject({ do: z.literal("card"), language }),
  act("sign-out"),
  z.strictObject({ do: z.literal("open"), service: z.enum(CASE_SERVICES) }),
  z.strictObject({ do: z.literal("find"), text: z.string().min(1).max(LONGEST_NAME) }),
  z.strictObject({ do: z.literal("choose"), resident }),
  z.strictObject({ do: z.literal("include"), resident, on: z.boolean() }),
  z.strictObject({ do: z.literal("seen"), resident }),
  z.strictObject({
    do: z.literal("check"),
    language,
    /** The card's last try may be used. */
    lastTry: z.boolean(),
    /** Ends a change of a PIN that stopped half way. */
    finish: z.boolean(),
  }),
  act("cancel"),
  act("ask"),
  z.strictObject({ do: z.literal("deliver"), household: z.boolean() }),
  act("close"),
  z.strictObject({ do: z.literal("suspend"), reason: z.enum(SUSPENSION_REASONS) }),
  act("lift"),
  act("stop"),
  act("resume"),
  act("journal"),
  z.strictObject({ do: z.literal("verify"), key: z.string().max(LONGEST_KEY_FILE) }),
  act("here"),
]);

export type DeskMessage = z.infer<typeof schema>;
export type CheckMessage = Extract<DeskMessage, { do: "check" }>;
export type SeatMessage = Extract<DeskMessage, { do: "password" | "card" | "sign-out" | "stop" | "resume" }>;
export type CardMessage = Extract<DeskMessage, { do: "check" | "cancel" | "ask" | "suspend" | "lift" }>;
export type BookMessage = Extract<DeskMessage, { do: "journal" | "verify" }>;
export type CaseMessage = Exclude<DeskMessage, SeatMessage | CardMessage | BookMessage | { do: "here" }>;

/** Throws `PageRefusal`; values are not repeated: one may be a password. */
export function judgeDeskMessage(value: object): DeskMessage {
  const judged = schema.safeParse(value);
  if (judged.success) return judged.data;
  const where = judged.error.issues[0]?.path.join(".") ?? "";
  throw new PageRefusal(where === "" ? "no such message" : `no such message: ${where}`);
}
