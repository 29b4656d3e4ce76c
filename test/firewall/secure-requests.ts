/** Data of PC_to_RDR_Secure (CCID rev 1.1, 6.1.11 and 6.1.12), well-formed unless a field is told otherwise. */

export interface SecureFields {
  readonly apdu: readonly number[];
  /** bTeoPrologue: NAD, PCB, LEN; the length is the template's when left out. */
  readonly nad?: number;
  readonly pcb?: number;
  readonly length?: number;
  readonly operation?: number;
  /** bmFormatString: 82 is ASCII from the first byte on. */
  readonly format?: number;
  readonly block?: number;
  readonly lengthFormat?: number;
  readonly max?: number;
  readonly min?: number;
  readonly condition?: number;
  readonly messages?: number;
  /** Modification: insertion offsets and bConfirmPIN. */
  readonly oldAt?: number;
  readonly newAt?: number;
  readonly confirm?: number;
}

export function verifyRequest(fields: SecureFields): number[] {
  return [...head(fields, 0), ...digits(fields), ...tail(fields, [0])];
}

/** The new PIN alone, typed once, unless `confirm` says otherwise. */
export function modifyRequest(fields: SecureFields): number[] {
  const offsets = [fields.oldAt ?? 0, fields.newAt ?? 0];
  return [...head(fields, 1), ...offsets, ...digits(fields), fields.confirm ?? 0, ...tail(fields, [0, 0])];
}

function head(fields: SecureFields, operation: number): number[] {
  return [
    fields.operation ?? operation,
    0,
    fields.format ?? 0x82,
    fields.block ?? 0x04,
    fields.lengthFormat ?? 0x00,
  ];
}

function digits(fields: SecureFields): number[] {
  return [fields.max ?? 4, fields.min ?? 4];
}

/** bEntryValidationCondition, bNumberMessage, wLangId, the message indices, bTeoPrologue and the template. */
function tail(fields: SecureFields, indices: readonly number[]): number[] {
  const prologue = [fields.nad ?? 0, fields.pcb ?? 0, fields.length ?? fields.apdu.length];
  return [fields.condition ?? 2, fields.messages ?? 1, 0, 0, ...indices, ...prologue, ...fields.apdu];
}
