import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSpindleError } from '../../../../src/runtime/errors.ts';
import { parseSelection } from '../../../../src/runtime/graph/selection/parser.ts';

const refusal = (text: string): readonly string[] => {
  try {
    parseSelection(text);
  } catch (error) {
    if (!isSpindleError(error)) throw error;
    expect(error.code).toBe('SELECTION_SYNTAX');
    return error.message.split('\n');
  }
  throw new Error(`"${text}" was taken`);
};

describe('a selection that cannot be read', () => {
  it.each([
    ['', '^', 'The selection is empty: write ** for every asset.'],
    ['a and', '     ^', 'The selection ends too early.'],
    ['and a', '^', 'Expected an atom before "and".'],
    ['a or or b', '     ^', 'Expected an atom before "or".'],
    ['(a or b', '^', 'This parenthesis is not closed.'],
    ['a)', ' ^', 'Expected an atom in place of ")".'],
    ['()', ' ^', 'Expected an atom in place of ")".'],
    ['a not b', '  ^', 'Write "and not", "or not" or a comma here.'],
    ['a+b', '  ^', '"b" does not belong here: put a space or comma between two atoms.'],
    ['a + b', '   ^', 'Expected a key beside the "+".'],
    ['"a', '^', 'This quote is not closed.'],
    ['a"b"', ' ^', 'Two texts meet here: put a space or comma between them.'],
    ['gruop:x', '^', 'There is no attribute "gruop:"; there are group:, tag:, kind:, owner:, job:. Did you mean group?'],
    ['x or group:', '           ^', 'Expected a text after "group:".'],
    ['tag:a:b', '     ^', '":" does not belong here: put a space or comma between two atoms.'],
  ])('%j is refused with a caret under the mistake', (text, caret, message) => {
    expect(refusal(text)).toEqual([message, `  ${text}`, `  ${caret}`]);
  });

  it('is refused rather than overflowing where it is nested too deeply', () => {
    expect(refusal(`${'('.repeat(100_000)}a`)[0]).toBe('Parentheses are nested deeper than 100 levels.');
    expect(parseSelection(`${'('.repeat(100)}a${')'.repeat(100)}`)).toEqual({ kind: 'key', text: 'a', literal: false });
    expect(parseSelection(`${'not '.repeat(20_000)}a`)).toEqual({ kind: 'key', text: 'a', literal: false });
  });

  it('is any text that is not taken, with the caret inside it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .array(fc.constantFrom('a', '+', '2', ' ', '(', ')', ',', '"', ':', 'tag', 'not ', ' and ', 'or', '*', '/'), { maxLength: 12 })
            .map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            parseSelection(text);
          } catch (error) {
            if (!isSpindleError(error)) throw error;
            expect(error.code).toBe('SELECTION_SYNTAX');
            const [caret, shown] = error.message.split('\n').toReversed();
            expect(caret).toMatch(/^ *\^$/);
            expect(caret!.length).toBeLessThanOrEqual([...shown!].length + 1);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('a selection', () => {
  it('takes a quoted text as it is', () => {
    expect(parseSelection('"stale"')).toEqual({ kind: 'key', text: 'stale', literal: true });
    expect(parseSelection('"a*"')).toEqual({ kind: 'key', text: 'a*', literal: true });
    expect(parseSelection('owner:"say ""hi"", (x)"')).toEqual({
      kind: 'attribute',
      attribute: 'owner',
      text: 'say "hi", (x)',
      literal: true,
    });
    expect(parseSelection('2+"and"+')).toEqual({
      kind: 'traverse',
      upstream: 2,
      downstream: Infinity,
      of: { kind: 'key', text: 'and', literal: true },
    });
  });

  it('binds not before and, and and before a union, however the union is written', () => {
    const key = (text: string) => ({ kind: 'key', text, literal: false });
    const expected = { kind: 'union', of: [key('a'), { kind: 'intersection', of: [{ kind: 'not', of: key('b') }, key('c')] }, key('d')] };
    expect(parseSelection('a or not b and c or d')).toEqual(expected);
    expect(parseSelection('a, not b and c d')).toEqual(expected);
    expect(parseSelection(' a\n,not b and c ,d ')).toEqual(expected);
  });
});
