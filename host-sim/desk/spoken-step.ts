/** What the window says at the terminal, as whoever records it hears it: steps of the scenario files. */
import type { CheckRequest } from "../counter/check-calls.ts";

/** Called before it is said, by the names and values of the scenario files' steps; no result stands in it. */
export type SaysStep = (name: string, value?: Readonly<Record<string, unknown>>) => void;

/** Of CheckPin and ChangePin. */
export function stepOf(request: CheckRequest): Parameters<SaysStep> {
  const { requestId, date, operator, caseNumber, language, service, mayUseLastTry, change } = request;
  const asked = { request: requestId, date, operator, case: caseNumber, language };
  if (change === undefined)
    return ["check-pin", { ...asked, service, ...(mayUseLastTry ? { "last-try": "yes" } : {}) }];
  const { birth, finish } = change;
  return [
    "change-pin",
    { ...asked, ...(birth === "" ? {} : { birth }), ...(finish ? { finish: "yes" } : {}) },
  ];
}
