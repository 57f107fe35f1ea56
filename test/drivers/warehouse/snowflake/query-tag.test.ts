import { describe, expect, it } from 'vitest';
import { queryTag } from '../../../../src/drivers/warehouse/snowflake/query-tag.ts';

describe('a query tag', () => {
  const origin = { project: 'music', asset: 'bronze/plays', partition: '2026-01-01', run: 'r1' };

  it('is JSON that says whose statement it is', () => {
    expect(JSON.parse(queryTag(origin))).toEqual({ app: 'spindle', ...origin });
    expect(queryTag({})).toBe('{"app":"spindle"}');
  });

  it('stays JSON of at most 2,000 characters, whatever is too long in it', () => {
    const long = 'x"'.repeat(1_000);
    const { partition: _, ...whole } = origin;
    expect(JSON.parse(queryTag({ ...origin, partition: long }))).toEqual({ app: 'spindle', ...whole });
    expect(JSON.parse(queryTag({ ...origin, asset: long }))).toEqual({ app: 'spindle', project: 'music', run: 'r1' });
    expect(queryTag({ ...origin, run: long, project: long })).toBe('{"app":"spindle"}');
  });
});
