import { getEventListeners } from 'node:events';
import { asset, topic, value, type Broker } from 'spindle';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { SpindleError } from '../../../src/runtime/errors.ts';
import { parseChainKey } from '../../../src/runtime/landing/chain.ts';
import { chainVersion } from '../../../src/runtime/landing/chain-version.ts';
import type { MaterializedEvent } from '../../../src/runtime/resource/run-store.ts';
import { landedPlaces } from '../landing/plays.ts';
import { manualClock } from './manual-clock.ts';
import { landedPlays, plays, producedIds, streamScene } from './stream-rig.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('assets that are kept running', () => {
  it('produce and land until they are told to end, and record each flush in a run of theirs', async () => {
    const { broker, lake, events, start } = streamScene();
    const stream = start(plays, landedPlays);
    await vi.waitFor(async () => expect((await landedPlaces(lake)).length).toBeGreaterThan(200), { timeout: 10_000 });
    await stream.drain();
    const ids = await producedIds(broker);
    expect(ids).toEqual(upTo(ids.length));
    const log = await events();
    expect(log[0]).toMatchObject({ type: 'run.started', steps: 2, tags: ['stream'] });
    expect(log.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' });
    const flushes = log.filter((event): event is MaterializedEvent => event.type === 'asset.materialized');
    const rows = (key: string) => flushes.filter(({ asset: of }) => of === key).reduce((sum, flush) => sum + (flush.rows ?? 0), 0);
    expect(rows('stream/plays')).toBe(ids.length);
    expect(rows('lake/plays')).toBe((await landedPlaces(lake)).length);
    expect(flushes.findLast(({ asset: of }) => of === 'lake/plays')?.version).toBe(await chainVersion(lake, 'raw'));
    expect(flushes.find(({ asset: of }) => of === 'lake/plays')).toMatchObject({
      metadata: { records: expect.any(Number), rejected: 0, latency: { p50: expect.any(Number) }, rebalances: 1 },
    });
  });

  it('wait for a topic that is not there yet', async () => {
    const { lake, start } = streamScene();
    const lander = start(landedPlays);
    await vi.waitFor(() => expect(lander.told('lake/plays', 'interrupted').length).toBe(1));
    expect(lander.told('lake/plays', 'interrupted')[0]).toMatchObject({ error: { code: 'UPSTREAM_MISSING' }, delay: 500 });
    const producer = start(plays);
    await vi.waitFor(async () => expect((await landedPlaces(lake)).length).toBeGreaterThan(0), { timeout: 10_000 });
    expect(lander.told('lake/plays', 'resumed').length).toBe(1);
    await Promise.all([producer.drain(), lander.drain()]);
  });

  it('produce each record once, whatever of a batch a failed call kept', async () => {
    const memory = createMemoryBroker();
    let calls = 0;
    const broker: Broker = {
      ...memory,
      async produce(name, records, options) {
        if (++calls % 3 !== 0 || calls > 9) return memory.produce(name, records, options);
        const kept = upTo(2).flatMap((partition) => records.filter((record) => record.partition === partition).slice(0, partition));
        await memory.produce(name, kept, options);
        throw new SpindleError('BROKER_UNREACHABLE', 'the answer was lost', { transient: true });
      },
    };
    const { start, events } = streamScene({ broker });
    const stream = start(plays);
    await vi.waitFor(() => expect(stream.told('stream/plays', 'interrupted').length).toBe(3), { timeout: 15_000 });
    const torn = (await producedIds(memory)).length;
    await vi.waitFor(async () => expect((await producedIds(memory)).length).toBeGreaterThan(torn + 100), { timeout: 15_000 });
    await stream.drain();
    const ids = await producedIds(memory);
    expect(ids).toEqual(upTo(ids.length));
    expect((await events()).filter(({ type }) => type === 'step.retried').length).toBeGreaterThanOrEqual(3);
  });

  it('leave out what a run made before, where a function returns plain rows', async () => {
    const { broker, start, materialize } = streamScene();
    const least = asset('least', { store: value(z.int()) }).run(() => 7);
    const rows = asset('stream/plays', { store: topic('plays', z.object({ id: z.int() }), { partitions: 2 }), deps: { least } }).run(
      ({ least: first }) => [{ id: first }, { id: first + 1 }],
    );
    expect(await materialize(rows)).toBe('succeeded');
    await start(rows).done; // the rows end, and so does the stream
    expect(await producedIds(broker)).toEqual([7, 8]);
  });

  it('begin a new run every six hours, so that old ones can be forgotten', async () => {
    const { clock, advance } = manualClock();
    const broker = createMemoryBroker();
    await broker.ensureTopic({ name: 'plays', partitions: 2 });
    const { events, start, lake } = streamScene({ clock, broker });
    const stream = start(landedPlays);
    await vi.waitFor(() => expect(stream.told('lake/plays', 'lag').length).toBe(1));
    await advance(6 * 3_600_000);
    const record = { partition: 0, key: null, value: Buffer.from('{"id":1}'), headers: {}, timestamp: clock.now().getTime() };
    await broker.produce('plays', [record]);
    await advance(2_000);
    await vi.waitFor(async () => expect((await landedPlaces(lake, 'raw')).length).toBe(1));
    await stream.drain();
    const log = await events();
    const runs = log.flatMap((event) => (event.type === 'run.started' ? [event.run] : []));
    expect(runs.length).toBe(2);
    expect(log.flatMap((event) => (event.type === 'run.finished' ? [[event.run, event.status]] : []))).toEqual(
      runs.map((run) => [run, 'succeeded']),
    );
    expect(log.find(({ type }) => type === 'asset.materialized')).toMatchObject({ run: runs[1] });
  });
});

describe('a function that fails', () => {
  const calls = (fail: (signal: AbortSignal) => Promise<never>) =>
    asset('stream/plays', { store: topic('plays', z.object({ id: z.int() }), { partitions: 2 }) }).run((_, { signal }) => fail(signal));

  it('is called again, and told as what it is: no defect of Spindle', async () => {
    const { start } = streamScene();
    const stream = start(calls(() => Promise.reject(new TypeError('no such field'))));
    await vi.waitFor(() => expect(stream.told('stream/plays', 'interrupted').length).toBe(2));
    expect(stream.told('stream/plays', 'interrupted')[0]).toMatchObject({
      error: { code: 'ASSET_FAILED', message: expect.stringContaining('TypeError: no such field'), place: { asset: 'stream/plays' } },
    });
    await stream.drain();
  });

  it('because it heard the order to end, before anything was read, is no failure of the stream', async () => {
    const { start } = streamScene();
    let called = false;
    const stream = start(
      calls(
        (signal) =>
          new Promise((_, reject) => {
            called = true;
            signal.addEventListener('abort', () => reject(signal.reason as Error));
          }),
      ),
    );
    await vi.waitFor(() => expect(called).toBe(true));
    await stream.drain();
    expect(stream.notices).toEqual([]);
  });
});

describe('an asset that one process at a time produces', () => {
  it('goes over to the process that waits, without a gap and without a double', async () => {
    const { broker, start } = streamScene();
    const first = start(plays);
    await vi.waitFor(async () => expect((await producedIds(broker)).length).toBeGreaterThan(0), { timeout: 5_000 });
    const second = start(plays);
    await vi.waitFor(() => expect(second.told('stream/plays', 'waiting').length).toBe(1));
    await first.drain();
    const before = (await producedIds(broker)).length;
    await vi.waitFor(async () => expect((await producedIds(broker)).length).toBeGreaterThan(before), { timeout: 10_000 });
    await second.drain();
    const ids = await producedIds(broker);
    expect(ids).toEqual(upTo(ids.length));
  });

  it('begins once the run store can say that no other does', async () => {
    const memory = createMemoryRunStore();
    let refusals = 1;
    const { broker, start } = streamScene({
      runStore: {
        ...memory,
        claim: (claim) => (refusals-- > 0 ? Promise.reject(new SpindleError('RUN_STORE_UNREACHABLE', 'no answer')) : memory.claim(claim)),
      },
    });
    const stream = start(plays);
    await vi.waitFor(async () => expect((await producedIds(broker)).length).toBeGreaterThan(0), { timeout: 5_000 });
    expect(stream.told('stream/plays', 'interrupted')).toMatchObject([{ error: { code: 'RUN_STORE_UNREACHABLE' } }]);
    expect(stream.told('stream/plays', 'resumed').length).toBe(1);
    await stream.drain();
  });
});

describe('a stream that ends', () => {
  it('fails with the error of what could not be landed, and its run too', async () => {
    const lake = createMemoryObjectStore();
    const { broker, events, start } = streamScene({
      lake: {
        ...lake,
        putIfAbsent: (...put) =>
          parseChainKey(put[0]) === undefined ? lake.putIfAbsent(...put) : Promise.reject(new SpindleError('LAKE_FULL', 'no room')),
      },
    });
    await broker.ensureTopic({ name: 'plays', partitions: 2 });
    const stream = start(landedPlays);
    await vi.waitFor(() => expect(stream.told('lake/plays', 'lag').length).toBe(1));
    await broker.produce('plays', [{ partition: 0, key: null, value: Buffer.from('{"id":1}'), headers: {}, timestamp: Date.now() }]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(stream.drain()).rejects.toMatchObject({ code: 'LAKE_FULL' });
    expect((await events()).at(-1)).toMatchObject({ type: 'run.finished', status: 'failed' });
  });

  it('does not wait, where it is to end at once, for a lake that gives no answer, and tells nothing afterwards', async () => {
    const lake = createMemoryObjectStore();
    let answer = () => {};
    const silent = new Promise<void>((resolve) => (answer = resolve));
    const { events, start } = streamScene({
      lake: {
        ...lake,
        async putIfAbsent(...put) {
          if (parseChainKey(put[0]) !== undefined) await silent;
          return lake.putIfAbsent(...put);
        },
      },
    });
    const stream = start(plays, landedPlays);
    await vi.waitFor(() => expect(stream.told('lake/plays', 'lag').length).toBeGreaterThan(0), { timeout: 5_000 });
    const draining = stream.drain();
    stream.hard.abort(new SpindleError('CANCELED', 'it took too long'));
    await expect(draining).rejects.toMatchObject({ code: 'CANCELED', message: 'it took too long' });
    expect((await events()).at(-1)).toMatchObject({ type: 'run.finished', status: 'canceled' });
    const told = stream.notices.length;
    answer();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stream.notices.length).toBe(told);
  });

  it('says that its last flushes are not recorded, where the run store is out of reach', async () => {
    const { clock, advance } = manualClock();
    const memory = createMemoryRunStore();
    let down = false;
    const broker = createMemoryBroker();
    await broker.ensureTopic({ name: 'plays', partitions: 2 });
    const { start } = streamScene({
      clock,
      broker,
      runStore: {
        ...memory,
        append: (events) => (down ? Promise.reject(new SpindleError('RUN_STORE_UNREACHABLE', 'no answer')) : memory.append(events)),
      },
    });
    const stream = start(landedPlays);
    await vi.waitFor(() => expect(stream.told('lake/plays', 'lag').length).toBe(1));
    down = true;
    const draining = stream.drain();
    await expect(Promise.all([draining, advance(10_000)])).rejects.toMatchObject({ code: 'RUN_STORE_UNREACHABLE' });
  });

  it('leaves few listeners at its signals, however often it was interrupted', async () => {
    const { clock, advance } = manualClock();
    const { start } = streamScene({ clock });
    const stream = start(landedPlays); // there is no topic, and nobody makes it
    await advance(60_000);
    const [few] = stream.signals.map((signal) => getEventListeners(signal, 'abort').length);
    await advance(4 * 3_600_000);
    expect(stream.told('lake/plays', 'interrupted').length).toBeGreaterThan(200);
    expect(stream.signals.map((signal) => getEventListeners(signal, 'abort').length)[0]).toBe(few);
    await stream.drain();
  });
});
