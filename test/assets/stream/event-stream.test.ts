import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ProduceRecord } from '../../../src/runtime/resource/broker.ts';
import { eventStream } from '../../../src/assets/stream/event-stream.ts';
import { generatorConfig } from '../../../src/assets/stream/generator-config.ts';
import { listeningEvents } from '../../../src/assets/stream/generator/listening-events.ts';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { produce, provenance } from '../../../src/runtime/store/produce.ts';
import type { SequencedRecord } from '../../../src/runtime/store/sequenced.ts';
import { createLimiter } from '../../../src/runtime/stream/limiter.ts';
import { DAY, HOUR, ORIGIN, smallCatalogue } from './streams.ts';

const MINUTE = 60_000;
const catalogue = await smallCatalogue();
const config = generatorConfig(20_000).parse({ span: '1d' });

interface Options {
  now(): number;
  readonly stream?: { readonly rate: number | undefined };
  readonly signal?: AbortSignal;
}

const sourceAt = ({ now, stream, signal = new AbortController().signal }: Options) =>
  eventStream({ name: 'listening_events', config, catalogue, stream, signal, now: () => new Date(now()), generate: listeningEvents });

/** Takes records while time passes quickly: whoever asks for it finds it more than a minute later. */
async function follow(count: number, resume?: { readonly sequence: number; readonly state: string }, start = ORIGIN + DAY) {
  let time = start;
  const source = sourceAt({ now: () => (time += MINUTE + 1), stream: { rate: undefined } });
  const { state, records } = source.start(resume);
  const taken: SequencedRecord<unknown>[] = [];
  for await (const record of records) {
    if (taken.push(record) === count) break;
  }
  return { state, taken, generator: source.generator };
}

describe('the generator under `spindle stream`', () => {
  it('makes the same bytes as a run that ends, under the same name, in the minutes that have passed and those to come', async () => {
    const { taken, state, generator } = await follow(30_000);
    const bounded = sourceAt({ now: () => ORIGIN + 3 * DAY });
    expect(generator).toBe(bounded.generator);
    const { records } = bounded.start({ sequence: -1, state });
    const all: SequencedRecord<unknown>[] = [];
    for await (const record of records) if (all.push(record) === 30_000) break;
    expect(taken).toEqual(all);
  });

  it('goes on behind the record that is there, as if it had never ended', async () => {
    const { taken, state } = await follow(10_000);
    const later = await follow(4_000, { sequence: 5_999, state }, ORIGIN + DAY + 6 * HOUR);
    expect(later.taken).toEqual(taken.slice(6_000));
    expect(later.state).toBe(state);
  });

  it('ends in the middle of a minute that holds nothing more', async () => {
    const ending = new AbortController();
    const { records } = sourceAt({ now: () => ORIGIN, stream: { rate: 1 }, signal: ending.signal }).start(undefined);
    const iterator = (records as AsyncIterable<SequencedRecord<unknown>>)[Symbol.asyncIterator]();
    for (
      let step = iterator.next(), next = await Promise.race([step, setTimeout(100)]);
      ;
      next = await Promise.race([step, setTimeout(100)])
    ) {
      if (next === undefined) {
        ending.abort();
        expect(await step).toMatchObject({ done: true });
        break;
      }
      step = iterator.next();
    }
  });

  it('makes as many records in each minute as are asked for, whatever the hour', async () => {
    for (const hour of [0, 5, 11, 17, 23]) {
      const start = ORIGIN + hour * HOUR;
      let time = start;
      const { records } = sourceAt({ now: () => time, stream: { rate: 20 } }).start(undefined);
      const byMinute = new Map<number, number>();
      for await (const { timestamp = 0 } of records) {
        const minute = Math.floor((timestamp - start) / MINUTE);
        if (minute === 40) break;
        byMinute.set(minute, (byMinute.get(minute) ?? 0) + 1);
        time = Math.max(time, timestamp + MINUTE);
      }
      expect([...byMinute.keys()]).toEqual(Array.from({ length: 40 }, (_, minute) => minute));
      expect([...byMinute.values()].filter((made) => Math.abs(made - 1_200) > 24)).toEqual([]); // whole sessions come now and then
    }
  });

  it('has a name of its own for each rate, since it makes other records', () => {
    const name = (rate: number | undefined) => sourceAt({ now: () => ORIGIN, stream: { rate } }).generator;
    expect(new Set([name(undefined), name(10), name(11)]).size).toBe(3);
  });

  it('makes a dense minute without holding it', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const held = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const minute = listeningEvents({
      seed: 7,
      origin: ORIGIN,
      events: 1_200_000,
      span: MINUTE,
      until: ORIGIN + MINUTE,
      even: true,
      catalogue,
    });
    let before = 0;
    let most = 0;
    let made = 0;
    for (const { sequence } of minute) {
      made++;
      if (sequence === 100_000) before = held();
      else if (sequence > 100_000 && sequence % 250_000 === 0) most = Math.max(most, held());
    }
    expect(made).toBe(1_200_000);
    expect((most - before) / 1_048_576).toBeLessThan(8);
  }, 60_000);
});

describe('a producer of it', () => {
  it('sends nothing ahead of its time, and each record once, however often it is killed', async () => {
    const broker = createMemoryBroker();
    await broker.ensureTopic({ name: 'events', partitions: 4 });
    const early: number[] = [];
    const watched = {
      ...broker,
      produce: (topic: string, records: readonly ProduceRecord[]) => {
        early.push(Math.max(...records.map(({ timestamp }) => timestamp)) - Date.now());
        return broker.produce(topic, records);
      },
    };
    const run = async (milliseconds: number, end: 'kill' | 'drain') => {
      const [hard, drain] = [new AbortController(), new AbortController()];
      const source = sourceAt({ now: () => Date.now(), stream: { rate: 2_000 }, signal: AbortSignal.any([hard.signal, drain.signal]) });
      const done = produce({
        broker: watched,
        topic: 'events',
        partitions: 4,
        retention: 'forever',
        source,
        encode: (row) => JSON.stringify(row),
        key: () => null,
        signal: hard.signal,
        now: () => new Date(),
        progress: () => {},
        pace: { drain: drain.signal, wait: createLimiter({ rate: 2_000, now: () => Date.now(), elapsed: () => performance.now() }) },
      });
      await Promise.race([done, setTimeout(milliseconds)]);
      if (end === 'kill') hard.abort(new Error('killed'));
      else drain.abort();
      await done.catch((error: unknown) => expect(error).toMatchObject({ message: 'killed' }));
    };
    for (const milliseconds of [400, 150, 700, 300]) await run(milliseconds, 'kill');
    await run(500, 'drain');
    expect(Math.max(...early)).toBeLessThanOrEqual(1); // a timer may be a millisecond early
    const sequences: number[] = [];
    for (const { partition, end } of await broker.offsets('events'))
      for await (const batch of broker.read('events', partition, { from: 0, to: end }))
        sequences.push(...batch.map(({ headers }) => provenance(headers)?.sequence ?? -1));
    sequences.sort((a, b) => a - b);
    expect(sequences.length).toBeGreaterThan(500);
    expect(sequences).toEqual(Array.from(sequences, (_, sequence) => sequence));
  });
});
