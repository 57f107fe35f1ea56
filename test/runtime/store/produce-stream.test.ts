import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Broker, Sequenced } from 'spindle';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { produce, type ProduceOptions } from '../../../src/runtime/store/produce.ts';
import type { SequencedRecord } from '../../../src/runtime/store/sequenced.ts';

const TOPIC = 't';
type Row = { readonly id: number };
type Records = Iterable<SequencedRecord<Row>> | AsyncIterable<SequencedRecord<Row>>;

const record = (sequence: number, timestamp?: number): SequencedRecord<Row> => ({
  sequence,
  value: { id: sequence },
  ...(timestamp !== undefined && { timestamp }),
});

async function scene(records: (signal: AbortSignal) => Records, options: Partial<ProduceOptions<Row>> = {}) {
  const broker = createMemoryBroker();
  await broker.ensureTopic({ name: TOPIC, partitions: 1 });
  const [hard, drain] = [new AbortController(), new AbortController()];
  const source: Sequenced<Row> = { generator: 'g', start: () => ({ state: '', records: records(drain.signal) }) };
  const batches: number[] = [];
  const idle = vi.fn<() => void>();
  const done = produce<Row>({
    broker,
    topic: TOPIC,
    partitions: 1,
    retention: 'forever',
    source,
    encode: (row) => JSON.stringify(row),
    key: () => null,
    signal: hard.signal,
    now: () => new Date(),
    progress: () => {},
    pace: { drain: drain.signal, wait: (timestamp) => (timestamp === undefined ? 0 : timestamp - Date.now()) },
    flushed: (batch) => void batches.push(batch.length),
    idle,
    ...options,
  });
  done.catch(() => {}); // whoever waits for it is told
  return { broker, hard, drain, done, batches, idle, appended: async () => (await broker.offsets(TOPIC))[0]?.end };
}

const hour = 3_600_000;

afterEach(() => vi.useRealTimers());

describe('producing without end', () => {
  it('does not keep back what a slow source made, and says when it has nothing to do', async () => {
    const { drain, done, appended, idle, batches } = await scene(async function* (signal) {
      yield record(0);
      await sleep(60_000, undefined, { signal }).catch(() => {});
    });
    await vi.waitFor(async () => expect(await appended()).toBe(1));
    expect(idle).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(idle).toHaveBeenCalledTimes(1));
    drain.abort();
    expect(await done).toMatchObject({ records: 1 });
    expect(batches).toEqual([1]);
  });

  it('holds a record back until its time, appends what came before it meanwhile, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    const { drain, done, appended, idle } = await scene(() => [record(0), record(1), record(2, Date.now() + hour), record(3)]);
    await vi.advanceTimersByTimeAsync(hour - 1_000);
    expect(await appended()).toBe(2);
    expect(idle).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(1);
    drain.abort();
    expect(await done).toMatchObject({ records: 2 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes a record when its time has come', async () => {
    vi.useFakeTimers(); // a timer of the machine may end a millisecond before its clock says so
    const start = Date.now();
    const { done, appended } = await scene(() => [50, 100, 400].map((after, index) => record(index, start + after)));
    await vi.advanceTimersByTimeAsync(399);
    expect(await appended()).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    await done;
    expect(await appended()).toBe(3);
  });

  it('ends on order though the source heeds nothing, and appends what it made', async () => {
    const { drain, done, appended } = await scene(async function* () {
      yield record(0);
      await new Promise(() => {});
    });
    await sleep(20);
    drain.abort();
    await done;
    expect(await appended()).toBe(1);
  });

  it('ends at once where it is to, and appends nothing more', async () => {
    const { hard, done, appended } = await scene(() => [record(0), record(1, Date.now() + hour)]);
    await sleep(20);
    hard.abort(new Error('stopped'));
    await expect(done).rejects.toThrow('stopped');
    expect(await appended()).toBe(0);
  });

  it.each(['ends', 'is told to end', 'fails'])('lets go of its source where it %s', async (how) => {
    let returned = 0;
    async function* records(): AsyncGenerator<SequencedRecord<Row>> {
      try {
        for (let sequence = 0; sequence < 3 || how !== 'ends'; sequence++) {
          yield record(sequence);
          await sleep(1);
        }
      } finally {
        returned++;
      }
    }
    const memory = createMemoryBroker();
    await memory.ensureTopic({ name: TOPIC, partitions: 1 });
    const broker: Broker = {
      ...memory,
      produce: (...call) => (how === 'fails' ? Promise.reject(new Error('no')) : memory.produce(...call)),
    };
    const { drain, done, batches } = await scene(records, { broker });
    if (how === 'is told to end') {
      await vi.waitFor(() => expect(batches.length).toBeGreaterThan(0));
      drain.abort();
    }
    await done.catch(() => {}); // one of them fails
    await vi.waitFor(() => expect(returned).toBe(1));
  });
});
