/** `make cost`: what the firmware costs on the reference board and, in statements, on Espruino. */
import { BUDGETS, dearest, figuresOf } from "./board-figures.ts";
import { stepsOf, tellBoardStory, within, type AskedRequest, type BoardStory } from "./board-run.ts";
import { printStatementCosts } from "./statement-costs.ts";

const PARTS = ["keypad", "card", "line", "sound", "screen"];
const COLUMN = 10;

function row(name: string, values: readonly (number | string)[]): string {
  const columns = values.map((value) =>
    (typeof value === "number" ? Math.round(value).toString() : value).padStart(COLUMN),
  );
  return name.padEnd(20) + columns.join("");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Of what was spent between the first and the last of `requests`, each part's share, and the runtime's; a step's mean. */
function sharesOf(requests: readonly AskedRequest[], steps: number): number[] {
  const [first, last] = [requests[0]!, requests.at(-1)!];
  const parts = PARTS.map((_, part) => last.partInstructions[part]! - first.partInstructions[part]!);
  const rest = parts.reduce((left, one) => left - one, last.instructions - first.instructions);
  return [...parts, rest].map((sum) => sum / steps);
}

function printPhases({ requests, phases }: BoardStory): void {
  console.log("instructions a step: median, dearest, and the mean by part");
  console.log(row("phase", ["steps", "median", "dearest", ...PARTS, "runtime"]));
  for (const phase of phases) {
    const asked = within(requests, phase);
    // The first one of a phase began before it.
    const steps = stepsOf(asked).slice(1);
    if (steps.length === 0) continue;
    const costs = [median(steps.map(({ instructions }) => instructions)), dearest(steps).instructions];
    console.log(row(phase.name, [steps.length, ...costs, ...sharesOf(asked, steps.length)]));
  }
}

function printFigures(story: BoardStory): void {
  console.log(`\n${row("budget", ["now", "at most"])}`);
  const figures = figuresOf(story);
  for (const [name, most] of Object.entries(BUDGETS))
    console.log(row(name, [figures[name as keyof typeof BUDGETS].toFixed(2), most]));
}

const story = tellBoardStory();
printPhases(story);
printFigures(story);
await printStatementCosts();
