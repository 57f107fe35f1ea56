import { describe, expect, it } from 'vitest';
import { displayWidth, padTo } from '../../src/cli/display-width.ts';
import { formatBytes, formatCount, formatDuration } from '../../src/cli/format.ts';
import { createStyle, wantsColors } from '../../src/cli/style.ts';
import { table } from '../../src/cli/table.ts';

describe('texts for people', () => {
  it('groups the digits of counts', () => {
    expect([0, 999, 1000, 1_234_567, -5000].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567', '-5,000']);
  });

  it('writes sizes in powers of 1024', () => {
    expect([0, 1023, 1024, 1_572_864, 5 * 1024 ** 5].map(formatBytes)).toEqual(['0 B', '1023 B', '1.0 KiB', '1.5 MiB', '5120.0 TiB']);
  });

  it('writes durations in the units that matter, and never 60 of one', () => {
    const times = [0, 84.6, 999.4, 999.5, 2449, 59_949, 59_950, 185_000, 3_599_499, 3_599_500, 7_620_000];
    expect(times.map(formatDuration)).toEqual([
      '0 ms',
      '85 ms',
      '999 ms',
      '1.0 s',
      '2.4 s',
      '59.9 s',
      '1 min 00 s',
      '3 min 05 s',
      '59 min 59 s',
      '1 h 00 min',
      '2 h 07 min',
    ]);
  });

  it('measures the columns that a text takes on a terminal', () => {
    const texts = ['plays', 'Beyoncé', 'e\u0301', '椎名林檎', '🎵', '👩\u200d🎤', createStyle(true).red('red')];
    expect(texts.map(displayWidth)).toEqual([5, 7, 1, 8, 2, 2, 3]);
    expect(padTo('椎名', 6)).toBe('椎名  ');
    expect(padTo('12', 4, 'left')).toBe('  12');
  });

  it('aligns the cells of a table, numbers on the right, without spaces at the end', () => {
    const columns = [
      { title: 'artist', text: ({ artist }: { artist: string }) => artist },
      { title: 'plays', text: ({ plays }: { plays: number }) => formatCount(plays), align: 'right' as const },
      { title: 'note', text: ({ note }: { note: string }) => note },
    ];
    const rows = [
      { artist: '椎名林檎', plays: 1200, note: 'two\n  lines' },
      { artist: 'Air', plays: 7, note: '' },
    ];
    expect(table(columns, rows)).toBe(['artist    plays  note', '椎名林檎  1,200  two lines', 'Air           7'].join('\n'));
  });

  it('colors terminals only, unless the environment or an option says otherwise', () => {
    const wants = (isTerminal: boolean, env: Record<string, string>, refused = false) => wantsColors({ isTerminal, env, refused });
    expect(wants(true, {})).toBe(true);
    expect(wants(false, {})).toBe(false);
    expect(wants(true, { NO_COLOR: '1' })).toBe(false);
    expect(wants(true, { NO_COLOR: '' })).toBe(true);
    expect(wants(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(wants(true, { FORCE_COLOR: '0' })).toBe(false);
    expect(wants(true, { FORCE_COLOR: '1' }, true)).toBe(false);
  });
});
