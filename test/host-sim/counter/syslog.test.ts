/** Records as lines of RFC 5424. */
import { suite } from "uvu";
import { equal, is, match, throws } from "uvu/assert";
import {
  decodeRecord,
  eventName,
  operatorEventName,
  outcomeName,
} from "../../../host-sim/counter/journal-record.ts";
import { recordLine } from "../../../host-sim/counter/record-line.ts";
import { toSyslog } from "../../../host-sim/counter/syslog.ts";

const test = suite("syslog");

function recordOf(head: readonly number[], operator = "", caseNumber = ""): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.set(head);
  bytes.write(operator, 16, "latin1");
  bytes.write(caseNumber, 32, "latin1");
  return new Uint8Array(bytes);
}

function line(...arguments_: Parameters<typeof recordOf>): string {
  return toSyslog("TERMINAL-1", decodeRecord(recordOf(...arguments_)));
}

test("an outcome has its name, its time, its operator and its case", () => {
  is(
    line([7, 0, 0, 0, 0x80, 0xd6, 0x4a, 0x6b, 3, 1, 0, 0, 9, 0, 0, 0x80], "OP-1", "CASE-2026-000001"),
    '<109>1 2027-01-16T02:31:28Z TERMINAL-1 madoguchi - OUTCOME [journal@32473 sequence="7" detail="1" outcome="WRONG" insertion="2147483657" operator="OP-1" case="CASE-2026-000001"]',
  );
});

test("a key's record names the counter whose key it is", () => {
  is(
    line([1, 0, 0, 0, 0, 0, 0, 0, 5, 2], "COUNTER-1"),
    '<109>1 - TERMINAL-1 madoguchi - KEY [journal@32473 sequence="1" detail="2" counter="COUNTER-1"]',
  );
});

test("a record without a time has the NILVALUE; tampering is an alert, the line's events are warnings", () => {
  is(
    line([1, 0, 0, 0, 0, 0, 0, 0, 4]),
    '<105>1 - TERMINAL-1 madoguchi - TAMPER [journal@32473 sequence="1" detail="0"]',
  );
  is(
    line([1, 0, 0, 0, 0, 0, 0, 0, 11, 2, 3, 1]),
    '<108>1 - TERMINAL-1 madoguchi - LINK [journal@32473 sequence="1" detail="2" count="259"]',
  );
});

test("an operator's sign-in is told in words, and a card that is not genuine is a warning", () => {
  const head = [1, 0, 0, 0, 0, 0, 0, 0, 6];
  is(
    line([...head, 1, 0, 0, 3], "OPERATOR-1"),
    '<109>1 - TERMINAL-1 madoguchi - OPERATOR [journal@32473 sequence="1" detail="1" session="signed in" insertion="3" operator="OPERATOR-1"]',
  );
  is(
    line([...head, 4], "OPERATOR-1"),
    '<108>1 - TERMINAL-1 madoguchi - OPERATOR [journal@32473 sequence="1" detail="4" session="not genuine" operator="OPERATOR-1"]',
  );
});

test("a record's line for people says what became of an operator", () => {
  match(
    recordLine(recordOf([1, 0, 0, 0, 0, 0, 0, 0, 6, 3], "OPERATOR-1")),
    /OPERATOR ended, operator OPERATOR-1$/,
  );
});

test("no byte of a record can end a value or a line", () => {
  for (let byte = 1; byte < 256; byte++) {
    const text = line([1, 0, 0, 0, 0, 0, 0, 0, 6], String.fromCharCode(65, byte, 66));
    match(
      text,
      /^<109>1 - TERMINAL-1 madoguchi - OPERATOR \[journal@32473 sequence="1" detail="0" session="operator event 0" operator="[A-Z0-9?-]+"\]$/,
    );
  }
});

test("every number of event and outcome has a name", () => {
  is(eventName(1), "BOOT");
  is(eventName(11), "LINK");
  is(eventName(12), "EVENT-12");
  is(eventName(0), "EVENT-0");
  is(outcomeName(0), "OK");
  is(outcomeName(14), "CHANGE_PARTIAL");
  is(outcomeName(15), "NOT_GENUINE");
  is(outcomeName(16), "OTHER_CARD");
  is(outcomeName(17), "OUTCOME-17");
  equal([1, 2, 3, 4].map(operatorEventName), ["signed in", "signed out", "ended", "not genuine"]);
  is(operatorEventName(5), "operator event 5");
  throws(() => decodeRecord(new Uint8Array(63)), "64 bytes");
});

test.run();
