import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListeningEvent } from '../../../src/assets/schemas/listening-event.ts';
import { UserActivity } from '../../../src/assets/schemas/user-activity.ts';
import { malformedText } from '../../../src/assets/stream/generator/malformed.ts';
import { createRandom, seedWords } from '../../../src/assets/stream/generator/random.ts';
import { listeningEvents } from '../../../src/assets/stream/generator/listening-events.ts';
import { userActivity } from '../../../src/assets/stream/generator/user-activity.ts';
import { breaks, DAY, ORIGIN, smallCatalogue } from './streams.ts';

const options = {
  seed: 1,
  origin: ORIGIN,
  events: 50,
  span: DAY,
  until: ORIGIN + DAY,
  shares: { malformed: 0 },
  catalogue: await smallCatalogue(),
};

describe.each([
  ['listening_events', ListeningEvent, [...listeningEvents(options)]],
  ['user_activity', UserActivity, [...userActivity(options)]],
] as const)('a malformed record of %s', (_, schema, records) => {
  it('is never valid, whatever the event and however it was broken', () => {
    fc.assert(
      fc.property(fc.constantFrom(...records), fc.integer(), (record, counter) => {
        if ('raw' in record) throw new Error('no record is malformed when their share is 0');
        expect(schema.safeParse(record.value).success).toBe(true);
        expect(breaks(schema, malformedText(record.value, createRandom(seedWords('test'), counter)))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('comes as an empty text, as no JSON, as JSON of another shape and as an object with a wrong field', () => {
    const { value } = records[0] as { value: ListeningEvent | UserActivity };
    const random = createRandom(seedWords('test'), 0);
    const shapes = new Set(Array.from({ length: 300 }, () => shapeOf(malformedText(value, random))));
    expect([...shapes].sort()).toEqual(['array', 'empty', 'no JSON', 'null', 'object', 'string']);
  });
});

function shapeOf(text: string): string {
  if (text === '') return 'empty';
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed === null ? 'null' : Array.isArray(parsed) ? 'array' : typeof parsed;
  } catch {
    return 'no JSON';
  }
}
