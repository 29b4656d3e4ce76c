/** The proof notices: copies of the firmware that are wrong about a lost card have bad cut points. */
import { suite } from "uvu";
import { ok } from "uvu/assert";
import { importPatched, type Patch } from "../patched-terminal.ts";
import { WAYS } from "./cut-run.ts";
import type * as Sweeps from "./sweep.ts";

const test = suite("every-byte-holes");

const SECURE = "firmware/service/secure-service.ts";
const SLOT = "firmware/driver/card-slot.ts";
const RIGHT = "a right PIN of an unknown application";
const KNOWN = "a wrong PIN of a known object";

interface Hole {
  readonly name: string;
  readonly exchange: string;
  /** What must be found. */
  readonly finding: string;
  readonly patches: readonly Patch[];
}

const HOLES: readonly Hole[] = [
  {
    name: "says that no try was used when it cannot know",
    exchange: KNOWN,
    finding: "the page denies a try that was used",
    patches: [
      {
        file: SECURE,
        from: "!this.parts.session.isPresent() && page !== Page.Unknown;",
        to: "!this.parts.session.isPresent();",
      },
    ],
  },
  {
    name: "takes a command for unsent until its last character",
    exchange: KNOWN,
    finding: "the page is removed",
    patches: [
      {
        file: "firmware/driver/t1-exchange.ts",
        from: "if (this.sendsLast && this.link.hasLeft) this.lastLeft = true;",
        to: "if (this.state === T1State.Receiving) this.lastLeft = true;",
      },
    ],
  },
  {
    name: "keeps the command that a lost card was sent",
    exchange: RIGHT,
    finding: "a PIN stays in memory",
    patches: [
      {
        file: SECURE,
        from: "this.prompt.stop(); this.parts.session.wipe();",
        to: "this.prompt.stop();",
      },
    ],
  },
  {
    name: "switches the contacts off a millisecond late",
    exchange: RIGHT,
    finding: "the firmware did not switch off in the same step",
    patches: [
      {
        file: SLOT,
        from: "case SlotState.Interrupted: this.contactsOff();",
        to: "case SlotState.Interrupted:",
      },
      {
        file: SLOT,
        from: "private judgeInterruption(nowUs: number): void {",
        to: "private judgeInterruption(nowUs: number): void { this.contactsOff();",
      },
    ],
  },
  {
    name: "sends a confirmed PIN twice",
    exchange: RIGHT,
    finding: "2 PIN commands",
    patches: [
      {
        file: SECURE,
        from: "if (outcome === SessionOutcome.Done) this.finishWith(",
        to: `Reflect.set(this, "twice", Reflect.get(this, "twice") !== true);
          if (outcome === SessionOutcome.Done && Reflect.get(this, "twice") === true) this.send(nowUs);
          else if (outcome === SessionOutcome.Done) this.finishWith(`,
      },
    ],
  },
];

for (const [at, hole] of HOLES.entries()) {
  test(`a terminal that ${hole.name} is caught`, async () => {
    const module = await importPatched<typeof Sweeps>(`hole-${at}`, "test/every-byte/sweep.ts", hole.patches);
    let findings: readonly string[];
    try {
      findings = module.sweep(module.exchangeNamed(hole.exchange), [WAYS.pulled]).findings;
    } catch (error) {
      findings = [String(error)];
    }
    ok(
      findings.some((each) => each.includes(hole.finding)),
      findings.slice(0, 5).join("; "),
    );
  });
}

test.run();
