import type { z } from 'zod';
import { makeTracks } from '../../../src/assets/catalogue/tracks.ts';
import { makeUsers } from '../../../src/assets/catalogue/users.ts';
import type { StreamOptions } from '../../../src/assets/stream/generator/stream-record.ts';

export const ORIGIN = Date.UTC(2025, 5, 1);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A small catalogue, the same in every test. */
export async function smallCatalogue(): Promise<StreamOptions['catalogue']> {
  return {
    users: await makeUsers({ seed: 7, size: 1500, before: ORIGIN }),
    tracks: await makeTracks({ seed: 7, size: 300, before: ORIGIN }),
  };
}

/** Whether a record's text is no JSON or breaks the schema: what sends it to the dead letters. */
export function breaks(schema: z.ZodType, text: string): boolean {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return true;
  }
  return !schema.safeParse(parsed).success;
}
