import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipTo, displayWidth } from '../../src/cli/display-width.ts';
import { createStatusArea } from '../../src/cli/status-area.ts';
import { createStyle } from '../../src/cli/style.ts';
import { fakeTerminal } from './fake-terminal.ts';

describe('the status area of a terminal', () => {
  it('stays at the end while lines are written above it, and is gone when it is emptied', () => {
    const terminal = fakeTerminal();
    const area = createStatusArea(terminal);
    const line = (text: string) => area.above(() => terminal.write(`${text}\n`));
    line('first');
    area.show(() => ['a 1', 'b 1']);
    expect(terminal.screen()).toEqual(['first', 'a 1', 'b 1']);
    line('second');
    area.show(() => ['a 2']);
    expect(terminal.screen()).toEqual(['first', 'second', 'a 2']);
    area.show(() => []);
    line('third');
    expect(terminal.screen()).toEqual(['first', 'second', 'third']);
  });

  it('writes nothing while it has nothing to show', () => {
    const terminal = fakeTerminal();
    createStatusArea(terminal).show(() => []);
    expect(terminal.written).toEqual([]);
  });

  it('clips lines that are too long and leaves out lines that a low terminal has no room for', () => {
    const terminal = fakeTerminal(10, 3);
    const area = createStatusArea(terminal);
    area.show(() => ['0123456789abc', 'short', 'x', 'y']);
    expect(terminal.screen()).toEqual(['01234567…', 'short']);
    area.show(() => []);
    expect(terminal.screen()).toEqual([]);
  });

  it('knows the size that the terminal has now', () => {
    const terminal = fakeTerminal(40);
    const area = createStatusArea(terminal);
    area.show(({ columns }) => [`${columns} columns`]);
    terminal.columns = 30;
    area.show(({ columns, rows }) => [`${columns} columns, ${rows} rows`]);
    expect(terminal.screen()).toEqual(['30 columns, 24 rows']);
  });

  it('erases exactly what it showed, whatever is shown and written in between', () => {
    const step = fc.oneof(
      fc.record({ show: fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 30 }), { maxLength: 4 }) }),
      fc.record({ print: fc.string({ unit: fc.constantFrom('x', 'y'), minLength: 1, maxLength: 12 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const terminal = fakeTerminal(20);
        const area = createStatusArea(terminal);
        for (const each of steps) {
          if ('show' in each) area.show(() => each.show);
          else area.above(() => terminal.write(`${each.print}\n`));
        }
        area.show(() => []);
        expect(terminal.screen()).toEqual(steps.flatMap((each) => ('print' in each ? [each.print] : [])));
      }),
    );
  });
});

describe('clipping', () => {
  it('keeps whole characters, colors that end, and no more columns than there are', () => {
    expect(clipTo('bronze', 6)).toBe('bronze');
    expect(clipTo('bronze/plays', 7)).toBe('bronze…');
    expect(clipTo('椎名林檎', 6)).toBe('椎名…');
    const { red, dim } = createStyle(true);
    expect(clipTo(`${red('one')} ${dim('two')}`, 4)).toBe(`${red('one')}…${dim('')}`);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, width) => displayWidth(clipTo(text, width + 1)) <= width + 1),
    );
  });
});
