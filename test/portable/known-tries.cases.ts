/** What the terminal remembers of tries left: by application and reference, for one insertion, the oldest object first to go. */
import type { ByteNatives } from "../../hal/bytes.ts";
import { keyOf, KnownTries } from "../../firmware/service/known-tries.ts";
import { TRIES_UNKNOWN } from "../../firmware/service/view.ts";
import type { Report } from "./report.ts";

const OBJECTS = 8;

export function checkKnownTries(report: Report, natives: ByteNatives): void {
  const known = new KnownTries(natives);
  known.follow(1);
  report.equal(known.recall(keyOf(0, 0x80)), TRIES_UNKNOWN, "nothing is known at first");
  known.note(keyOf(0xffff, 0x81), 1);
  report.equal(known.recall(keyOf(0xffff, 0x81)), 1, "what was noted");
  report.equal(known.recall(keyOf(0xffff, 0x82)), TRIES_UNKNOWN, "another reference");
  report.equal(known.recall(keyOf(0xfffe, 0x81)), TRIES_UNKNOWN, "another application");
  known.note(keyOf(0xffff, 0x81), TRIES_UNKNOWN);
  report.equal(known.recall(keyOf(0xffff, 0x81)), TRIES_UNKNOWN, "a success sets it back");
  for (let reference = 1; reference < OBJECTS; reference++) known.note(keyOf(0, reference), reference);
  known.note(keyOf(0, 100), 2);
  report.equal(known.recall(keyOf(0, 1)), 1, "the second object is still there");
  known.note(keyOf(0, 101), 3);
  report.equal(known.recall(keyOf(0, 1)), TRIES_UNKNOWN, "the oldest made room");
  known.follow(1);
  report.equal(known.recall(keyOf(0, 101)), 3, "the same insertion");
  known.follow(2);
  report.equal(known.recall(keyOf(0, 101)), TRIES_UNKNOWN, "another insertion");
}
