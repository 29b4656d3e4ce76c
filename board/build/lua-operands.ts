/** Where instructions of Lua 5.4 name constants (lopcodes.h; board/mps2-an386/program-image.h asserts the numbers). */

const LOADK = 3;
const LOADKX = 4;
const OPERATION_MASK = 0x7f;
/** An operand's place. Bx is B, C and the flag k in one. */
const [K_AT, B_AT, C_AT] = [15, 16, 24];
const OPERAND_MASK = 0xff;

/** GETTABUP, GETFIELD; ADDK to BXORK. */
const C_IS_CONSTANT = new Set([11, 14, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]);
/** SETTABUP, SETTABLE, SETI, SETFIELD, SELF: where the flag k says so. */
const C_MAY_BE_CONSTANT = new Set([15, 16, 17, 18, 20]);
/** SETTABUP, SETFIELD, MMBINK, EQK. */
const B_IS_CONSTANT = new Set([15, 18, 48, 60]);

function isConstantC(instruction: number): boolean {
  const operation = instruction & OPERATION_MASK;
  const isFlagged = ((instruction >>> K_AT) & 1) === 1;
  return C_IS_CONSTANT.has(operation) || (C_MAY_BE_CONSTANT.has(operation) && isFlagged);
}

function positionOf(number: number, positions: readonly number[], most: number): number {
  const position = positions[number];
  if (position === undefined || position > most) throw new Error(`constant ${number} is out of reach`);
  return position;
}

function withOperand(instruction: number, at: number, positions: readonly number[]): number {
  const number = (instruction >>> at) & OPERAND_MASK;
  const others = instruction & ~(OPERAND_MASK << at);
  return (others | (positionOf(number, positions, OPERAND_MASK) << at)) >>> 0;
}

function renumbered(instruction: number, positions: readonly number[]): number {
  const operation = instruction & OPERATION_MASK;
  if (operation === LOADKX) throw new Error("a function with more constants than one instruction can name");
  if (operation === LOADK) {
    const position = positionOf(instruction >>> K_AT, positions, 2 ** (32 - K_AT) - 1);
    return ((position << K_AT) | (instruction & (2 ** K_AT - 1))) >>> 0;
  }
  const withB = B_IS_CONSTANT.has(operation) ? withOperand(instruction, B_AT, positions) : instruction;
  return isConstantC(withB) ? withOperand(withB, C_AT, positions) : withB;
}

/** The same code when constant `n` of the function stands at `positions[n]`. @throws Error when an operand cannot reach it. */
export function withConstants(code: readonly number[], positions: readonly number[]): number[] {
  return code.map((instruction) => renumbered(instruction, positions));
}
