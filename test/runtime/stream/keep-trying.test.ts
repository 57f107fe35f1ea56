import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/runtime/resource/clock.ts';
import { keepTrying, type Progress } from '../../../src/runtime/stream/keep-trying.ts';
import type { StreamNotice } from '../../../src/runtime/stream/notice.ts';
import { manualClock } from './manual-clock.ts';

interface Around {
  readonly clock: Clock;
  readonly until: AbortController;
  readonly drain: AbortController;
}

function setUp(work: (progress: Progress, tries: number, around: Around) => Promise<void>) {
  const { clock, advance } = manualClock();
  const [until, drain] = [new AbortController(), new AbortController()];
  const told: StreamNotice[] = [];
  let tries = 0;
  const done = keepTrying((progress) => work(progress, ++tries, { clock, until, drain }), {
    clock,
    until: until.signal,
    drain: drain.signal,
    tell: (notice) => void told.push(notice),
  });
  return {
    advance,
    until,
    drain,
    told,
    tries: () => tries,
    done,
    delays: () => told.flatMap((notice) => (notice.type === 'interrupted' ? [notice.delay] : [])),
    listeners: () => [until, drain].flatMap(({ signal }) => getEventListeners(signal, 'abort')).length,
  };
}

const failing = () => Promise.reject(new Error('no'));
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('work that is tried again and again', () => {
  it('is done once where it ends by itself', async () => {
    const { done, told, tries, listeners } = setUp(() => Promise.resolve());
    await done;
    expect([tries(), told, listeners()]).toEqual([1, [], 0]);
  });

  it('is taken up again after pauses that grow to a minute', async () => {
    const { advance, delays, until, done, listeners } = setUp(failing);
    await advance(300_000);
    expect(delays()).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
    until.abort();
    await done;
    expect(listeners()).toBe(0);
  });

  it('is told to go on when it gets on, after which the pauses begin anew', async () => {
    const { advance, told, delays } = setUp(async ({ progressed }, tries) => {
      if (tries % 3 === 0) progressed();
      throw new Error('no');
    });
    await advance(6_000);
    expect(delays().slice(0, 5)).toEqual([500, 1_000, 500, 1_000, 2_000]);
    expect(told.map(({ type }) => type).slice(0, 4)).toEqual(['interrupted', 'interrupted', 'resumed', 'interrupted']);
  });

  it('is told to go on also where there is nothing to do, but the pauses grow on', async () => {
    const { advance, told, delays } = setUp(async ({ idle }) => {
      idle();
      throw new Error('no');
    });
    await advance(6_000);
    expect(delays().slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
    expect(told.filter(({ type }) => type === 'resumed').length).toBe(delays().length - 1);
  });

  it('begins anew with short pauses where it went well for a minute', async () => {
    const { advance, delays } = setUp(async (_, tries, { clock }) => {
      if (tries === 4) await clock.sleep(61_000);
      throw new Error('no');
    });
    await advance(65_500);
    expect(delays()).toEqual([500, 1_000, 2_000, 500, 1_000]);
  });

  it('ends without an error where nothing of it matters any more', async () => {
    const { until, done, told } = setUp((_, __, around) => untilAborted(around.until.signal));
    until.abort(new Error('over'));
    await done;
    expect(told).toEqual([]);
  });

  it('ends with the error of what was brought to its end', async () => {
    const { drain, done, told } = setUp((_, __, around) => untilAborted(around.drain.signal));
    drain.abort(new Error('could not be landed'));
    await expect(done).rejects.toThrow('could not be landed');
    expect(told).toEqual([]);
  });

  it('ends at once in a pause, and is not tried again', async () => {
    const { drain, done, advance, tries } = setUp(failing);
    await advance(0);
    drain.abort();
    await done;
    expect(tries()).toBe(1);
  });

  it('is not even tried where the end was ordered before', async () => {
    const { clock } = manualClock();
    const aborted = AbortSignal.abort();
    await keepTrying(failing, { clock, until: aborted, drain: new AbortController().signal, tell: () => {} });
    await expect(keepTrying(failing, { clock, until: new AbortController().signal, drain: aborted, tell: () => {} })).resolves.toBe(
      undefined,
    );
  });
});
