/** The searches of the sealed image notice: images with holes made on purpose in the compiled program. */
import { suite } from "uvu";
import { match, ok } from "uvu/assert";
import { otherPin } from "../../host-sim/scenario/entry-cards.ts";
import { storyNamed } from "../interference/told-stories.ts";
import { tellCheckWatched } from "./check-run.ts";
import { differencesOf } from "./compare-memory.ts";
import { buildHoleIn, type Hole } from "./hole-build.ts";
import { SEALED_FOLDER, SEALED_IMAGE } from "./sealed-image.ts";
import { SealedSession, SESSION_ENDS } from "./sealed-sessions.ts";

const test = suite("leaks of the sealed image");
const PIN = "9071";

const WIPE = "self.natives:wipe";
/** What is found in memory when `close_notify` has ended the session. */
const KEY_LEAKS: readonly (Hole & { readonly found: string })[] = [
  {
    name: "the traffic keys are not wiped",
    from: `${WIPE}(self.key)\n    ${WIPE}(self.iv)\n`,
    to: `${WIPE}(self.iv)\n`,
    found: "traffic key",
  },
  {
    name: "the pair key is not wiped",
    from: `begin(self.psk)\n    ${WIPE}(self.psk)\n`,
    to: "begin(self.psk)\n    kept = self.natives:allocate(32)\n    self.natives:copy(self.psk, 0, kept, 0, 32)\n",
    found: "pair key",
  },
  {
    name: "the key-encryption key is not wiped",
    from: `ccm:setKey(self.kek)\n    ${WIPE}(self.kek)\n    self.natives:copy(\n`,
    to: "ccm:setKey(self.kek)\n    self.natives:copy(\n",
    found: "key-encryption key",
  },
];

for (const [number, leak] of KEY_LEAKS.entries()) {
  test(`caught: ${leak.name}`, async () => {
    const image = await buildHoleIn(SEALED_IMAGE.program, SEALED_FOLDER, { ...leak, name: `keys-${number}` });
    const session = new SealedSession(image);
    session.host.open();
    const shared = session.shared();
    SESSION_ENDS[0]!.end(session);
    const found = session.found(shared);
    session.close();
    ok(
      found.some((each) => each.startsWith(leak.found)),
      found.join(", "),
    );
  });
}

test("caught: a check whose entry is not wiped", async () => {
  const hole = { name: "entry", from: `${WIPE}(self.buffer)`, to: "self.natives:fill(self.buffer, 0, 0, 0)" };
  const image = await buildHoleIn(SEALED_IMAGE.program, SEALED_FOLDER, hole);
  const story = storyNamed("取消 after three digits");
  const [one, other] = [PIN, otherPin(PIN)].map((pin) => tellCheckWatched(story, pin, image));
  match(differencesOf(one!, other!).join("\n"), /end: \d+ bytes differ/);
});

test.run();
