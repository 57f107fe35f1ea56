import { landing } from 'spindle';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LandingOptions } from '../../../src/runtime/landing/landing.ts';
import { Play } from './plays.ts';

const problemsOf = (options: LandingOptions = {}, prefix = 'raw/plays', schema: z.ZodObject = Play) =>
  landing(prefix, schema, options).spec.problems?.('lake/plays', undefined);

describe('the declaration of a landing', () => {
  it('is accepted with what it is by default, and with anything that makes sense', () => {
    expect(problemsOf()).toEqual([]);
    expect(problemsOf({ rotate: { bytes: 1, records: 1, every: '1s', thin: '5m' }, compression: 'zstd' }, 'a.b-c_d/e')).toEqual([]);
  });

  it.each(['', '/raw', 'raw/', 'a//b', 'ü', 'a b'])('is refused with the prefix %j', (prefix) => {
    expect(problemsOf({}, prefix)).toEqual([`its prefix "${prefix}" is no path of letters, digits, "_", "-" and "."`]);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])('is refused with a rotation at %d', (most) => {
    expect(problemsOf({ rotate: { bytes: most, records: most } })).toEqual(
      ['bytes', 'records'].map((size) => `its rotation at ${most} ${size} is no whole number above zero`),
    );
  });

  it('is refused with columns that landing adds, and with a compression that nobody knows', () => {
    expect(problemsOf({}, 'raw', z.object({ _offset: z.int() }))).toEqual(['its schema has columns that landing adds itself: _offset']);
    expect(problemsOf({ compression: 'lz4' as 'gzip' })).toEqual(['its compression "lz4" is none of gzip, zstd']);
  });
});
