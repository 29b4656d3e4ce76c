/** What a PC/SC program does at the bench image's line. */
import { z } from "zod";
import { ScenarioFailure } from "../scenario/scenario.ts";
import { PLACE_NAMES, type ProgramEnd } from "./program-end.ts";
import type { Stage } from "./stage.ts";
import { OPEN, step, type StepRow } from "./step.ts";
import { hex, oneOf } from "./values.ts";
import { nothing } from "./world-steps.ts";

function deed<T>(schema: z.ZodType<T>, run: (program: ProgramEnd, value: T) => void): StepRow {
  return step({
    schema,
    modes: OPEN,
    run(value, { program }: Stage) {
      if (program === undefined) throw new ScenarioFailure("no program is at this line");
      run(program, value);
    },
  });
}

export const PROGRAM_STEPS: Readonly<Record<string, StepRow>> = {
  "card-on": deed(nothing, (program) => program.powerOn()),
  "card-off": deed(nothing, (program) => program.powerOff()),
  /** The application of one of the card's PINs, and the PIN's file in it. */
  select: deed(oneOf("PIN of a card", PLACE_NAMES), (program, place) => program.select(place)),
  apdu: deed(hex("a command in hexadecimal digits", /^([0-9a-fA-F]{2}){4,300}$/), (program, command) =>
    program.apdu(command),
  ),
  /** The terminal asks for the PIN that is selected; `finish` waits for what came of it. */
  verify: deed(nothing, (program) => program.verify()),
  finish: deed(nothing, (program) => program.finish()),
  /** After a restart of the terminal: what the driver has not read is gone. */
  discard: deed(nothing, (program) => program.discard()),
};
