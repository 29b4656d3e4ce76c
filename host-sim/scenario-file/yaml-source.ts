/**
 * YAML 1.2 text as plain strings, lists and mappings (the failsafe schema: `0123` is what was typed, `no` is no boolean), with the line
 * of everything in it. Aliases are refused, so that a small file is never a large scenario.
 */
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Pair,
} from "yaml";
import type { FieldPath, Problem } from "./problem.ts";

const MOST_CHARACTERS = 1_000_000;
/** Of errors of one file that are told. */
const MOST_TOLD = 50;

/** In place of the parser's own. */
const WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "Map keys must be unique; each field stands once",
  MULTIPLE_DOCS: "a file is one scenario: another one begins behind ---; put it into a file of its own",
};

/** What a text holds; strings at its leaves. */
export interface YamlSource {
  readonly value: unknown;
  /** Of what stands at `path`, or of what would hold it. */
  lineOf(path: FieldPath): number;
}

export type YamlRead = { readonly source: YamlSource } | { readonly problems: readonly Problem[] };

/** Never throws. */
export function readYaml(text: string, file: string): YamlRead {
  const wrong = (line: number, cause: string): YamlRead => ({
    problems: [{ file, line, field: "", text: cause }],
  });
  if (text.length > MOST_CHARACTERS)
    return wrong(1, `${text.length} characters are too many for a scenario: at most ${MOST_CHARACTERS}`);
  if (text.includes("\0")) return wrong(1, "this is no text: it holds a character 0");
  try {
    return parsed(text, file);
  } catch (error) {
    return wrong(1, `this cannot be read as YAML: ${causeOf(String(error))}`);
  }
}

function parsed(text: string, file: string): YamlRead {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, schema: "failsafe", prettyErrors: false });
  const lineAt = (offset: number): number => Math.max(1, counter.linePos(offset).line);
  const problems = [...document.errors, ...document.warnings].map(({ pos, code, message }) => ({
    file,
    line: lineAt(pos[0]),
    field: "",
    text: WORDS[code] ?? causeOf(message),
  }));
  if (document.contents === null)
    problems.push({ file, line: 1, field: "", text: "it is empty: a scenario has a name and steps in when" });
  visit(document, {
    Alias: (_key, { range, source }) => {
      const line = lineAt(range?.[0] ?? 0);
      problems.push({ file, line, field: "", text: `*${source}: a scenario has no aliases; write it out` });
      // One is as good as all of them.
      return visit.BREAK;
    },
  });
  visit(document, {
    Pair: (_key, { key }) => {
      if (isScalar(key) || isAlias(key)) return;
      const line = lineAt(isNode(key) ? (key.range?.[0] ?? 0) : 0);
      problems.push({ file, line, field: "", text: "the name of a field is a word" });
    },
  });
  if (problems.length > 0) return { problems: problems.slice(0, MOST_TOLD) };
  const source: YamlSource = {
    value: document.toJS() as unknown,
    lineOf: (path) => lineAt(offsetOf(document, path)),
  };
  return { source };
}

/** The parser goes down into each level, and notices itself that it has no stack any more. */
function causeOf(message: string): string {
  return /call stack/.test(message) ? "it is nested too deep" : message.replace(/\s+/g, " ");
}

/** Where the key of a field stands, or the element of a list; for what is not there, the deepest place that is. */
function offsetOf(document: Document.Parsed, path: FieldPath): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const step of path) {
    const pair: Pair | undefined = isMap(node)
      ? node.items.find(({ key }) => keyOf(key) === step)
      : undefined;
    const next: unknown = pair === undefined ? childOf(node, step) : pair.value;
    const told: unknown = pair?.key ?? next;
    if (!isNode(told)) return offset;
    offset = told.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}

function keyOf(key: unknown): unknown {
  return isScalar(key) ? key.value : key;
}

function childOf(node: unknown, step: string | number): unknown {
  if (typeof step !== "number" || !isNode(node) || isAlias(node) || !("items" in node)) return undefined;
  return (node.items as readonly unknown[])[step];
}
