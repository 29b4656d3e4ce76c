/** The list of sealed images: every class, instruction and first parameter in every application, against a list of its own. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { CommandApdu } from "../../firmware/protocol/command-apdu.ts";
import { judgeListed } from "../../firmware/service/allow-list.ts";
import { CardContext } from "../../firmware/service/card-context.ts";
import { Verdict } from "../../firmware/service/firewall.ts";
import { Application } from "../../firmware/service/pin-objects.ts";
import {
  COMMON_AID,
  JPKI_AID,
  JUKI_AID,
  SURFACE_INPUT_AID,
} from "../../host-sim/card/apps/my-number-card.ts";
import { OPERATOR_AID } from "../../host-sim/card/apps/operator-card.ts";

const test = suite("allow-list");
const EVERY_P1 = "xx";
/** CLA INS P1, as docs/security.md has them. */
const EVERYWHERE = [`00 20 ${EVERY_P1}`, `00 84 ${EVERY_P1}`, `00 ca ${EVERY_P1}`, "00 a4 02"];
const LISTED: readonly (readonly [Application, readonly string[]])[] = [
  [Application.None, []],
  [Application.Other, []],
  [Application.Ambiguous, []],
  [Application.Operator, []],
  [Application.Juki, [...EVERYWHERE, `00 b2 ${EVERY_P1}`, `00 88 ${EVERY_P1}`]],
  [Application.Common, [...EVERYWHERE, `00 b2 ${EVERY_P1}`, `00 88 ${EVERY_P1}`]],
  [Application.SurfaceInput, [...EVERYWHERE, `00 b0 ${EVERY_P1}`]],
  [Application.Jpki, [...EVERYWHERE, `00 b0 ${EVERY_P1}`, `80 2a ${EVERY_P1}`]],
];

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function contextIn(application: Application): CardContext {
  const context = new CardContext();
  context.choose(application, 0x001c);
  return context;
}

/** The first parameters with which class and instruction pass. */
function waysOf(cla: number, ins: number, context: CardContext): string[] {
  const apdu = Object.assign(new CommandApdu(), { cla, ins });
  const raw = new Uint8Array(4);
  const ways: string[] = [];
  for (apdu.p1 = 0; apdu.p1 < 256; apdu.p1++)
    if (judgeListed(apdu, raw, context) === Verdict.Pass)
      ways.push(`${hex(cla)} ${hex(ins)} ${hex(apdu.p1)}`);
  return ways;
}

test("in every application exactly what is listed passes, of 256 × 256 × 256 classes, instructions and P1", () => {
  let passed = 0;
  for (const [application, listed] of LISTED) {
    const found: string[] = [];
    for (let header = 0; header < 0x10000; header++) {
      const ways = waysOf(header >> 8, header & 255, contextIn(application));
      passed += ways.length;
      found.push(...(ways.length === 256 ? [ways[0]!.replace(/..$/, EVERY_P1)] : ways));
    }
    equal(found.sort(), [...listed].sort(), `application ${application}`);
  }
  // Each full row is 256, SELECT of a file 1.
  is(passed, 4 * (3 * 256 + 1) + 7 * 256);
});

test("a SELECT by name passes for the whole names of the terminal's applications alone, whatever is selected", () => {
  const known = [JUKI_AID, COMMON_AID, SURFACE_INPUT_AID, JPKI_AID];
  const others = [
    "",
    "D3",
    "D3921000310001010402",
    "A0000001510000",
    "A0000009994D4701",
    OPERATOR_AID,
    ...known.flatMap((name) => [name.slice(0, -2), `${name}00`]),
  ];
  for (const [application] of LISTED) {
    const context = contextIn(application);
    const verdictOf = (name: string): Verdict => {
      const data = Buffer.from(name, "hex");
      const apdu = Object.assign(new CommandApdu(), { ins: 0xa4, p1: 4, dataAt: 5, dataLength: data.length });
      return judgeListed(apdu, Buffer.concat([Buffer.alloc(5), data]), context);
    };
    for (const name of known) is(verdictOf(name), Verdict.Pass, name);
    for (const name of others) is(verdictOf(name), Verdict.NotFound, name);
  }
});

test.run();
