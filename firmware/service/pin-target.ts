/** Which PIN a host's PIN command means, from class, instruction, parameters and what is selected. Nothing is sent here. */
import { NO_FILE, type CardContext } from "./card-context.ts";
import { actionOf, Application, isKnown, PinAction, pinIn } from "./pin-objects.ts";
import { PinName } from "./view.ts";

/** Where in the command the refusal lies; its value is the offset in the APDU that bError points at. */
export const enum TargetError {
  /** No PIN is asked for while the terminal cannot tell what is selected. */
  Ambiguous = 0,
  /** Not a PIN command of this object. */
  Instruction = 1,
  /** Not an object that the terminal knows in this application, or the 署名用 password. */
  Reference = 3,
  None = 255,
}

/** P2 of a PIN command on the current file; with a short file identifier in its lower bits, on that file. */
const SPECIFIC = 0x80;
const SHORT_FILE_MASK = 0x1f;

export class PinTarget {
  application = Application.None;
  file = NO_FILE;
  name = PinName.Unknown;
  action = PinAction.NotAllowed;
  /** P2 as the host gave it. */
  reference = 0;

  /** Whether the terminal selects application and file itself before it asks. */
  isKnown(): boolean {
    return isKnown(this.application);
  }

  /** Resolves `cla ins p1 p2`; on an error `name` still tells the 署名用 password apart. */
  resolve(header: number, context: CardContext): TargetError {
    const cla = header >>> 24;
    const ins = (header >>> 16) & 0xff;
    const p1 = (header >>> 8) & 0xff;
    this.reference = header & 0xff;
    this.application = context.application;
    this.file = NO_FILE;
    this.name = PinName.Unknown;
    this.action = PinAction.NotAllowed;
    if (!context.isCertain()) return TargetError.Ambiguous;
    if (this.isKnown()) {
      if ((this.reference & (0xff ^ SHORT_FILE_MASK)) !== SPECIFIC) return TargetError.Reference;
      const shortFile = this.reference & SHORT_FILE_MASK;
      this.file = shortFile === 0 ? context.file : shortFile;
      this.name = pinIn(this.application, this.file);
      if (this.name === PinName.Unknown || this.name === PinName.Signature) return TargetError.Reference;
    }
    this.action = actionOf(this.name, cla, ins, p1);
    return this.action === PinAction.NotAllowed ? TargetError.Instruction : TargetError.None;
  }
}
