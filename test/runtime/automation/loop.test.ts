import { describe, expect, it } from 'vitest';
import { evaluateForever, settle, type Evaluation } from '../../../src/runtime/automation/loop.ts';
import type { Clock } from '../../../src/runtime/resource/clock.ts';

/** A clock that jumps when somebody sleeps, and stops everything at an instant. */
function fakeClock(start: string, end: string) {
  const stop = new AbortController();
  let now = Date.parse(start);
  const sleeps: number[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    elapsed: () => now,
    async sleep(milliseconds, signal) {
      sleeps.push(milliseconds);
      now += milliseconds;
      if (now >= Date.parse(end)) stop.abort(new Error('the end'));
      signal?.throwIfAborted();
    },
  };
  return { clock, signal: stop.signal, sleeps, stop };
}

const quiet: Evaluation = { fired: [], nextTick: undefined };
const day = (time: string) => `2026-01-05T${time}Z`;

describe('the loop of a daemon', () => {
  it('evaluates at the next tick where that comes before the interval is over', async () => {
    const { clock, signal, sleeps } = fakeClock(day('09:59:10'), day('10:01:00'));
    const asked: string[] = [];
    await evaluateForever({
      clock,
      signal,
      interval: 30_000,
      failed: () => expect.unreachable(),
      async evaluate() {
        asked.push(clock.now().toISOString().slice(11, 19));
        return { fired: [], nextTick: new Date(clock.now() < new Date(day('10:00:00')) ? day('10:00:00') : day('11:00:00')) };
      },
    });
    expect(asked).toEqual(['09:59:10', '09:59:40', '10:00:00', '10:00:30']);
    expect(sleeps).toEqual([30_000, 20_000, 30_000, 30_000]);
  });

  it('evaluates again at once after runs, until nothing new fires', async () => {
    const rounds = [['a'], ['b'], ['b'], ['c']];
    const { signal } = fakeClock(day('10:00:00'), day('11:00:00'));
    let round = 0;
    await settle(async () => ({ ...quiet, fired: rounds[round++] ?? [] }), signal);
    expect(round).toBe(3); // what fires twice in a row waits for the next time
  });

  it('tries again with growing pauses after an evaluation that threw, and as before once it works', async () => {
    const { clock, signal, sleeps } = fakeClock(day('10:00:00'), day('10:05:00'));
    const delays: number[] = [];
    let evaluations = 0;
    await evaluateForever({
      clock,
      signal,
      interval: 60_000,
      failed: (error, delay) => {
        expect(error).toMatchObject({ message: 'locked' });
        delays.push(delay);
      },
      async evaluate() {
        evaluations += 1;
        if (evaluations <= 3 || evaluations === 5) throw new Error('locked');
        return quiet;
      },
    });
    expect(delays).toEqual([1000, 2000, 4000, 1000]);
    expect(sleeps.slice(0, 6)).toEqual([1000, 2000, 4000, 60_000, 1000, 60_000]);
  });

  it('waits five minutes at most', async () => {
    const { clock, signal, sleeps } = fakeClock(day('00:00:00'), day('03:00:00'));
    await evaluateForever({ clock, signal, interval: 1000, failed: () => {}, evaluate: () => Promise.reject(new Error('locked')) });
    expect(Math.max(...sleeps)).toBe(300_000);
  });

  it('ends without a word when it is stopped in the middle of an evaluation', async () => {
    const { clock, signal, stop, sleeps } = fakeClock(day('10:00:00'), day('11:00:00'));
    await evaluateForever({
      clock,
      signal,
      interval: 1000,
      failed: () => expect.unreachable(),
      async evaluate() {
        stop.abort(new Error('SIGTERM'));
        throw new Error('canceled');
      },
    });
    expect(sleeps).toEqual([]);
  });
});
