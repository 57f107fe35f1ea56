import type { BinaryOperator, Expression } from './ast.ts';

/** An expression where another one has it, with the parentheses that it needs there. */
export interface Operand {
  readonly node: Expression;
  readonly parenthesized: boolean;
}

const BINARY: Readonly<Record<BinaryOperator, number>> = { or: 2, and: 3, '|': 6, '&': 8, '<<': 9, '>>': 9, '+': 10, '-': 10, '%': 11 };
const CONDITIONAL = 1;
const NOT = 4;
const COMPARE = 5;
const NEGATIVE = 12;
const PRIMARY = 14;

/** How tightly an expression is bound together; what binds less than its place asks for needs parentheses. */
function bindingOf(node: Expression): number {
  switch (node.kind) {
    case 'conditional':
      return CONDITIONAL;
    case 'binary':
      return BINARY[node.operator];
    case 'not':
      return NOT;
    case 'compare':
      return COMPARE;
    case 'number':
      return node.value < 0 || Object.is(node.value, -0) ? NEGATIVE : PRIMARY;
    case 'string':
    case 'text':
    case 'boolean':
    case 'none':
    case 'name':
    case 'imported':
    case 'call':
    case 'list':
    case 'tuple':
    case 'dict':
    case 'attribute':
    case 'subscript':
      return PRIMARY;
  }
}

const operand = (node: Expression, binding: number): Operand => ({ node, parenthesized: bindingOf(node) < binding });

/** An expression where any may stand: an argument, an item, a whole statement. */
export const free = (node: Expression): Operand => ({ node, parenthesized: false });

/** What is called, subscripted or has the attribute. */
export function primary(node: Expression): Operand {
  return node.kind === 'number' ? { node, parenthesized: true } : operand(node, PRIMARY);
}

export type BinaryLike = Extract<Expression, { kind: 'binary' | 'compare' }>;

export function leftOf(node: BinaryLike): Operand {
  return node.kind === 'compare' ? operand(node.left, COMPARE + 1) : operand(node.left, BINARY[node.operator]);
}

export function rightOf(node: BinaryLike): Operand {
  return operand(node.right, (node.kind === 'compare' ? COMPARE : BINARY[node.operator]) + 1);
}

export const notOperand = (node: Extract<Expression, { kind: 'not' }>): Operand => operand(node.operand, NOT);

export interface ConditionalParts {
  readonly value: Operand;
  readonly test: Operand;
  readonly otherwise: Operand;
}

export function conditionalParts(node: Extract<Expression, { kind: 'conditional' }>): ConditionalParts {
  return {
    value: operand(node.value, CONDITIONAL + 1),
    test: operand(node.test, CONDITIONAL + 1),
    otherwise: operand(node.otherwise, CONDITIONAL),
  };
}

/** How late operators are broken into lines: those of the highest rank first. `and` and `or` are one. */
export function rankOf(node: BinaryLike): number {
  if (node.kind === 'compare') return RANKS.compare;
  switch (node.operator) {
    case 'or':
    case 'and':
      return RANKS.boolean;
    case '|':
    case '&':
    case '<<':
    case '>>':
    case '+':
    case '-':
    case '%':
      return RANKS.boolean - BINARY[node.operator];
  }
}

/** The ranks around those of the binary operators. */
export const RANKS = { none: 0, attribute: 1, compare: 17, boolean: 20, conditional: 21 } as const;
