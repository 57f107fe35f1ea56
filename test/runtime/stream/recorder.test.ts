import { describe, expect, it } from 'vitest';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import type { RunStore } from '../../../src/runtime/resource/run-store.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { createRecorder } from '../../../src/runtime/stream/recorder.ts';
import { manualClock } from './manual-clock.ts';

const log = (message: string): RunEvent => ({ type: 'log', run: 'r', at: '2026-01-01T00:00:00.000Z', asset: 'a', message });
const started: RunEvent = {
  type: 'run.started',
  run: 'r',
  at: '2026-01-01T00:00:00.000Z',
  project: 'p',
  environment: 'e',
  selection: '**',
  seed: 0,
  steps: 1,
};

/** A run store that can be out of reach, or not answer at all. */
function setUp() {
  const { clock, advance } = manualClock();
  const memory = createMemoryRunStore();
  let state: 'up' | 'down' | 'silent' = 'up';
  const store: RunStore = {
    ...memory,
    async append(events) {
      if (state === 'down') throw new Error('out of reach');
      if (state === 'silent') return new Promise<never>(() => {});
      await memory.append(events);
    },
  };
  const recorder = createRecorder(store, clock);
  return {
    recorder,
    advance,
    become: (next: typeof state) => void (state = next),
    messages: async () => (await memory.events({ run: 'r' })).flatMap((event) => (event.type === 'log' ? [event.message] : [event.type])),
  };
}

describe('the recorder of a stream', () => {
  it('writes events in their order', async () => {
    const { recorder, messages } = setUp();
    recorder.record(started, log('1'));
    recorder.record(log('2'));
    expect(await recorder.end(1_000)).toBe(undefined);
    expect(await messages()).toEqual(['run.started', '1', '2']);
  });

  it('goes on trying where the run store is out of reach, and writes all then, in order', async () => {
    const { recorder, become, advance, messages } = setUp();
    become('down');
    recorder.record(log('1'));
    await advance(10_000);
    recorder.record(log('2'));
    become('up');
    await advance(2_000);
    expect(await messages()).toEqual(['1', '2']);
    expect(await recorder.end(1_000)).toBe(undefined);
  });

  it('waits at the end for so long, then says why not all is written', async () => {
    const { recorder, become, advance } = setUp();
    become('down');
    recorder.record(log('1'));
    const ended = recorder.end(5_000);
    await advance(5_000);
    expect(await ended).toMatchObject({ message: 'out of reach' });
  });

  it('says so also where the run store gives no answer at all', async () => {
    const { recorder, become, advance } = setUp();
    become('silent');
    recorder.record(log('1'), log('2'));
    recorder.record(log('3'));
    const ended = recorder.end(5_000);
    await advance(5_000);
    expect(await ended).toMatchObject({
      code: 'RUN_STORE_UNREACHABLE',
      message: 'The run store did not take the last 3 events within 5 seconds.',
    });
  });

  it('holds no more than ten thousand events, and leaves out flushes rather than what begins a run', async () => {
    const { recorder, become, advance, messages } = setUp();
    become('down');
    recorder.record(started);
    for (let index = 0; index < 12_000; index++) recorder.record(log(String(index)));
    become('up');
    await advance(2_000);
    const written = await messages();
    expect(written.length).toBe(10_000);
    expect(written.slice(0, 2)).toEqual(['run.started', '2001']);
    expect(written.at(-1)).toBe('11999');
  });

  it('writes nothing where the environment has no run store', async () => {
    const { clock } = manualClock();
    const recorder = createRecorder(undefined, clock);
    recorder.record(log('1'));
    expect(await recorder.end(1_000)).toBe(undefined);
  });
});
