import type { Expression } from './ast.ts';
import { pyText } from './quote.ts';
import { conditionalParts, leftOf, notOperand, type Operand, primary, rankOf, RANKS, rightOf } from './operand.ts';

/** Which parentheses help an expression that is too long for its line: those around all of it, those only where it then fits, or none. */
export type Help = 'multiline' | 'best fit' | 'never';

export function helpFor(node: Expression): Help {
  switch (node.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'none':
    case 'name':
    case 'imported':
      return 'best fit';
    case 'text':
      return isMultiline(node) ? 'never' : 'best fit';
    case 'list':
    case 'tuple':
    case 'dict':
      return 'never';
    case 'call':
    case 'attribute':
    case 'subscript':
      if (isFluent(node)) return 'multiline';
      return helpForOperand(baseOf(node));
    case 'not':
      return helpForOperand(notOperand(node));
    case 'compare':
      return isHeldByText(node) ? 'never' : 'multiline';
    case 'binary':
      return node.operator !== 'or' && node.operator !== 'and' && isHeldByText(node) ? 'never' : 'multiline';
    case 'conditional':
      return 'multiline';
  }
}

const helpForOperand = ({ node, parenthesized }: Operand): Help => (parenthesized ? 'never' : helpFor(node));

/** A text of several lines with something in brackets after it: `"""…""" % (…)`. */
function isHeldByText(node: Extract<Expression, { kind: 'binary' | 'compare' }>): boolean {
  return isMultiline(node.left) && bracketsOf(rightOf(node)) !== 'none';
}

export function isMultiline(node: Expression): boolean {
  return node.kind === 'text' && pyText(node.value).includes('\n');
}

export type Chained = Extract<Expression, { kind: 'call' | 'attribute' | 'subscript' }>;

export const isChained = (node: Expression): node is Chained =>
  node.kind === 'call' || node.kind === 'attribute' || node.kind === 'subscript';

export const baseOf = (node: Chained): Operand => primary(node.kind === 'call' ? node.func : node.value);

/** Whether a chain is broken before its dots: `a().b().c()` is, with two attributes of calls, subscripts or parentheses. */
export function isFluent(node: Expression): boolean {
  let attributes = 0;
  for (let at = node; isChained(at);) {
    const base = baseOf(at);
    const isAttribute = at.kind === 'attribute';
    if (base.parenthesized) return attributes + (isAttribute ? 1 : 0) >= 2;
    if (isAttribute && (base.node.kind === 'call' || base.node.kind === 'subscript')) attributes += 1;
    at = base.node;
  }
  return attributes >= 2;
}

/** Whether an expression has brackets of its own, or parentheses where it stands, and something in them. */
function bracketsOf({ node, parenthesized }: Operand): 'none' | 'empty' | 'filled' {
  const own = ownBrackets(node);
  return own !== 'filled' && parenthesized ? 'filled' : own;
}

function ownBrackets(node: Expression): 'none' | 'empty' | 'filled' {
  switch (node.kind) {
    case 'subscript':
      return 'filled';
    case 'list':
    case 'tuple':
      return node.items.length > 0 ? 'filled' : 'empty';
    case 'dict':
      return node.entries.length > 0 ? 'filled' : 'empty';
    case 'call':
      return node.args.length + node.keywords.length > 0 ? 'filled' : 'empty';
    case 'string':
    case 'text':
    case 'number':
    case 'boolean':
    case 'none':
    case 'name':
    case 'imported':
    case 'attribute':
    case 'binary':
    case 'compare':
    case 'not':
    case 'conditional':
      return 'none';
  }
}

interface Survey {
  rank: number;
  /** How often the rank was met. */
  times: number;
  brackets: boolean;
  first: Operand | 'token' | undefined;
  last: Operand | undefined;
}

/** Whether an expression is better broken within its own brackets than put into parentheses: where it has some, and at most one operator, at its edge. */
export function canOmitParentheses(node: Expression): boolean {
  const survey: Survey = { rank: RANKS.none, times: 0, brackets: false, first: undefined, last: undefined };
  visitNode(node, survey);
  if (!survey.brackets || survey.times > 1) return false;
  if (survey.rank === RANKS.none || survey.rank === RANKS.attribute) return true;
  const isHeld = (at: Operand | 'token' | undefined): boolean =>
    at !== undefined && at !== 'token' && at.node.kind !== 'subscript' && bracketsOf(at) === 'filled';
  return isHeld(survey.last) || isHeld(survey.first);
}

function visit(operand: Operand, survey: Survey): void {
  survey.last = operand;
  if (operand.parenthesized) survey.brackets = true;
  else visitNode(operand.node, survey);
  survey.first ??= operand;
}

function visitNode(node: Expression, survey: Survey): void {
  switch (node.kind) {
    case 'list':
    case 'tuple':
    case 'dict':
      survey.brackets = true;
      return;
    case 'binary':
    case 'compare':
      meet(rankOf(node), 1, survey);
      visit(leftOf(node), survey);
      visit(rightOf(node), survey);
      return;
    case 'conditional': {
      meet(RANKS.conditional, 2, survey);
      const { value, test, otherwise } = conditionalParts(node);
      for (const part of [value, test, otherwise]) visit(part, survey);
      return;
    }
    case 'not':
      survey.first ??= 'token';
      visit(notOperand(node), survey);
      return;
    case 'number':
      if (node.value < 0) survey.first ??= 'token';
      return;
    case 'call':
    case 'subscript':
      survey.brackets = true;
      visit(baseOf(node), survey);
      survey.last = { node, parenthesized: false };
      return;
    case 'attribute': {
      const base = baseOf(node);
      visit(base, survey);
      if (bracketsOf(base) !== 'none') meet(RANKS.attribute, 1, survey);
      survey.last = { node, parenthesized: false };
      return;
    }
    case 'string':
    case 'text':
    case 'boolean':
    case 'none':
    case 'name':
    case 'imported':
  }
}

function meet(rank: number, times: number, survey: Survey): void {
  if (rank < survey.rank) return;
  survey.times = rank === survey.rank ? survey.times + times : times;
  survey.rank = rank;
}
