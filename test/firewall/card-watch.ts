/**
 * The property (design §7.3, §7.4, §7.6): without a 確認 of its own no command that carries or changes a PIN is on the
 * card's wire, no PIN is compared, no counter or value changes, no verified flag becomes set; and what was typed stands in
 * no other command.
 */
import type { PinObject } from "../../host-sim/card/apps/pin-object.ts";
import { KEY_ORDER } from "../../host-sim/chip/key-matrix.ts";
import type { World } from "../../host-sim/world/world.ts";
import { CardTap } from "../../host-sim/scenario/card-tap.ts";
import { forbiddenReason, isPinCommand } from "./pin-commands.ts";

const CONFIRM = KEY_ORDER.indexOf("E");

export class CardWatch {
  readonly breaches: string[] = [];
  readonly tap: CardTap;
  /** ASCII digits that the test has typed: they may stand in lawful PIN commands alone. */
  typed = "";
  /** ASCII digits of a host that must stand in no PIN command at all. */
  forbidden = "";
  private confirmed = false;
  private lawful = 0;
  private readonly pending: string[] = [];
  private before: string[];

  constructor(
    world: World,
    private readonly pins: readonly PinObject[],
  ) {
    this.before = pins.map(compared);
    this.tap = new CardTap(world);
    this.tap.onNonsense = (what) => this.pending.push(`the terminal sent ${what}`);
    this.tap.onCommand = (apdu) => this.heard(apdu);
    world.recorder.onEvent(({ channel, value }) => {
      if (channel === "keys" && value === CONFIRM) this.confirmed = true;
    });
  }

  /** Compares with the last call. `what` names the attack that was just made. */
  check(what: string): void {
    for (let i = 0; i < this.pins.length; i++) this.checkPin(this.pins[i]!, i);
    this.lawful = 0;
    if (this.pending.length === 0) return;
    for (const finding of this.pending) this.breaches.push(`${what}: ${finding}`);
    this.pending.length = 0;
  }

  /** Reports what another check saw, at the next `check`. */
  report(finding: string): void {
    this.pending.push(finding);
  }

  private heard(apdu: Uint8Array): void {
    const reason = forbiddenReason(apdu);
    if (reason !== undefined) {
      const isOwn = this.confirmed && isPinCommand(apdu[0]!, apdu[1]!);
      if (this.forbidden !== "" && textOf(apdu).includes(this.forbidden))
        this.pending.push("digits of the host");
      if (isOwn) this.lawful++;
      else this.pending.push(`${reason} on the wire, ${headerOf(apdu)}`);
      this.confirmed = false;
      return;
    }
    if (this.typed !== "" && textOf(apdu).includes(this.typed)) {
      this.pending.push(`typed digits in ${headerOf(apdu)}`);
    }
  }

  private checkPin(pin: PinObject, index: number): void {
    const now = compared(pin);
    if (now === this.before[index]) return;
    const isSame = withoutFlag(now) === withoutFlag(this.before[index]!);
    const isOnlyCleared = isSame && !pin.verified;
    this.before[index] = now;
    if (!isOnlyCleared && this.lawful === 0) {
      this.pending.push(`PIN ${pin.application} ${pin.file.toString(16)} was touched`);
    }
  }
}

/** Counter, value, how often compared and changed, and the flag last. */
function compared(pin: PinObject): string {
  return `${pin.left} ${pin.value ?? "-"} ${pin.verifyCount} ${pin.changeCount} ${pin.verified ? "V" : "-"}`;
}

function withoutFlag(state: string): string {
  return state.slice(0, -1);
}

function textOf(apdu: Uint8Array): string {
  return Buffer.from(apdu).toString("latin1");
}

function headerOf(apdu: Uint8Array): string {
  return `${Buffer.from(apdu.subarray(0, 4)).toString("hex")} of ${apdu.length} bytes`;
}
