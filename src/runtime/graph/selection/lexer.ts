import { didYouMean } from '../../closest.ts';
import { SpindleError } from '../../errors.ts';
import { ATTRIBUTES, STATUSES, type Attribute, type AssetStatus, type SelectionAtom } from './ast.ts';

export type Punctuation = '(' | ')' | ',' | 'and' | 'or' | 'not';

interface AtomToken {
  readonly kind: 'atom';
  readonly atom: SelectionAtom;
  readonly upstream: number;
  readonly downstream: number;
}

/** `position` counts UTF-16 units from the start of the text. */
export type Token = (AtomToken | { readonly kind: Punctuation | 'end' }) & { readonly position: number };

/** SELECTION_SYNTAX with a caret under the position. */
export function syntaxError(text: string, position: number, message: string): SpindleError {
  const shown = text.replace(/\s/g, ' ');
  return new SpindleError('SELECTION_SYNTAX', `${message}\n  ${shown}\n  ${' '.repeat(Array.from(text.slice(0, position)).length)}^`, {
    remedy:
      'Write keys or globs, group:, tag:, kind:, owner:, job:, stale, missing, failed or overdue, joined by and, or, not and parentheses.',
  });
}

/** Cuts a selection into tokens; the last one is `end`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const char = text[position]!;
    if (/\s/.test(char)) position += 1;
    else if (char === '(' || char === ')' || char === ',') tokens.push({ kind: char, position: position++ });
    else {
      const { token, end } = readWord(text, position);
      tokens.push(token);
      position = end;
    }
  }
  return [...tokens, { kind: 'end', position }];
}

/** The parts of a word: `2+`, a quoted or plain text, perhaps with `attribute:` before it, and `+3`. Doubling a quote puts it into a quoted text. */
const WORD = /^(?:(?<up>\d*)\+)?(?:(?<attribute>[^\s(),+":]*):)?(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^\s(),+":]*))(?<down>\+\d*)?/;

function readWord(text: string, start: number): { readonly token: Token; readonly end: number } {
  const match = WORD.exec(text.slice(start));
  const { up, attribute, quoted, plain, down } = match?.groups ?? {};
  const end = start + (match?.[0].length ?? 0);
  const next = text[end];
  if (next === '"') {
    const closed = text.includes('"', end + 1);
    throw syntaxError(text, end, closed ? 'Two texts meet here: put a space or comma between them.' : 'This quote is not closed.');
  }
  if (next !== undefined && !/[\s(),]/.test(next))
    throw syntaxError(text, end, `"${next}" does not belong here: put a space or comma between two atoms.`);
  if (quoted === undefined && plain === '') {
    throw syntaxError(text, end, attribute === undefined ? 'Expected a key beside the "+".' : `Expected a text after "${attribute}:".`);
  }
  const bare = up === undefined && down === undefined && attribute === undefined ? plain : undefined;
  if (bare === 'and' || bare === 'or' || bare === 'not') return { token: { kind: bare, position: start }, end };
  const pattern = { text: quoted?.replaceAll('""', '"') ?? plain ?? '', literal: quoted !== undefined };
  const atom =
    attribute === undefined
      ? named(pattern)
      : { kind: 'attribute' as const, attribute: attributeOf(attribute, { text, start }), ...pattern };
  return { token: { kind: 'atom', atom, upstream: depth(up), downstream: depth(down?.slice(1)), position: start }, end };
}

function named(pattern: { readonly text: string; readonly literal: boolean }): SelectionAtom {
  if (!pattern.literal && isStatus(pattern.text)) return { kind: 'status', status: pattern.text };
  return { kind: 'key', ...pattern };
}

/** Absent: no level. Without a number: all. */
function depth(text: string | undefined): number {
  if (text === undefined) return 0;
  return text === '' ? Infinity : Number(text);
}

function isStatus(text: string): text is AssetStatus {
  return (STATUSES as readonly string[]).includes(text);
}

function attributeOf(name: string, { text, start }: { text: string; start: number }): Attribute {
  const attribute = ATTRIBUTES.find((known) => known === name);
  if (attribute !== undefined) return attribute;
  throw syntaxError(
    text,
    start,
    `There is no attribute "${name}:"; there are ${ATTRIBUTES.map((known) => `${known}:`).join(', ')}.${didYouMean(name, ATTRIBUTES)}`,
  );
}
