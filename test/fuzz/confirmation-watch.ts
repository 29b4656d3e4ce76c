/**
 * On a spoiled wire blocks cannot be told apart for sure, so this watch asks the card what it understood and the wire for the
 * digits alone: each PIN command needs a 確認 of its own, and the digits leave at most three times for each (one block and
 * two repetitions that the card asked for).
 */
import type { CardApplication } from "../../host-sim/card/card-application.ts";
import { decodeMoments } from "../../host-sim/chip/wire-character.ts";
import { KEY_ORDER } from "../../host-sim/chip/key-matrix.ts";
import type { World } from "../../host-sim/world/world.ts";
import { forbiddenReason } from "../firewall/pin-commands.ts";

const CONFIRM = KEY_ORDER.indexOf("E");
const ATTEMPTS = 3;

export class ConfirmationWatch {
  /** The first thing that was wrong. */
  breach: string | undefined;
  /** PIN commands that the card has understood. */
  pinCommands = 0;
  private confirmed = false;
  private attemptsLeft = 0;
  private direct = "";
  private inverse = "";

  /** `digits` are what the test types. */
  constructor(private readonly digits: string) {}

  /** Listens to a terminal's keys and to the card's contact. */
  attach(world: World): void {
    world.recorder.onEvent(({ channel, value }) => {
      if (channel !== "keys" || value !== CONFIRM) return;
      this.confirmed = true;
      this.attemptsLeft = ATTEMPTS;
    });
    world.wire.onCharacter(({ from, character }) => {
      if (from === "terminal") this.heard(character.moments);
    });
  }

  /** The same application, with an ear before it. READ BINARY answers long, so that there is much to spoil. */
  around(application: CardApplication, answer: Uint8Array): CardApplication {
    return {
      pins: application.pins,
      reset: (warm) => application.reset(warm),
      powerDown: () => application.powerDown(),
      process: (command, later) => {
        this.understood(command);
        return command[1] === 0xb0 ? answer : application.process(command, later);
      },
    };
  }

  private understood(command: Uint8Array): void {
    const reason = forbiddenReason(command);
    if (reason === undefined) return;
    if (reason === "a PIN command") this.pinCommands++;
    if (!this.confirmed || reason !== "a PIN command") this.breach ??= `${reason} without a 確認`;
    this.confirmed = false;
  }

  private heard(moments: number): void {
    this.direct = this.next(this.direct, decodeMoments(moments, false).value);
    this.inverse = this.next(this.inverse, decodeMoments(moments, true).value);
  }

  private next(before: string, value: number): string {
    const now = (before + String.fromCharCode(value)).slice(-this.digits.length);
    if (now !== this.digits) return now;
    if (this.attemptsLeft === 0) this.breach ??= "the digits left once too often";
    else this.attemptsLeft--;
    return "";
  }
}
