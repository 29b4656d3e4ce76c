/** Small programs as `luac5.4` compiles them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The bytecode of a Lua text. */
export function luac(text: string, ...options: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "madoguchi-test-"));
  try {
    const [source, bytecode] = [join(folder, "program.lua"), join(folder, "program.luac")];
    writeFileSync(source, text);
    execFileSync("luac5.4", [...options, "-o", bytecode, source]);
    return readFileSync(bytecode);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A long string, constants of every kind, upvalues from two levels, a variable number of arguments, nested functions. */
export const PROGRAM = `local long = "${"long ".repeat(20)}"
local count = 0
local function outer(a, b, ...)
  local list = { 1.5, 0x123456789abcdef, "short", long, nil, true, false, ... }
  return function(c)
    count = count + a
    return list[c] or b
  end
end
local function other() return "short" end
return outer, other
`;
