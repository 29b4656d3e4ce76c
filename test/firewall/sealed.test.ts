/** The firewall stands on the sealed image's PC/SC path too, a check's card is the check's alone, and without Hello there is nothing. */
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";
import { importPatched, type Patch } from "../patched-terminal.ts";
import type * as Attacks from "./sealed-attacks.ts";
import {
  byDisguises,
  byMessagesInCheck,
  byPlainCommands,
  bySecure,
  bySecureUnselected,
  bySessionWithoutHello,
  type Attacked,
} from "./sealed-attacks.ts";

const test = suite("firewall of the sealed image");

function judge(what: string, { count, breaches }: Attacked): void {
  console.log(`\n${count} ${what}, ${breaches.length} breaches`);
  equal(breaches.slice(0, 5), []);
}

test("no instruction in sixteen classes touches a PIN", () => {
  judge("commands through a sealed session", byPlainCommands());
});

test("no disguise carries one to the card", () => {
  judge("disguises through a sealed session", byDisguises());
});

test("Secure begins an entry for what the bench image begins one for", () => {
  judge("Secure requests through a sealed session", bySecure());
});

test("Secure begins no entry while no known application is selected", () => {
  judge("Secure requests without a known application", bySecureUnselected());
});

test("no message reaches the card that a check has", () => {
  judge("messages in the middle of a check", byMessagesInCheck());
});

test("without Hello no command is done and no message is the reader's", () => {
  judge("messages of a session without Hello", bySessionWithoutHello());
});

interface Hole {
  readonly name: string;
  readonly by: (attacks: typeof Attacks) => Attacked;
  readonly patches: readonly Patch[];
  readonly seen: string;
}

const SESSION = "firmware/service/counter-session.ts";
const HOLES: readonly Hole[] = [
  {
    name: "firewall and list let PIN commands pass",
    by: (attacks) => attacks.byPlainCommands([0x00]),
    patches: [
      {
        file: "firmware/service/firewall.ts",
        from: "if (isPinInstruction(apdu.ins)) return",
        to: "if (false) return",
      },
      { file: "firmware/service/allow-list.ts", from: "const isListed =", to: "const isListed = true ||" },
    ],
    seen: "a PIN command on the wire",
  },
  {
    name: "a PIN without a name is asked for",
    by: (attacks) => attacks.bySecureUnselected(),
    patches: [
      {
        file: "firmware/service/secure-service.ts",
        from: "if (this.parts.knownAlone &&",
        to: "if (false &&",
      },
    ],
    seen: "an entry began",
  },
  {
    name: "messages in a check are the reader's",
    by: (attacks) => attacks.byMessagesInCheck(),
    patches: [
      {
        file: SESSION,
        from: "else if (commands.isBusy()) commands.whileBusy",
        to: "else if (false) commands.whileBusy",
      },
    ],
    seen: "is not refused",
  },
  {
    name: "a session needs no Hello",
    by: (attacks) => attacks.bySessionWithoutHello(),
    patches: [
      {
        file: SESSION,
        from: "if (this.stage === Stage.Confirmed) {",
        to: "if (this.stage !== Stage.Over) {",
      },
    ],
    seen: "is not refused",
  },
];

for (const [at, hole] of HOLES.entries()) {
  test(`a hole is caught: ${hole.name}`, async () => {
    const entry = "test/firewall/sealed-attacks.ts";
    const attacks = await importPatched<typeof Attacks>(`sealed-firewall-${at}`, entry, hole.patches);
    const { breaches } = hole.by(attacks);
    ok(
      breaches.some((breach) => breach.includes(hole.seen)),
      JSON.stringify(breaches.slice(0, 3)),
    );
  });
}

test.run();
