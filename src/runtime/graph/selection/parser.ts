import type { Selection } from './ast.ts';
import { syntaxError, tokenize, type Token } from './lexer.ts';

const DEEPEST = 100;

/**
 * Parses a selection; SELECTION_SYNTAX with a caret under the mistake. `not` binds tighter than `and`, `and` tighter than a union.
 *
 *     selection   = conjunction { [ "or" | "," ] conjunction } ;       (* two atoms side by side are a union; a "not" there needs and, or or a comma *)
 *     conjunction = negation { "and" negation } ;
 *     negation    = "not" negation | "(" selection ")" | atom ;
 *     atom        = [ [ number ] "+" ] ( key | attribute | status ) [ "+" [ number ] ] ;   (* no spaces within *)
 *     key         = text ;                                             (* * within a segment of a key, ** across segments *)
 *     attribute   = ( "group" | "tag" | "kind" | "owner" | "job" ) ":" text ;   (* tag:name or tag:name=value; * is any text *)
 *     status      = "stale" | "missing" | "failed" | "overdue" ;
 *     text        = plain | '"' { any, a quote doubled } '"' ;         (* a quoted text has no wildcards and no keywords *)
 */
export function parseSelection(text: string): Selection {
  const tokens = tokenize(text);
  let at = 0;
  const peek = (): Token => tokens[at]!;
  const take = (kind: Token['kind']): boolean => {
    if (peek().kind !== kind) return false;
    at += 1;
    return true;
  };

  const union = (depth: number): Selection => {
    const parts = [conjunction(depth)];
    while (take('or') || take(',') || peek().kind === 'atom' || peek().kind === '(') parts.push(conjunction(depth));
    return parts.length === 1 ? parts[0]! : { kind: 'union', of: parts };
  };
  const conjunction = (depth: number): Selection => {
    const parts = [negation(depth)];
    while (take('and')) parts.push(negation(depth));
    return parts.length === 1 ? parts[0]! : { kind: 'intersection', of: parts };
  };
  const negation = (depth: number): Selection => {
    let negated = false;
    while (take('not')) negated = !negated;
    const of = primary(depth);
    return negated ? { kind: 'not', of } : of;
  };
  const primary = (depth: number): Selection => {
    const token = peek();
    if (token.kind === 'atom') {
      at += 1;
      const { atom, upstream, downstream } = token;
      return upstream === 0 && downstream === 0 ? atom : { kind: 'traverse', upstream, downstream, of: atom };
    }
    if (token.kind !== '(') throw unexpected(text, token);
    if (depth === DEEPEST) throw syntaxError(text, token.position, `Parentheses are nested deeper than ${DEEPEST} levels.`);
    at += 1;
    const inner = union(depth + 1);
    if (!take(')'))
      throw peek().kind === 'end' ? syntaxError(text, token.position, 'This parenthesis is not closed.') : unexpected(text, peek());
    return inner;
  };

  const selection = union(0);
  if (peek().kind !== 'end') throw unexpected(text, peek());
  return selection;
}

function unexpected(text: string, { kind, position }: Token): Error {
  switch (kind) {
    case 'end':
      return syntaxError(
        text,
        position,
        text.trim() === '' ? 'The selection is empty: write ** for every asset.' : 'The selection ends too early.',
      );
    case 'not':
      return syntaxError(text, position, 'Write "and not", "or not" or a comma here.');
    case ')':
      return syntaxError(text, position, 'Expected an atom in place of ")".');
    case '(':
    case ',':
    case 'and':
    case 'or':
    case 'atom':
      return syntaxError(text, position, `Expected an atom${kind === 'atom' ? '' : ` before "${kind}"`}.`);
  }
}
