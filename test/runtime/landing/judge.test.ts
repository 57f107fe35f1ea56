import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createJudge, reasonKind } from '../../../src/runtime/landing/judge.ts';

const judge = createJudge('plays', z.object({ id: z.int() }));

const flagged = (value: string | Buffer | null, recordedAt = '2026-01-01T00:00:00.123Z') => ({
  record: {
    partition: 2,
    offset: 17,
    key: null,
    headers: {},
    timestamp: Date.parse(recordedAt),
    value: value === null ? null : Buffer.from(value),
  },
  recordedAt,
  reasons: ['as it was told'],
});

describe('the judge of flagged records', () => {
  it('makes the line of a record that passes as a landing would, with its place, time and unknown fields', () => {
    const verdict = judge(flagged('{"id": 1, "more": [1]}'));
    expect(verdict.passes && JSON.parse(verdict.line)).toEqual({
      _topic: 'plays',
      _partition: 2,
      _offset: 17,
      _recorded_at: '2026-01-01T00:00:00.123Z',
      id: 1,
      _extra: { more: [1] },
    });
  });

  it('tells why a record still fails', () => {
    expect(judge(flagged('{"id": "one"}'))).toEqual({ passes: false, reasons: [expect.stringContaining('id: ')] });
    expect(judge(flagged(null))).toEqual({ passes: false, reasons: ['the record has no value'] });
    expect(judge(flagged(Buffer.from([0xff])))).toEqual({ passes: false, reasons: ['not UTF-8 text'] });
  });

  it('keeps a record out whose time was none, and was not kept', () => {
    for (const recordedAt of ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])
      expect(judge(flagged('{"id": 1}', recordedAt))).toEqual({ passes: false, reasons: ['as it was told'] });
  });

  it('counts all texts that are no JSON as one kind', () => {
    const kinds = ['{', '{"a":', 'x']
      .map((text) => judge(flagged(text)))
      .flatMap((verdict) => (verdict.passes ? [] : verdict.reasons.map(reasonKind)));
    expect(new Set(kinds)).toEqual(new Set(['not JSON']));
  });
});
