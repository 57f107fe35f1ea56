import type { Call, Expression, NumberLiteral } from './ast.ts';
import {
  bestFitParentheses,
  bracketed,
  commaSeparated,
  type Doc,
  group,
  groupInParentheses,
  type Level,
  lineInParentheses,
  optionalParentheses,
  parenthesizeIfExpands,
  sequence,
  softLine,
  space,
  textDoc,
} from './document.ts';
import { type BinaryLike, conditionalParts, free, leftOf, notOperand, type Operand, rankOf, rightOf } from './operand.ts';
import { baseOf, canOmitParentheses, type Chained, helpFor, isChained, isFluent, isMultiline } from './parenthesize.ts';
import { pyString, pyText } from './quote.ts';

/** An expression that may stand in parentheses of its own where it is too long for the line: a value, a condition. `best` is whether those count that only make it fit. */
export function formatValue(node: Expression, best: 'best fit' | 'multiline' = 'best fit'): Doc {
  const content = (level: Level): Doc => formatNode(node, level);
  const help = helpFor(node);
  if (help === 'multiline') return canOmitParentheses(node) ? optionalParentheses(content) : parenthesizeIfExpands(content);
  return help === 'best fit' && best === 'best fit' ? bestFitParentheses(content) : content('bare');
}

/** An expression at a level, with the parentheses that its place asks for. */
export function formatOperand({ node, parenthesized }: Operand, level: Level): Doc {
  return parenthesized ? bracketed(['(', ')'], formatNode(node, 'parenthesized'), { level }) : formatNode(node, level);
}

const inner = (node: Expression): Doc => formatNode(node, 'parenthesized');

export function formatNode(node: Expression, level: Level): Doc {
  switch (node.kind) {
    case 'string':
      return textDoc(pyString(node.value));
    case 'text':
      return textDoc(pyText(node.value));
    case 'number':
      return textDoc(pyNumber(node));
    case 'boolean':
      return textDoc(node.value ? 'True' : 'False');
    case 'none':
      return textDoc('None');
    case 'name':
      return textDoc(node.id);
    case 'imported':
      return textDoc(node.source.name ?? node.source.module);
    case 'list':
      return node.items.length === 0 ? textDoc('[]') : bracketed(['[', ']'], commaSeparated(node.items.map(inner)), { level });
    case 'tuple':
      return formatTuple(node.items, level);
    case 'dict': {
      const entries = node.entries.map(([key, value]) => group(sequence(inner(key), textDoc(': '), inner(value))));
      return entries.length === 0 ? textDoc('{}') : bracketed(['{', '}'], commaSeparated(entries), { level });
    }
    case 'call':
    case 'attribute':
    case 'subscript':
      return formatChain(node, level, undefined);
    case 'binary':
    case 'compare':
      return groupInParentheses(formatFlat(flatten(node), level), level);
    case 'not':
      return sequence(textDoc('not '), formatOperand(notOperand(node), level));
    case 'conditional':
      return groupInParentheses(formatConditional(node, level), level);
  }
}

function formatTuple(items: readonly Expression[], level: Level): Doc {
  const [first, second] = items;
  if (first === undefined) return textDoc('()');
  return bracketed(['(', ')'], second === undefined ? sequence(inner(first), textDoc(',')) : commaSeparated(items.map(inner)), { level });
}

/** Calls, attributes and subscripts of one another. `fluent` is how the chain around it is laid out, undefined for the whole. */
function formatChain(node: Chained, level: Level, fluent: boolean | undefined): Doc {
  const breaks = fluent ?? (level !== 'bare' && isFluent(node));
  const base = baseOf(node);
  const within = node.kind === 'attribute' && !breaks ? undefined : breaks;
  const start = !base.parenthesized && isChained(base.node) ? formatChain(base.node, level, within) : formatOperand(base, level);
  const dot = node.kind === 'attribute' && breaks && (base.parenthesized || base.node.kind === 'call' || base.node.kind === 'subscript');
  const whole = sequence(start, ...(dot ? [softLine] : []), formatLink(node, level));
  return breaks && fluent === undefined ? group(whole) : whole;
}

function formatLink(node: Chained, level: Level): Doc {
  switch (node.kind) {
    case 'attribute':
      return textDoc(`.${node.name}`);
    case 'call':
      return formatArguments(node, level);
    case 'subscript': {
      const { index } = node;
      const isPlain = index.kind === 'tuple' && index.items.length > 1;
      return bracketed(['[', ']'], isPlain ? group(commaSeparated(index.items.map(inner))) : inner(index), { level });
    }
  }
}

function formatArguments({ args, keywords }: Call, level: Level): Doc {
  const given = [...args.map(inner), ...keywords.map(({ name, value }) => sequence(textDoc(`${name}=`), inner(value)))];
  if (given.length === 0) return textDoc('()');
  const hug = keywords.length === 0 && args.length === 1 && args.every(isMultiline);
  return bracketed(['(', ')'], group(commaSeparated(given)), { level, hug });
}

/** Operands with the operators between them, as far as no parentheses stand in between. */
interface Flat {
  readonly operands: readonly Operand[];
  readonly operators: readonly { readonly symbol: string; readonly rank: number }[];
}

function flatten(node: BinaryLike): Flat {
  const left = flattenOperand(leftOf(node));
  const right = flattenOperand(rightOf(node));
  return {
    operands: [...left.operands, ...right.operands],
    operators: [...left.operators, { symbol: node.operator, rank: rankOf(node) }, ...right.operators],
  };
}

function flattenOperand(operand: Operand): Flat {
  const { node, parenthesized } = operand;
  const isFlat = !parenthesized && (node.kind === 'binary' || node.kind === 'compare');
  return isFlat ? flatten(node) : { operands: [operand], operators: [] };
}

/** Broken before the operators that bind least, with groups of the others between them. */
function formatFlat({ operands, operators }: Flat, level: Level): Doc {
  const rank = Math.max(...operators.map((operator) => operator.rank));
  const parts: Doc[] = [];
  let from = 0;
  const flush = (to: number): void => {
    const slice: Flat = { operands: operands.slice(from, to + 1), operators: operators.slice(from, to) };
    const [only] = slice.operands;
    if (slice.operators.length > 0) parts.push(groupInParentheses(formatFlat(slice, level), level));
    else if (only !== undefined) parts.push(formatOperand(only, level));
    from = to + 1;
  };
  for (const [index, operator] of operators.entries()) {
    if (operator.rank !== rank) continue;
    flush(index);
    parts.push(lineInParentheses(level), textDoc(operator.symbol), space);
  }
  flush(operators.length);
  return sequence(...parts);
}

function formatConditional(node: Extract<Expression, { kind: 'conditional' }>, level: Level): Doc {
  const { value, test, otherwise } = conditionalParts(node);
  const line = lineInParentheses(level);
  return sequence(
    formatOperand(value, level),
    line,
    textDoc('if '),
    formatOperand(test, level),
    line,
    textDoc('else '),
    otherwise.node.kind === 'conditional'
      ? formatConditional(otherwise.node, level)
      : groupInParentheses(formatOperand(otherwise, level), level),
  );
}

/** A number as Python writes it: whole ones in full, floats with a point or an exponent. */
function pyNumber({ value, float }: NumberLiteral): string {
  if (Object.is(value, -0)) return '-0.0';
  if (Number.isInteger(value) && !float) return BigInt(value).toString();
  const shown = String(value).replace('e+', 'e');
  return /[.e]/.test(shown) ? shown : `${shown}.0`;
}

/** A statement that is one expression: only operators of arithmetic are given parentheses to break in. */
export function formatExpressionStatement(node: Expression): Doc {
  const isArithmetic =
    node.kind === 'binary' && node.operator !== 'or' && node.operator !== 'and' && node.operator !== '%' && node.operator !== '&';
  return isArithmetic ? formatValue(node, 'multiline') : formatOperand(free(node), 'bare');
}
