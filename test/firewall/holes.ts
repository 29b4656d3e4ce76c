/** Single rules taken out of the firmware's source text, each of which must be seen to break the property. */
import type { Patch } from "../patched-terminal.ts";

export interface Hole {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** What one of the breaches must say, so that it is this hole that was seen. */
  readonly seen: string;
}

const FIREWALL = "firmware/service/firewall.ts";
const EXCHANGE = "firmware/service/host-exchange.ts";
const CONTEXT = "firmware/service/card-context.ts";
const OBJECTS = "firmware/service/pin-objects.ts";
const TARGET = "firmware/service/pin-target.ts";
const SECURE = "firmware/service/secure-service.ts";
const REQUEST = "firmware/protocol/secure-request.ts";
const BLOCK = "firmware/protocol/pin-block.ts";
const HOST = "firmware/protocol/t1-host.ts";
const T1_EXCHANGE = "firmware/driver/t1-exchange.ts";

function hole(name: string, seen: string, ...cuts: readonly (readonly [string, string, string])[]): Hole {
  return { name, seen, patches: cuts.map(([file, from, to]) => ({ file, from, to })) };
}

const ON_THE_WIRE = "a PIN command on the wire";

export const HOLES: readonly Hole[] = [
  hole("VERIFY 20 allowed", `${ON_THE_WIRE}, 0020`, [
    FIREWALL,
    "ins === 0x20 || ins === 0x21",
    "ins === 0x21",
  ]),
  hole("VERIFY 21 allowed", `${ON_THE_WIRE}, 0021`, [
    FIREWALL,
    "ins === 0x20 || ins === 0x21",
    "ins === 0x20",
  ]),
  hole("CHANGE 24 allowed", `${ON_THE_WIRE}, 0024`, [
    FIREWALL,
    "ins >= 0x24 && ins <= 0x29",
    "ins >= 0x25 && ins <= 0x29",
  ]),
  hole("ENABLE 28 allowed", `${ON_THE_WIRE}, 0028`, [FIREWALL, "ins <= 0x29", "ins <= 0x27"]),
  hole("RESET RETRY COUNTER 2C allowed", `${ON_THE_WIRE}, 002c`, [FIREWALL, "ins === 0x2c || ", ""]),
  hole("CHANGE KEY 32 allowed", `${ON_THE_WIRE}, 8032`, [FIREWALL, "ins === 0x32 || ", ""]),
  hole("ENVELOPE allowed", "ENVELOPE on the wire", [
    FIREWALL,
    "if (isEnvelope(apdu.ins)) return",
    "if (false) return",
  ]),
  hole("the class decides what is a PIN command", `${ON_THE_WIRE}, 8020`, [
    FIREWALL,
    "if (isPinInstruction(apdu.ins)) return",
    "if (apdu.cla === 0 && isPinInstruction(apdu.ins)) return",
  ]),
  hole("an empty VERIFY may be longer than 4 bytes", `${ON_THE_WIRE}, 0020`, [
    FIREWALL,
    "lengthBytes === 4 && ",
    "",
  ]),
  hole("bytes behind a command pass", "bytes behind the command", [
    FIREWALL,
    "if (decoded !== ApduError.None) return",
    "if (false) return",
  ]),
  hole("class FF passes", "class FF is a PPS", [FIREWALL, "=== ClassKind.Invalid ?", "=== 99 ?"]),
  hole("Secure asks for UPDATE BINARY", "Secure d6", [
    OBJECTS,
    "if (cla === 0x00 && ins === 0x20) return",
    "if (cla === 0x00 && (ins === 0x20 || ins === 0xd6)) return",
  ]),
  hole("Secure asks for the 署名用 password", "reference 9b", [
    TARGET,
    " || this.name === PinName.Signature",
    "",
  ]),
  hole("a selection given in parts is taken for a whole one", "a selection in parts", [
    CONTEXT,
    "const endsSelect = this.isChainOpen &&",
    "const endsSelect = false &&",
  ]),
  hole("digits of the host stand in the template", "digits of the host's", [
    BLOCK,
    "if (value === 0xff) return true;",
    "if (value !== 0x100) return true;",
  ]),
  hole(
    "a PIN may be one digit",
    "min 1",
    [SECURE, "request.minDigits < SHORTEST_PIN", "request.minDigits < 1"],
    [BLOCK, "this.minDigits = request.minDigits;", "this.minDigits = 1;"],
  ),
  hole(
    "Secure with the more bit",
    "with the more bit",
    [REQUEST, "0xbf) === 0", "0x9f) === 0"],
    [HOST, "pcb !== this.hostSequence", "(pcb & 0xdf) !== this.hostSequence"],
  ),
  hole("Secure behind an open chain", "an open chain before it", [
    HOST,
    "if (this.isChaining()) return SecureStart.ChainOpen;",
    "",
  ]),
  hole("Secure ends without 確認", "bEntryValidationCondition", [
    REQUEST,
    " && (into.validation & VALIDATION_KEY) !== 0",
    "",
  ]),
  hole(
    "the substitute hands on the host's digits",
    ON_THE_WIRE,
    [EXCHANGE, "return ExchangeState.Replacing;", "// handed on"],
    [EXCHANGE, "if (verdict !== Verdict.Pass) return", "else if (verdict !== Verdict.Pass) return"],
  ),
  hole("a PIN command is begun again", `lost answer: ${ON_THE_WIRE}`, [
    T1_EXCHANGE,
    "this.kind === CommandKind.Pin ||",
    "",
  ]),
];
