import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListeningEvent } from '../../../src/assets/schemas/listening-event.ts';
import { UserActivity } from '../../../src/assets/schemas/user-activity.ts';
import { listeningEvents } from '../../../src/assets/stream/generator/listening-events.ts';
import type { StreamOptions, StreamRecord } from '../../../src/assets/stream/generator/stream-record.ts';
import { userActivity } from '../../../src/assets/stream/generator/user-activity.ts';
import { breaks, DAY, HOUR, ORIGIN, smallCatalogue } from './streams.ts';

type Event = ListeningEvent | UserActivity;
type Stream = (options: StreamOptions) => Iterable<StreamRecord<Event>>;

const catalogue = await smallCatalogue();
const options: StreamOptions = { seed: 1, origin: ORIGIN, events: 10_000, span: 2 * DAY, until: ORIGIN + 2 * DAY, catalogue };

const digest = (records: Iterable<StreamRecord<Event>>): string => {
  const hash = createHash('sha256');
  for (const record of records) hash.update(`${JSON.stringify(record)}\n`);
  return hash.digest('hex');
};
const valid = (records: readonly StreamRecord<Event>[]) => records.flatMap((record) => ('raw' in record ? [] : [record]));
const lateness = ({ timestamp, value }: { timestamp: number; value: Event }) => timestamp - Date.parse(value.occurred_at);

describe.each<[string, Stream, typeof ListeningEvent | typeof UserActivity]>([
  ['listeningEvents', listeningEvents, ListeningEvent],
  ['userActivity', userActivity, UserActivity],
])('%s', (_, stream, schema) => {
  const whole = [...stream(options)];

  it('gives the same bytes for the same seed, clock and size, and others for another seed', () => {
    expect(digest(stream(options))).toBe(digest(whole));
    expect(digest(stream({ ...options, seed: 2 }))).not.toBe(digest(whole));
  });

  it('yields exactly the asked number of records over the span, in dense sequence and in order of upload, none uploaded outside it', () => {
    expect(whole.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 10_000 }, (_unused, sequence) => sequence));
    expect(whole.filter(({ timestamp }, index) => timestamp < (whole[index - 1]?.timestamp ?? ORIGIN))).toEqual([]);
    expect(whole.at(-1)!.timestamp).toBeLessThan(ORIGIN + 2 * DAY);
  });

  it('yields exactly the asked number of records for any origin, span and size', () => {
    const origins = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2050, 0, 1) });
    fc.assert(
      fc.property(origins, fc.integer({ min: 110_000, max: 3 * DAY }), fc.nat(400), (origin, span, events) => {
        const records = [...stream({ ...options, origin, span, events, until: origin + span })];
        expect(records.length).toBe(events);
      }),
      { numRuns: 20 },
    );
  });

  it('taken up after any record goes on as the whole does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 10_000 }), (after) => {
        expect(digest(stream({ ...options, after }))).toBe(digest(whole.slice(after + 1)));
      }),
      { numRuns: 10 },
    );
  });

  it('keeps what it yielded when the clock goes on, and shows no minute before it is over', () => {
    fc.assert(
      fc.property(fc.integer({ min: -HOUR, max: 2 * DAY }), (passed) => {
        const until = ORIGIN + passed;
        const prefix = [...stream({ ...options, until })];
        expect(digest(prefix)).toBe(digest(whole.slice(0, prefix.length)));
        expect(prefix.every(({ timestamp }) => timestamp < until)).toBe(true);
        const complete = Math.floor(until / 60_000) * 60_000;
        expect(prefix.length).toBe(whole.filter(({ timestamp }) => timestamp < complete).length);
      }),
      { numRuns: 10 },
    );
  });

  it('goes on behind the span at the same rate', () => {
    const longer = [...stream({ ...options, until: ORIGIN + 4 * DAY })];
    expect(longer.length).toBe(20_000);
    expect(digest(longer.slice(0, 10_000))).toBe(digest(whole));
  });

  it('is lazy: the first records of a huge stream come without the rest', () => {
    const huge = stream({ ...options, events: 1_000_000_000, span: 1000 * DAY, until: ORIGIN + 1000 * DAY, after: 600_000_000 });
    const [first] = huge;
    expect(first?.sequence).toBe(600_000_001);
  });

  it('yields values that fit the schema, strictly, and raw texts that do not', () => {
    const strict = schema.strict();
    const wrong = whole.filter((record) => breaks(strict, 'raw' in record ? record.raw : JSON.stringify(record.value)) !== 'raw' in record);
    expect(wrong).toEqual([]);
    expect(whole.length - valid(whole).length).toBeGreaterThan(5);
  });

  it('has about the asked shares of late, duplicate and malformed records', () => {
    const shares = { late: 0.1, duplicate: 0.05, malformed: 0.02 };
    const records = [...stream({ ...options, shares })];
    const values = valid(records);
    const ids = new Set(values.map(({ value }) => value.event_id));
    const late = values.filter((record) => lateness(record) >= DAY);
    expect(Math.abs((records.length - values.length) / records.length - 0.02)).toBeLessThan(0.006);
    expect(Math.abs((values.length - ids.size) / records.length - 0.05)).toBeLessThan(0.012);
    expect(Math.abs(late.length / values.length - 0.1)).toBeLessThan(0.04);
    expect(Math.max(...late.map(lateness))).toBeLessThan(3 * DAY + 2 * HOUR);
  });

  it('has no late, duplicate or malformed record when their shares are 0', () => {
    const records = [...stream({ ...options, shares: { late: 0, duplicate: 0, malformed: 0 } })];
    const values = valid(records);
    expect(values.length).toBe(10_000);
    expect(new Set(values.map(({ value }) => value.event_id)).size).toBe(10_000);
    expect(Math.max(...values.map(lateness))).toBeLessThan(1.2 * HOUR);
  });

  it('repeats in a duplicate the payload and the key of an earlier record of the same minute', () => {
    const first = new Map<string, { readonly key: string; readonly timestamp: number; readonly value: Event }>();
    let duplicates = 0;
    for (const { key, timestamp, value } of valid(whole)) {
      const original = first.get(value.event_id);
      if (original === undefined) {
        first.set(value.event_id, { key, timestamp, value });
        continue;
      }
      duplicates += 1;
      expect({ key, value }).toEqual({ key: original.key, value: original.value });
      expect(Math.floor(timestamp / 60_000)).toBe(Math.floor(original.timestamp / 60_000));
    }
    expect(duplicates).toBeGreaterThan(25);
  });

  it('uploads no event before it happened, and does not keep to the order in which they happened', () => {
    const values = valid(whole);
    expect(values.every((record) => lateness(record) >= 0)).toBe(true);
    expect(values.some(({ value }, index) => value.occurred_at < (values[index - 1]?.value.occurred_at ?? ''))).toBe(true);
  });

  it('is keyed by user', () => {
    expect(valid(whole).filter(({ key, value }) => key !== value.user_id)).toEqual([]);
  });

  it('refuses a catalogue without users or without tracks', () => {
    expect(() => [...stream({ ...options, catalogue: { ...catalogue, users: [] } })]).toThrow('at least one user');
    expect(() => [...stream({ ...options, catalogue: { ...catalogue, tracks: [] } })]).toThrow('at least one weight');
  });
});
