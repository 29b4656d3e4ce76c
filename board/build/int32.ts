/**
 * A TypeScriptToLua plugin that gives & | ^ ~ << >> >>> and their assignments JavaScript's meaning on int32. Lua's own
 * work on 64 bits and its >> is logical. Written against the public visitor API; operands are handed back to the
 * transformer as TypeScript, so that their order of evaluation stays its business. Where the range of an operand is
 * known (a literal, an element of `Bytes`, a result of this plugin) the wrap to 32 bits is left out.
 */
import ts from "typescript";
import * as lua from "typescript-to-lua";

const K = ts.SyntaxKind;
const S = lua.SyntaxKind;

/** Smallest and largest value an expression can have. */
interface Range {
  readonly min: number;
  readonly max: number;
}
const INT32: Range = { min: -0x80000000, max: 0x7fffffff };
const BYTE: Range = { min: 0, max: 255 };

/** Ranges of the Lua expressions made so far. */
const ranges = new WeakMap<lua.Expression, Range>();

type Lowering = (left: lua.Expression, right: lua.Expression) => lua.Expression;

const LOWERINGS = new Map<ts.SyntaxKind, Lowering>([
  [K.AmpersandToken, lowerAnd],
  [K.BarToken, (left, right) => lowerEither(left, right, S.BitwiseOrOperator)],
  [K.CaretToken, (left, right) => lowerEither(left, right, S.BitwiseExclusiveOrOperator)],
  [K.LessThanLessThanToken, lowerShiftLeft],
  [K.GreaterThanGreaterThanToken, lowerShiftRight],
  [K.GreaterThanGreaterThanGreaterThanToken, lowerShiftRightUnsigned],
]);

const COMPOUND = new Map<ts.SyntaxKind, ts.BinaryOperator>([
  [K.AmpersandEqualsToken, K.AmpersandToken],
  [K.BarEqualsToken, K.BarToken],
  [K.CaretEqualsToken, K.CaretToken],
  [K.LessThanLessThanEqualsToken, K.LessThanLessThanToken],
  [K.GreaterThanGreaterThanEqualsToken, K.GreaterThanGreaterThanToken],
  [K.GreaterThanGreaterThanGreaterThanEqualsToken, K.GreaterThanGreaterThanGreaterThanToken],
]);

function number(value: number): lua.Expression {
  return lua.createNumericLiteral(value);
}

function infix(left: lua.Expression, right: lua.Expression, operator: lua.BinaryOperator): lua.Expression {
  return lua.createBinaryExpression(left, right, operator);
}

function known(expression: lua.Expression, range: Range): lua.Expression {
  ranges.set(expression, range);
  return expression;
}

function rangeOf(expression: lua.Expression): Range | undefined {
  if (lua.isNumericLiteral(expression)) return { min: expression.value, max: expression.value };
  if (lua.isParenthesizedExpression(expression)) return rangeOf(expression.expression);
  return ranges.get(expression);
}

function isInt32(expression: lua.Expression): boolean {
  const range = rangeOf(expression);
  return range !== undefined && range.min >= INT32.min && range.max <= INT32.max;
}

function literal(expression: lua.Expression): number | undefined {
  return lua.isNumericLiteral(expression) ? expression.value : undefined;
}

/** Wraps a 64-bit integer into int32: ((x & 0xffffffff) ~ 0x80000000) - 0x80000000. */
function wrap(expression: lua.Expression): lua.Expression {
  const flipped = infix(unsigned(expression), number(0x80000000), S.BitwiseExclusiveOrOperator);
  return known(infix(flipped, number(0x80000000), S.SubtractionOperator), INT32);
}

function unsigned(expression: lua.Expression): lua.Expression {
  const masked = infix(expression, number(0xffffffff), S.BitwiseAndOperator);
  return known(masked, { min: 0, max: 0xffffffff });
}

/** Shift counts count modulo 32 (ECMA-262, 6.1.6.1.9). */
function shiftCount(expression: lua.Expression): lua.Expression {
  const value = literal(expression);
  return value === undefined ? infix(expression, number(31), S.BitwiseAndOperator) : number(value & 31);
}

/** One side between 0 and 2^31-1 bounds the result, whatever the other is. */
function lowerAnd(left: lua.Expression, right: lua.Expression): lua.Expression {
  const both = infix(left, right, S.BitwiseAndOperator);
  const bounds = [rangeOf(left), rangeOf(right)].filter((range) => range !== undefined);
  const positive = bounds.filter((range) => range.min >= 0 && range.max <= INT32.max);
  if (positive.length > 0)
    return known(both, { min: 0, max: Math.min(...positive.map((range) => range.max)) });
  return isInt32(left) && isInt32(right) ? known(both, INT32) : wrap(both);
}

/** Or and exclusive or of two sign-extended int32 are sign-extended int32 again. */
function lowerEither(
  left: lua.Expression,
  right: lua.Expression,
  operator: lua.BinaryOperator,
): lua.Expression {
  if (literal(right) === 0) return isInt32(left) ? left : wrap(left);
  const both = infix(left, right, operator);
  if (!isInt32(left) || !isInt32(right)) return wrap(both);
  const [a, b] = [rangeOf(left) ?? INT32, rangeOf(right) ?? INT32];
  const positive = a.min >= 0 && b.min >= 0;
  const bits = 32 - Math.clz32(Math.max(a.max, b.max));
  return known(both, positive ? { min: 0, max: 2 ** bits - 1 } : INT32);
}

function lowerShiftLeft(left: lua.Expression, right: lua.Expression): lua.Expression {
  const shifted = infix(left, shiftCount(right), S.BitwiseLeftShiftOperator);
  const range = rangeOf(left);
  const count = literal(right);
  if (range === undefined || count === undefined || range.min < 0) return wrap(shifted);
  const max = range.max * 2 ** (count & 31);
  return max <= INT32.max ? known(shifted, { min: 0, max }) : wrap(shifted);
}

/** Floor division by a power of two is the arithmetic shift. */
function lowerShiftRight(left: lua.Expression, right: lua.Expression): lua.Expression {
  const value = isInt32(left) ? left : wrap(left);
  const count = literal(right);
  const divisor =
    count === undefined
      ? infix(number(1), shiftCount(right), S.BitwiseLeftShiftOperator)
      : number(2 ** (count & 31));
  return known(infix(value, divisor, S.FloorDivisionOperator), rangeOf(value) ?? INT32);
}

function lowerShiftRightUnsigned(left: lua.Expression, right: lua.Expression): lua.Expression {
  const range = rangeOf(left);
  const value = range !== undefined && range.min >= 0 && range.max <= 0xffffffff ? left : unsigned(left);
  const count = literal(right);
  if (count === 0) return value;
  const shifted = infix(value, shiftCount(right), S.BitwiseRightShiftOperator);
  return known(shifted, { min: 0, max: Math.floor(0xffffffff / 2 ** ((count ?? 0) & 31)) });
}

function unparenthesized(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? unparenthesized(node.expression) : node;
}

/** What TypeScript knows of an operand: reading an element of `Bytes` gives 0…255 (hal/bytes.ts). */
function noteByte(node: ts.Expression, made: lua.Expression, context: lua.TransformationContext): void {
  const inner = unparenthesized(node);
  if (!ts.isElementAccessExpression(inner)) return;
  const name = context.checker.getTypeAtLocation(inner.expression).symbol?.name;
  if (name !== "Bytes" && name !== "ReadonlyBytes") return;
  ranges.set(lua.isParenthesizedExpression(made) ? made.expression : made, BYTE);
}

function complain(node: ts.Node, context: lua.TransformationContext, messageText: string): void {
  const at = ts.getOriginalNode(node);
  const [start, length] = [at.getStart(), at.getWidth()];
  const category = ts.DiagnosticCategory.Error;
  context.diagnostics.push({ category, code: 90001, file: at.getSourceFile(), start, length, messageText });
}

/** Lets the transformer do `left - right` and takes its two operands, ordered as it sees fit. */
function operands(
  node: ts.BinaryExpression,
  context: lua.TransformationContext,
): lua.BinaryExpression | undefined {
  const minus = ts.factory.createBinaryExpression(node.left, K.MinusToken, node.right);
  const made = context.superTransformExpression(ts.setOriginalNode(ts.setTextRange(minus, node), node));
  return lua.isBinaryExpression(made) ? made : undefined;
}

function transformBinary(node: ts.BinaryExpression, context: lua.TransformationContext): lua.Expression {
  if (COMPOUND.has(node.operatorToken.kind))
    complain(node, context, "a compound bit assignment is a statement");
  const lowering = LOWERINGS.get(node.operatorToken.kind);
  if (lowering === undefined) return context.superTransformExpression(node);
  const made = operands(node, context);
  if (made === undefined) {
    complain(node, context, "bit operators work on numbers");
    return context.superTransformExpression(node);
  }
  noteByte(node.left, made.left, context);
  noteByte(node.right, made.right, context);
  return lowering(made.left, made.right);
}

function transformNot(node: ts.PrefixUnaryExpression, context: lua.TransformationContext): lua.Expression {
  if (node.operator !== K.TildeToken) return context.superTransformExpression(node);
  const operand = context.transformExpression(node.operand);
  const made = lua.createUnaryExpression(operand, S.BitwiseNotOperator);
  return isInt32(operand) ? known(made, INT32) : wrap(made);
}

function isSimple(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || ts.isNumericLiteral(node) || node.kind === K.ThisKeyword) return true;
  return ts.isPropertyAccessExpression(node) && isSimple(node.expression);
}

/** Whether evaluating it twice is the same as once: names, fields, literals and operators on them. */
function isRepeatable(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isRepeatable(node.expression);
  if (ts.isElementAccessExpression(node))
    return isSimple(node.expression) && isRepeatable(node.argumentExpression);
  if (!ts.isBinaryExpression(node)) return isSimple(node);
  const kind = node.operatorToken.kind;
  const assigns = kind >= K.FirstAssignment && kind <= K.LastAssignment;
  return !assigns && isRepeatable(node.left) && isRepeatable(node.right);
}

/** `a op= b` becomes `a = a op (b)`, handed back as TypeScript so that array offsets stay the transformer's business. */
function transformStatement(
  node: ts.ExpressionStatement,
  context: lua.TransformationContext,
): lua.Statement[] {
  const expression = node.expression;
  if (!ts.isBinaryExpression(expression)) return context.superTransformStatements(node);
  const operator = COMPOUND.get(expression.operatorToken.kind);
  if (operator === undefined) return context.superTransformStatements(node);
  if (!isRepeatable(expression.left)) complain(expression, context, "no call left of a bit assignment");
  const right = ts.factory.createParenthesizedExpression(expression.right);
  const value = ts.factory.createBinaryExpression(expression.left, operator, right);
  ts.setOriginalNode(ts.setTextRange(value, expression), expression);
  const assignment = ts.factory.createAssignment(expression.left, value);
  ts.setOriginalNode(ts.setTextRange(assignment, expression), expression);
  const statement = ts.factory.createExpressionStatement(assignment);
  return context.transformStatements(ts.setTextRange(statement, node));
}

/** Pass it as `luaPlugins: [{ plugin: int32Plugin }]`. */
export const int32Plugin: lua.Plugin = {
  visitors: {
    [K.BinaryExpression]: transformBinary,
    [K.PrefixUnaryExpression]: transformNot,
    [K.ExpressionStatement]: transformStatement,
  },
};
