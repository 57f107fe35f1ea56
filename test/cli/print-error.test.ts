import { describe, expect, it } from 'vitest';
import { codedError, errorObject, errorText } from '../../src/cli/print-error.ts';
import { createStyle } from '../../src/cli/style.ts';
import { SpindleError } from '../../src/runtime/errors.ts';

const plain = createStyle(false);
const error = new SpindleError('ROWS_INVALID', 'Two rows break the schema.', {
  asset: 'bronze/plays',
  partition: '2026-01-01',
  field: 'ms_played',
  issues: ['row 1: negative', 'row 7:\nmissing'],
  remedy: 'Correct the rows.',
});

describe('a printed error', () => {
  it('has its code, message, place, issues and remedy', () => {
    expect(errorText(error, plain)).toBe(
      [
        'error[ROWS_INVALID]: Two rows break the schema.',
        '  at asset bronze/plays, partition 2026-01-01, field ms_played',
        '  row 1: negative',
        '  row 7:',
        '  missing',
        '→ Correct the rows.',
      ].join('\n'),
    );
    expect(errorText(error, createStyle(true))).toContain('\u001b[31merror[ROWS_INVALID]\u001b[39m');
  });

  it('does not repeat issues that its message shows', () => {
    expect(errorText(new SpindleError('GRAPH_INVALID', 'A problem:\n- a cycle', { issues: ['a cycle'] }), plain)).toBe(
      'error[GRAPH_INVALID]: A problem:\n- a cycle',
    );
  });

  it('is one object as JSON, without what it does not have', () => {
    expect(errorObject(error)).toEqual({
      code: 'ROWS_INVALID',
      message: 'Two rows break the schema.',
      asset: 'bronze/plays',
      partition: '2026-01-01',
      field: 'ms_played',
      remedy: 'Correct the rows.',
      transient: false,
      issues: ['row 1: negative', 'row 7:\nmissing'],
    });
    expect(errorObject(new SpindleError('CANCELED', 'Stopped.'))).toEqual({ code: 'CANCELED', message: 'Stopped.', transient: false });
  });

  it('is INTERNAL with the stack for whatever carries no code', () => {
    expect(codedError(error)).toBe(error);
    expect(errorText(codedError(new TypeError('x is not a function')), plain)).toMatch(
      /^error\[INTERNAL\]: x is not a function\n {2}TypeError: x is not a function\n\s+at .*print-error\.test\.ts/,
    );
    expect(codedError('text').message).toBe('text');
  });
});
