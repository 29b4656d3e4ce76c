/**
 * Runs every portable case on an engine that is not Node: host Lua (board/lua/host.lua) and Espruino.
 * The host puts `port` into the global scope. The last line is read by test/run.ts.
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Report } from "./report.ts";

declare const port: { readonly natives: ByteNatives; line(this: void, text: string): void };

class CountingReport implements Report {
  passed = 0;
  failed = 0;
  part = "";

  equal(actual: number, expected: number, what: string): void {
    if (actual === expected) {
      this.passed++;
    } else {
      this.failed++;
      port.line(`FAIL ${this.part}: ${what}: got ${actual}, want ${expected}`);
    }
  }
}

const report = new CountingReport();

function run(part: string, check: (report: Report, natives: ByteNatives) => void): void {
  report.part = part;
  check(report, port.natives);
}

// One import above and one line here for each test/portable/*.cases.ts; test/toolchain checks that none is missing.

port.line(`${report.passed} passed, ${report.failed} failed`);
