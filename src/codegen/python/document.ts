import { textWidth } from './character-width.ts';

/**
 * A document says where a text may be broken; `layout.ts` chooses. Groups, conditions and parentheses are those of ruff's formatter,
 * for its layouts to come out the same. `expands` is true of what cannot stay on one line.
 */
export type Doc = TextDoc | LineDoc | Sequence | Group | Indent | IndentIfBroken | Conditional | FitsExpanded | BestFit;

/** Names a group for the conditions that look at how it was printed. */
export type GroupId = symbol;

interface TextDoc {
  readonly kind: 'text';
  readonly text: string;
  /** Its columns, or those of its last line where it has several. */
  readonly width: number;
  readonly expands: boolean;
}

interface LineDoc {
  readonly kind: 'line';
  /** What it is where its group stays on one line. */
  readonly flat: '' | ' ';
  readonly expands: false;
}

interface Sequence {
  readonly kind: 'sequence';
  readonly parts: readonly Doc[];
  readonly expands: boolean;
}

interface Group {
  readonly kind: 'group';
  readonly id: GroupId | undefined;
  /** A group only where this other one is broken, and part of it elsewhere. */
  readonly ifBroken: GroupId | undefined;
  readonly content: Doc;
  readonly expands: boolean;
}

interface Indent {
  readonly kind: 'indent';
  readonly content: Doc;
  readonly expands: boolean;
}

interface IndentIfBroken {
  readonly kind: 'indent-if-broken';
  readonly id: GroupId;
  readonly content: Doc;
  readonly expands: boolean;
}

interface Conditional {
  readonly kind: 'conditional';
  readonly printed: 'broken' | 'flat';
  /** The enclosing group where there is none. */
  readonly id: GroupId | undefined;
  readonly content: Doc;
  readonly expands: boolean;
}

/** Content that may take several lines without its group, which has to be flat for that, being broken. */
interface FitsExpanded {
  readonly kind: 'fits-expanded';
  readonly ifFlat: GroupId;
  readonly content: Doc;
  readonly expands: false;
}

/** Content that goes into parentheses of its own where it fits there and nowhere else. */
interface BestFit {
  readonly kind: 'best-fit';
  readonly id: GroupId;
  readonly content: Doc;
  readonly expands: false;
}

/** How deep an expression stands: without parentheses, within them, or within ones that are there only where the group is broken. */
export type Level = 'bare' | 'parenthesized' | GroupId;

export function textDoc(text: string): TextDoc {
  const end = text.lastIndexOf('\n');
  return { kind: 'text', text, width: textWidth(end < 0 ? text : text.slice(end + 1)), expands: end >= 0 };
}
export const sequence = (...parts: readonly Doc[]): Doc => ({ kind: 'sequence', parts, expands: parts.some(({ expands }) => expands) });
export const group = (content: Doc, id?: GroupId): Doc => ({ kind: 'group', id, ifBroken: undefined, content, expands: content.expands });
export const indent = (content: Doc): Doc => ({ kind: 'indent', content, expands: content.expands });
const conditional = (printed: 'broken' | 'flat', content: Doc, id?: GroupId): Doc => ({
  kind: 'conditional',
  printed,
  id,
  content,
  expands: content.expands,
});

const COMMA = textDoc(',');
const COMMA_IF_BROKEN = conditional('broken', COMMA);
export const space = textDoc(' ');
export const softLine: Doc = { kind: 'line', flat: '', expands: false };
export const softLineOrSpace: Doc = { kind: 'line', flat: ' ', expands: false };

/** Items with commas between and, where they take a line each, one at the end. */
export function commaSeparated(items: readonly Doc[], trailing: 'more than one' | 'always' = 'more than one'): Doc {
  const parts = items.flatMap((item, index) => (index === 0 ? [item] : [COMMA, softLineOrSpace, item]));
  const comma = items.length > 1 || (trailing === 'always' && items.length > 0) ? [COMMA_IF_BROKEN] : [];
  return sequence(...parts, ...comma);
}

/** Content, laid out at level `parenthesized`, in brackets that stand at the given level. */
export function bracketed(
  brackets: readonly [open: string, close: string],
  content: Doc,
  { level, hug = false }: { level: Level; hug?: boolean },
): Doc {
  const indented = hug ? content : group(sequence(indent(sequence(softLine, content)), softLine));
  const inner: Doc = typeof level === 'symbol' ? { kind: 'fits-expanded', ifFlat: level, content: indented, expands: false } : indented;
  return sequence(textDoc(brackets[0]), inner, textDoc(brackets[1]));
}

/** Parentheses where the content does not fit; it may break between its own brackets before. */
export function optionalParentheses(content: (level: Level) => Doc): Doc {
  const id: GroupId = Symbol('optional parentheses');
  return inParenthesesIfBroken(content(id), id);
}

/** Parentheses where the content does not fit or has to break. */
export function parenthesizeIfExpands(content: (level: Level) => Doc): Doc {
  return inParenthesesIfBroken(content('parenthesized'), Symbol('parentheses'));
}

function inParenthesesIfBroken(content: Doc, id: GroupId): Doc {
  const inner = sequence(softLine, content);
  return group(
    sequence(
      conditional('broken', textDoc('(')),
      { kind: 'indent-if-broken', id, content: inner, expands: inner.expands },
      softLine,
      conditional('broken', textDoc(')')),
    ),
    id,
  );
}

/** Parentheses where the content fits in them only. */
export function bestFitParentheses(content: (level: Level) => Doc): Doc {
  const id: GroupId = Symbol('best fit');
  return { kind: 'best-fit', id, content: content(id), expands: false };
}

/** A space, which may be a line break where there are parentheses around. */
export function lineInParentheses(level: Level): Doc {
  if (level === 'parenthesized') return softLineOrSpace;
  if (level === 'bare') return space;
  return sequence(conditional('broken', softLineOrSpace, level), conditional('flat', space, level));
}

/** A group where there are parentheses around, and nothing of its own elsewhere. */
export function groupInParentheses(content: Doc, level: Level): Doc {
  if (level === 'parenthesized') return group(content);
  if (level === 'bare') return content;
  return { kind: 'group', id: undefined, ifBroken: level, content, expands: content.expands };
}
