/**
 * Runs every portable case on an engine that is not Node: host Lua (board/lua/host.lua), the Espruino bundle, the reference board.
 * The host puts `port` into the global scope. The last line is read by test/runner/portable-parts.ts.
 * One import and one `cases.run(…)` for each check of test/portable/*.cases.ts; test/toolchain sees that none is missing.
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";
import type { Rom } from "../../hal/rom.ts";
import { checkBytes } from "./bytes.cases.ts";
import { checkCcid } from "./ccid.cases.ts";
import { checkCommandApdu } from "./command-apdu.cases.ts";
import { checkGemPcFrame } from "./gempc-frame.cases.ts";
import { checkBusMemory } from "./bus-memory.cases.ts";
import { checkFram } from "./fram.cases.ts";
import { checkPinBlock } from "./pin-block.cases.ts";
import { checkSecureRequest } from "./secure-request.cases.ts";
import { checkT1Host } from "./t1-host.cases.ts";
import { checkItemList } from "./item-list.cases.ts";
import { checkJournal } from "./journal.cases.ts";
import { checkKnownTries } from "./known-tries.cases.ts";
import { checkLedger } from "./ledger.cases.ts";
import { checkPageLayers } from "./page-layers.cases.ts";
import { checkSharpLcd } from "./sharp-lcd.cases.ts";
import { checkAesCcm } from "./aes-ccm.cases.ts";
import { checkAtr } from "./atr.cases.ts";
import { checkCrc16 } from "./crc16.cases.ts";
import { checkCrypto } from "./crypto.cases.ts";
import { checkHkdfSha256 } from "./hkdf-sha256.cases.ts";
import { checkHmacDrbg } from "./hmac-drbg.cases.ts";
import { checkHmacSha256 } from "./hmac-sha256.cases.ts";
import { checkT1Block } from "./t1-block.cases.ts";
import { checkBuzzer } from "./buzzer.cases.ts";
import { checkKeypad } from "./keypad.cases.ts";
import { checkNoiseHealth } from "./noise-health.cases.ts";
import { checkT1Parameters } from "./t1-parameters.cases.ts";
import { checkCardContext } from "./card-context.cases.ts";
import { checkEscapes, checkResetEscape } from "./escapes.cases.ts";
import { checkFirewall } from "./firewall.cases.ts";
import { checkPageTones } from "./page-tones.cases.ts";
import { checkPinEntry } from "./pin-entry.cases.ts";
import { checkPinObjects } from "./pin-objects.cases.ts";
import { checkPinTarget } from "./pin-target.cases.ts";
import { checkRom } from "./rom.cases.ts";
import { checkStore } from "./store.cases.ts";
import { checkStoredResult } from "./stored-result.cases.ts";
import { checkStaleLines } from "./stale-lines.cases.ts";
import type { Report } from "./report.ts";

declare const port: {
  readonly natives: ByteNatives;
  /** The page ROM; where there are files, what reads it from one. */
  readonly rom?: Rom | ((this: void, path: string) => Rom);
  readonly crypto?: Crypto;
  line(this: void, text: string): void;
  /** Where the host waits for it: all cases have run. */
  readonly end?: (this: void) => void;
};

class Cases implements Report {
  private passed = 0;
  private failed = 0;
  private part = "";

  run(part: string, check: (report: Report, natives: ByteNatives) => void): void {
    this.part = part;
    check(this, port.natives);
  }

  equal(actual: number, expected: number, what: string): void {
    if (actual === expected) {
      this.passed++;
    } else {
      this.failed++;
      port.line(`FAIL ${this.part}: ${what}: got ${actual}, want ${expected}`);
    }
  }

  /** Told by the runner: what this engine does not lend cannot be shown here. */
  skip(part: string): void {
    port.line(`not run: ${part}`);
  }

  finish(): void {
    port.line(`${this.passed} passed, ${this.failed} failed`);
    if (port.end !== undefined) port.end();
  }
}

const cases = new Cases();
cases.run("bytes", checkBytes);
cases.run("item-list", checkItemList);
cases.run("stale-lines", checkStaleLines);
cases.run("page-layers", checkPageLayers);
cases.run("sharp-lcd", checkSharpLcd);
cases.run("atr", checkAtr);
cases.run("crc16", checkCrc16);
cases.run("t1-block", checkT1Block);
cases.run("ccid", checkCcid);
cases.run("command-apdu", checkCommandApdu);
cases.run("gempc-frame", checkGemPcFrame);
cases.run("pin-block", checkPinBlock);
cases.run("secure-request", checkSecureRequest);
cases.run("t1-host", checkT1Host);
cases.run("buzzer", checkBuzzer);
cases.run("keypad", checkKeypad);
cases.run("noise-health", checkNoiseHealth);
cases.run("t1-parameters", checkT1Parameters);
cases.run("card-context", checkCardContext);
cases.run("escapes", checkEscapes);
cases.run("escapes", checkResetEscape);
cases.run("firewall", checkFirewall);
cases.run("page-tones", checkPageTones);
cases.run("pin-entry", checkPinEntry);
cases.run("pin-objects", checkPinObjects);
cases.run("pin-target", checkPinTarget);
cases.run("known-tries", checkKnownTries);
cases.run("bus-memory", checkBusMemory);
cases.run("fram", checkFram);
cases.run("store", checkStore);
const rom = typeof port.rom === "function" ? port.rom("build/rom/rom.bin") : port.rom;
if (rom !== undefined) cases.run("rom", (report, natives) => checkRom(report, natives, rom));
else cases.skip("rom");
const crypto = port.crypto;
if (crypto !== undefined) {
  cases.run("crypto", (report, natives) => checkCrypto(report, natives, crypto));
  cases.run("hmac-sha256", (report, natives) => checkHmacSha256(report, natives, crypto));
  cases.run("hkdf-sha256", (report, natives) => checkHkdfSha256(report, natives, crypto));
  cases.run("aes-ccm", (report, natives) => checkAesCcm(report, natives, crypto));
  cases.run("hmac-drbg", (report, natives) => checkHmacDrbg(report, natives, crypto));
  cases.run("journal", (report, natives) => checkJournal(report, natives, crypto));
  cases.run("ledger", (report, natives) => checkLedger(report, natives, crypto));
  cases.run("stored-result", (report, natives) => checkStoredResult(report, natives, crypto));
} else cases.skip("crypto and what is built of it");
cases.finish();
