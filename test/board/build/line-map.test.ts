import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { makeLineMap } from "../../../board/build/line-map.ts";
import { readLuac } from "../../../board/build/luac-file.ts";
import { luac } from "./luac-program.ts";

const test = suite("line maps");

/** Lines 1 to 6 of a Lua text: a head of its own, a.ts:1, a.ts:2, nothing, b.ts:3, nothing. */
const MAP = JSON.stringify({
  version: 3,
  sources: ["../../firmware/a.ts", "../../board/b.ts"],
  names: [],
  mappings: ";AAAA;AACA;;ACCA;",
});
const TEXT = "local head = 1\nlocal function f()\n  g()\n  h()\nend\nf()\n";

function placesOf(text: string, map: string): string[][] {
  const { files, functions } = makeLineMap(readLuac(luac(text)), map);
  return functions.map((numbers) => {
    const pairs = Array.from({ length: numbers.length / 2 }, (_, i) => numbers.slice(2 * i, 2 * i + 2));
    return [...new Set(pairs.map(([file, line]) => `${files[file!] ?? "?"}:${line}`))];
  });
}

test("each instruction has the place of its line, or of the last line before it that has one", () => {
  const [main, inner] = placesOf(TEXT, MAP);
  // The function is made at its end, line 5, and called on line 6.
  equal(main, ["firmware/a.ts:0", "board/b.ts:3"]);
  equal(inner, ["firmware/a.ts:2", "board/b.ts:3"]);
});

test("paths are those in the project, wherever the map lies", () => {
  const { files } = makeLineMap(readLuac(luac("")), MAP.replaceAll("../../", "../"));
  equal(files, ["firmware/a.ts", "board/b.ts"]);
});

test("every function and every instruction is in the map", () => {
  const main = readLuac(luac(TEXT));
  const { functions } = makeLineMap(main, MAP);
  equal(
    functions.map((numbers) => numbers.length / 2),
    [main.code.length, main.functions[0]?.code.length],
  );
});

test("lines behind the last one of the map have its place", () => {
  const [main] = placesOf(`${TEXT}\n\n\nf()\n`, MAP);
  is(main?.at(-1), "board/b.ts:3");
});

test.run();
