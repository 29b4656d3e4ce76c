/**
 * What a command of the counter client is: flags, what may stand behind them, and what it does. To add one: a `command({…})` in the
 * module of its family, and one entry in commands.ts.
 */
import type { z } from "zod";

/** How a command ends, as its process's exit code. `NotOk`: the terminal has done it, and its outcome is another than OK. */
export const enum ExitCode {
  Done = 0,
  Failed = 1,
  Usage = 2,
  NotOk = 3,
}

/** Where a command tells something. */
export interface Desk {
  /** What was asked for: `object` as one line of JSON under --json, else `text`. */
  say(object: object, text: string): void;
  /** Beside it, for whoever watches. */
  notice(text: string): void;
}

/** As commander writes it (`--line <where>`), and its help. `repeats`: it may be there several times. */
export type Flag = readonly [words: string, about: string, many?: "repeats"];

/** A checked command line: the options, and what runs with them. */
export interface Ready {
  readonly options: { readonly json: boolean };
  run(desk: Desk): Promise<ExitCode>;
}

export interface CounterCommand {
  readonly about: string;
  /** Behind the list of flags. */
  readonly more: string;
  /** A word without a flag, by the name under which the schema has it. */
  readonly argument: Flag | undefined;
  readonly flags: readonly Flag[];
  /** Throws `FlagRefused`. */
  judge(flags: object): Ready;
}

interface Definition<Schema extends z.ZodType<{ readonly json: boolean }>> {
  readonly about: string;
  readonly more?: string;
  readonly argument?: Flag;
  readonly flags: readonly Flag[];
  readonly schema: Schema;
  run(options: z.output<Schema>, desk: Desk): Promise<ExitCode>;
}

/** What stands behind `flag`, or that it stands there, is refused. */
export class FlagRefused extends Error {
  constructor(
    readonly flag: string,
    cause: string,
  ) {
    super(cause);
  }
}

export function command<Schema extends z.ZodType<{ readonly json: boolean }>>(
  definition: Definition<Schema>,
): CounterCommand {
  const { about, more = "", argument, flags, schema } = definition;
  return {
    ...{ about, more, argument, flags },
    judge(given) {
      const judged = schema.safeParse(given);
      if (judged.success) return { options: judged.data, run: (desk) => definition.run(judged.data, desk) };
      const [issue] = judged.error.issues;
      throw new FlagRefused(kebab(String(issue!.path[0] ?? "")), issue!.message);
    },
  };
}

/** commander's `requestId` is the user's `request-id`. */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
