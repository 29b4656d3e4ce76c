/** A run that somebody has made at the page, as the text of a scenario's file. */
import type { SimOptions } from "../cli/options.ts";
import type { TerminalAction, TimedAction } from "./action-log.ts";

const HEAD = `# Saved at the simulator's page. Every key that was typed is in it, digits too: model cards only.
# What a counter said over a sealed line is not: nobody can say it once more.
name: saved at the page`;

/** Names of the deck and of keys need quotes at most. */
const quoted = (text: string): string => JSON.stringify(text);

function stepText(action: TerminalAction): string {
  switch (action.do) {
    case "insert":
      return action.fresh
        ? `insert: { card: ${quoted(action.card)}, fresh: yes }`
        : `insert: ${quoted(action.card)}`;
    case "remove":
      return 'remove: ""';
    case "keys":
      return `keys: { press: ${quoted(action.keys)}, every: ${action.everyMs}ms }`;
    case "press":
      return `key-down: ${quoted(action.key)}`;
    case "release":
      return `key-up: ${quoted(action.key)}`;
    case "power":
      return `power: ${action.on ? "on" : "off"}`;
    case "line":
      return `line: ${action.plugged ? "plugged" : "unplugged"}`;
    case "noise":
      return `noise: ${Number((100 * action.rate).toFixed(6))}%`;
    case "line-sends":
      return `line-sends: ${quoted(action.hex)}`;
    case "case":
      return 'open-case: ""';
    case "casekey":
      return `case-key: ${action.service ? "service" : "back"}`;
  }
}

/** Of what was done to a terminal that began as `options` say. */
export function scenarioText(options: SimOptions, actions: readonly TimedAction[]): string {
  const { mode, lang, seed } = options;
  const given = [`mode: ${mode}`, `language: ${lang}`, `seed: ${seed}`, "counter: absent"];
  const steps = actions.map(({ timeMs, action }) => `  - { at: ${timeMs}ms, ${stepText(action)} }`);
  const list = steps.length === 0 ? ["when: []"] : ["when:", ...steps];
  return [HEAD, "given:", ...given.map((line) => `  ${line}`), ...list, ""].join("\n");
}
