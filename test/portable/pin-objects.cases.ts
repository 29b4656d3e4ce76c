/** AIDs: the whole one is known, no part of it, nothing longer and no neighbour is; and the commands that select them. */
import type { ByteNatives } from "../../hal/bytes.ts";
import {
  Application,
  applicationOf,
  isKnown,
  writeRetryQuery,
  writeSelectApplication,
  writeSelectFile,
} from "../../firmware/service/pin-objects.ts";
import { AIDS } from "../vectors/aids.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

const UNKNOWN_AID = [0xa0, 0x00, 0x00, 0x09, 0x99, 0x4d, 0x47, 0x01];

/** Which known application has exactly this AID, else `Other`. */
function exactly(aid: readonly number[]): Application {
  for (let known = 0; known < AIDS.length; known++) {
    let same = 0;
    for (let i = 0; i < 10; i++) if (AIDS[known][i] === aid[i]) same++;
    if (same === 10) return Application.Juki + known;
  }
  return Application.Other;
}

function checkAids(report: Report, natives: ByteNatives): void {
  for (let known = 0; known < AIDS.length; known++) {
    const aid = AIDS[known];
    const name = "AID " + known;
    const longer = natives.allocate(12);
    for (let i = 0; i < 10; i++) longer[1 + i] = aid[i];
    report.equal(applicationOf(longer, 1, 10), Application.Juki + known, name);
    for (let length = 0; length < 10; length++) {
      report.equal(applicationOf(longer, 1, length), Application.Ambiguous, name + ", its first " + length);
    }
    for (let more = 0; more < 256; more++) {
      longer[11] = more;
      report.equal(applicationOf(longer, 1, 11), Application.Ambiguous, name + " and a byte " + more);
    }
    checkNeighbours(report, natives, aid);
  }
  report.equal(
    applicationOf(bytesOf(natives, UNKNOWN_AID), 0, 8),
    Application.Other,
    "an AID of nobody we know",
  );
}

/** Every AID that differs in one byte is another's or nobody's. */
function checkNeighbours(report: Report, natives: ByteNatives, aid: readonly number[]): void {
  let wrong = 0;
  for (let at = 0; at < 10; at++) {
    for (let value = 0; value < 256; value++) {
      const other: number[] = [];
      for (let i = 0; i < 10; i++) other.push(i === at ? value : aid[i]);
      if (applicationOf(bytesOf(natives, other), 0, 10) !== exactly(other)) wrong++;
    }
  }
  report.equal(wrong, 0, "AIDs that differ in one byte and are taken for another");
}

function checkCommands(report: Report, natives: ByteNatives): void {
  const into = natives.allocate(20);
  for (let known = 0; known < AIDS.length; known++) {
    const application = Application.Juki + known;
    const select = [0x00, 0xa4, 0x04, 0x0c, 0x0a];
    for (const byte of AIDS[known]) select.push(byte);
    const length = writeSelectApplication(application, into);
    sameBytes(report, "our own SELECT", { bytes: into, length }, select);
    report.equal(isKnown(application) ? 1 : 0, 1, "an application that we select");
  }
  for (const other of [Application.None, Application.Other, Application.Ambiguous]) {
    report.equal(isKnown(other) ? 1 : 0, 0, "no application to select");
  }
  const fileLength = writeSelectFile(0x2001, into);
  sameBytes(
    report,
    "a file",
    { bytes: into, length: fileLength },
    [0x00, 0xa4, 0x02, 0x0c, 0x02, 0x20, 0x01],
  );
  const queryLength = writeRetryQuery(into);
  sameBytes(report, "the query", { bytes: into, length: queryLength }, [0x00, 0x20, 0x00, 0x80]);
}

export function checkPinObjects(report: Report, natives: ByteNatives): void {
  checkAids(report, natives);
  checkCommands(report, natives);
}
