/** What a counter asks for with CheckPin and ChangePin (docs/protocol.md, Commands of the counter). */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { DATE_BYTES } from "./card-identity.ts";
import { areTwoNames, Name, takeTwoNames } from "./pair.ts";
import { Language, languageOf } from "./view.ts";

export const REQUEST_ID_BYTES = 16;

/** Numbers are journalled and never change. */
export const enum ResidentService {
  /** 住民票の広域交付 */
  CopyElsewhere = 1,
  /** 転入・転居の特例 */
  Moving = 2,
  /** 暗証番号変更 */
  PinChange = 3,
  /** 本人確認 */
  Identity = 4,
}

const SERVICE_AT = REQUEST_ID_BYTES;
const DATE_AT = SERVICE_AT + 1;
const FLAGS_AT = DATE_AT + DATE_BYTES;
const LANGUAGE_AT = FLAGS_AT + 1;
const OPERATOR_AT = LANGUAGE_AT + 1;
/** Flags: the first of CheckPin, the second of ChangePin. */
const USE_LAST_TRY = 1;
const FINISH = 2;

export class CheckRequest {
  readonly requestId: Bytes;
  service = ResidentService.CopyElsewhere;
  /** The service day, BCD; zeros = not known. */
  readonly date: Bytes;
  mayUseLastTry = false;
  isChange = false;
  /** Of a change: it ends one that stopped half way. */
  isFinish = false;
  /** Of a change: the resident's date of birth, BCD; zeros = not known. */
  readonly birth: Bytes;
  language = Language.Japanese;
  readonly operator: Name;
  readonly caseNumber: Name;

  constructor(private readonly natives: ByteNatives) {
    this.requestId = natives.allocate(REQUEST_ID_BYTES);
    this.date = natives.allocate(DATE_BYTES);
    this.birth = natives.allocate(DATE_BYTES);
    this.operator = new Name(natives);
    this.caseNumber = new Name(natives);
  }

  /** Reads the CheckPin in `bytes[at…at+length-1]`; returns whether every field is well formed. The fields change only then. */
  decode(bytes: ReadonlyBytes, at: number, length: number): boolean {
    if (length <= FLAGS_AT || bytes[at + FLAGS_AT] > USE_LAST_TRY) return false;
    // Whose command is ChangePin: a check of it would tell nobody what it was for.
    if (bytes[at + SERVICE_AT] === ResidentService.PinChange) return false;
    if (!this.decodeFields(bytes, at, length)) return false;
    this.isChange = false;
    this.isFinish = false;
    this.mayUseLastTry = bytes[at + FLAGS_AT] === USE_LAST_TRY;
    this.natives.wipe(this.birth);
    return true;
  }

  /** The same for a ChangePin: its date of birth is behind the names, so that all before stands where CheckPin has it. */
  decodeChange(bytes: ReadonlyBytes, at: number, length: number): boolean {
    const birthAt = length - DATE_BYTES;
    if (birthAt <= FLAGS_AT || !isDate(bytes, at + birthAt)) return false;
    const flags = bytes[at + FLAGS_AT];
    if (flags !== 0 && flags !== FINISH) return false;
    if (bytes[at + SERVICE_AT] !== ResidentService.PinChange) return false;
    if (!this.decodeFields(bytes, at, birthAt)) return false;
    this.isChange = true;
    this.isFinish = flags === FINISH;
    this.mayUseLastTry = false;
    this.natives.copy(bytes, at + birthAt, this.birth, 0, DATE_BYTES);
    return true;
  }

  /** What both have, but for the flags. */
  private decodeFields(bytes: ReadonlyBytes, at: number, length: number): boolean {
    if (!areTwoNames(bytes, at + OPERATOR_AT, length - OPERATOR_AT)) return false;
    const service = bytes[at + SERVICE_AT];
    if (service < ResidentService.CopyElsewhere || service > ResidentService.Identity) return false;
    if (!isDate(bytes, at + DATE_AT)) return false;
    const language = languageOf(bytes[at + LANGUAGE_AT]);
    if (language === undefined) return false;
    this.natives.copy(bytes, at, this.requestId, 0, REQUEST_ID_BYTES);
    this.service = service;
    this.natives.copy(bytes, at + DATE_AT, this.date, 0, DATE_BYTES);
    this.language = language;
    takeTwoNames(bytes, at + OPERATOR_AT, this.operator, this.caseNumber);
    return true;
  }
}

/** Four bytes of BCD; zeros are one too. */
function isDate(bytes: ReadonlyBytes, at: number): boolean {
  for (let i = 0; i < DATE_BYTES; i++) {
    if ((bytes[at + i] & 15) > 9 || bytes[at + i] >>> 4 > 9) return false;
  }
  return true;
}
