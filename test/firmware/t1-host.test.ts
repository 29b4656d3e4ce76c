import fc from "fast-check";
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { HostVerdict, T1Host } from "../../firmware/protocol/t1-host.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { T1InterfaceDevice } from "../../host-sim/host/t1-interface-device.ts";
import { checkT1Host } from "../portable/t1-host.cases.ts";

const test = suite("t1-host");

/** What a card says to a command in these tests. */
function responseTo(command: Uint8Array): Uint8Array {
  return Uint8Array.of(...command.toReversed(), 0x90, 0x00);
}

function poweredHost(usesCrc = false): T1Host {
  const host = new T1Host(NODE_NATIVES);
  host.reset(usesCrc);
  return host;
}

/** One XfrBlock; a complete command is executed at once and counted. */
function exchange(host: T1Host, block: Uint8Array, executed: Uint8Array[]): Uint8Array {
  if (host.receive(block, block.length) === HostVerdict.CommandComplete) {
    const command = Uint8Array.from(host.command as Uint8Array).slice(0, host.commandLength);
    executed.push(command);
    const response = responseTo(command);
    host.respond(response, response.length);
  }
  return Uint8Array.from(host.answer as Uint8Array).slice(0, host.answerLength);
}

test("the card's end of T=1 answers each block as ISO/IEC 7816-3 clause 11 says", () => {
  checkT1Host({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

for (const checksum of ["lrc", "crc"] as const) {
  test(`libccid's end and ours carry every APDU once over a line with errors (${checksum})`, () => {
    const apdus = fc.array(fc.uint8Array({ minLength: 4, maxLength: 700 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        apdus,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom(5, 32, 254),
        (commands, gaps, ifsc) => {
          const host = poweredHost(checksum === "crc");
          const executed: Uint8Array[] = [];
          let untilError = 6 + (gaps[0] ?? 9999);
          const line = (block: Uint8Array): Uint8Array => {
            const bytes = Uint8Array.from(block);
            if (--untilError > 0) return bytes;
            // Two errors are at least five blocks apart: more would make the host use S(RESYNCH).
            untilError = 6 + ((gaps.shift() ?? 9999) % 12);
            bytes[untilError % bytes.length]! ^= 0x55;
            return bytes;
          };
          const device = new T1InterfaceDevice((block) => line(exchange(host, line(block), executed)));
          device.reset({ ifsc, checksum });
          device.negotiateIfsd(254);
          for (const command of commands) equal(device.transceive(command), responseTo(command));
          equal(executed, commands);
        },
      ),
      { numRuns: 150 },
    );
  });
}

/** One act of a host, honest or not. */
type Act =
  | {
      kind: "information";
      more: boolean;
      data: Uint8Array;
      fault: "none" | "edc" | "nad" | "sequence" | "length";
    }
  | { kind: "receive"; wanted: number; reason: number }
  | { kind: "supervisory"; pcb: number }
  | { kind: "secure"; refused: boolean };

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant("information" as const),
    more: fc.boolean(),
    data: fc.uint8Array({ maxLength: 80 }),
    fault: fc.constantFrom("none", "none", "none", "edc", "nad", "sequence", "length"),
  }),
  fc.record({ kind: fc.constant("receive" as const), wanted: fc.nat(1), reason: fc.nat(2) }),
  fc.record({
    kind: fc.constant("supervisory" as const),
    pcb: fc.constantFrom(0xc0, 0xc1, 0xc2, 0xc3, 0xe1),
  }),
  fc.record({ kind: fc.constant("secure" as const), refused: fc.boolean() }),
);

/** What a standard's reader expects of the receiving direction: the next N(S) and the command collected so far. */
class Model {
  sequence = 0;
  open: number[] | undefined;
  fetching = false;
  readonly commands: number[][] = [];

  take(act: Act): void {
    if (act.kind === "supervisory" && act.pcb === 0xc0) this.sequence = 0;
    if (act.kind === "supervisory" && (act.pcb === 0xc0 || act.pcb === 0xc2)) this.open = undefined;
    if (act.kind === "secure" && !act.refused && this.open === undefined && !this.fetching)
      this.sequence ^= 1;
    if (act.kind !== "information" || act.fault !== "none" || this.fetching) return;
    this.sequence ^= 1;
    this.open = [...(this.open ?? []), ...act.data];
    if (act.more) return;
    this.commands.push(this.open);
    this.open = undefined;
  }
}

function blockOf(device: T1InterfaceDevice, act: Act, sequence: number): Uint8Array {
  if (act.kind === "receive") return device.seal(0x80 | (act.wanted << 4) | act.reason, new Uint8Array());
  if (act.kind === "supervisory") {
    const hasValue = act.pcb === 0xc1 || act.pcb === 0xc3 || act.pcb === 0xe1;
    return device.seal(act.pcb, hasValue ? Uint8Array.of(200) : new Uint8Array());
  }
  if (act.kind === "secure") return new Uint8Array();
  const turned = act.fault === "sequence" ? sequence ^ 1 : sequence;
  const block = device.seal((turned << 6) | (act.more ? 0x20 : 0), act.data, act.fault === "nad" ? 1 : 0);
  if (act.fault === "edc") block[block.length - 1]! ^= 1;
  return act.fault === "length" ? Uint8Array.of(...block, 0) : block;
}

test("after any acts of a host the collected commands are those of a model, and both are in step", () => {
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 40 }), (script) => {
      const host = poweredHost();
      const device = new T1InterfaceDevice(() => new Uint8Array());
      const model = new Model();
      const executed: Uint8Array[] = [];
      for (const act of script) {
        model.fetching = host.isChaining() && model.open === undefined;
        const before = model.sequence;
        model.take(act);
        if (act.kind === "secure") {
          if (host.beginSecure(0, before << 6) !== 0) continue;
          if (act.refused) host.rollBack();
          else host.respond(Uint8Array.of(0x90, 0), 2);
          continue;
        }
        const answer = exchange(host, blockOf(device, act, before), executed);
        is(executed.length, model.commands.length, "as many commands as the model");
        is(
          answer.reduce((lrc, byte) => lrc ^ byte, 0),
          0,
          "every answer has a right LRC",
        );
        if (answer[1]! >= 0x80 && answer[1]! < 0xc0) is((answer[1]! >> 4) & 1, model.sequence, "N(R)");
      }
      equal(
        executed.map((command) => [...command]),
        model.commands,
      );
    }),
    { numRuns: 400 },
  );
});

test("no bytes at all make it throw, and S(RESYNCH) always brings both ends together", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 270 }), { maxLength: 30 }), (blocks) => {
      const host = poweredHost();
      for (const block of blocks) exchange(host, block, []);
      const device = new T1InterfaceDevice((block) => exchange(host, block, []));
      device.reset({ ifsc: 254, checksum: "lrc" });
      equal(exchange(host, device.seal(0xc0, new Uint8Array()), [])[1], 0xe0);
      const command = Uint8Array.of(0, 0xa4, 4, 0x0c);
      equal(device.transceive(command), responseTo(command));
    }),
  );
});

test.run();
