import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { firstOf } from '../../../src/runtime/stream/moment.ts';
import { manualClock } from './manual-clock.ts';

const never = () => new Promise<never>(() => {});

describe('waiting for what comes first', () => {
  it('is over with the work, and gives its value or its error', async () => {
    const { clock, sleeping } = manualClock();
    const drain = new AbortController().signal;
    expect(await firstOf(Promise.resolve(7), { milliseconds: Infinity })).toEqual({ kind: 'value', value: 7 });
    expect(await firstOf(Promise.resolve(7), { milliseconds: 10, drain, sleep: clock.sleep })).toEqual({ kind: 'value', value: 7 });
    await expect(firstOf(Promise.reject(new Error('no')), { milliseconds: 10, drain, sleep: clock.sleep })).rejects.toThrow('no');
    expect(sleeping()).toBe(0);
    expect(getEventListeners(drain, 'abort')).toEqual([]);
  });

  it('is over when the patience ends, after which the work can be waited for again', async () => {
    const { clock, advance } = manualClock();
    let resolve: (value: string) => void = () => {};
    const work = new Promise<string>((settle) => (resolve = settle));
    const waiting = firstOf(work, { milliseconds: 10, sleep: clock.sleep });
    await advance(10);
    expect(await waiting).toEqual({ kind: 'due' });
    expect(await firstOf(work, { milliseconds: 0 })).toEqual({ kind: 'due' });
    const again = firstOf(work, { milliseconds: 10, sleep: clock.sleep });
    resolve('late');
    expect(await again).toEqual({ kind: 'value', value: 'late' });
  });

  it('is over with the order to end, given before or while it waits', async () => {
    const { clock, sleeping } = manualClock();
    const drain = new AbortController();
    const waiting = firstOf(never(), { milliseconds: 10, drain: drain.signal, sleep: clock.sleep });
    drain.abort();
    expect(await waiting).toEqual({ kind: 'drain' });
    expect(await firstOf(Promise.resolve(1), { milliseconds: 0, drain: drain.signal })).toEqual({ kind: 'drain' });
    expect(sleeping()).toBe(0);
    expect(getEventListeners(drain.signal, 'abort')).toEqual([]);
  });

  it('does not fail where the work fails after it was given up', async () => {
    let reject: (error: Error) => void = () => {};
    const work = new Promise<never>((_, settle) => (reject = settle));
    expect(await firstOf(work, { milliseconds: 1 })).toEqual({ kind: 'due' });
    reject(new Error('late'));
    await expect(work).rejects.toThrow('late');
  });

  it('waits by the machine where no clock is given, and longer than a timer of Node can', async () => {
    const drain = new AbortController();
    const waiting = firstOf(never(), { milliseconds: 2 ** 40, drain: drain.signal });
    expect(await firstOf(waiting, { milliseconds: 5 })).toEqual({ kind: 'due' });
    drain.abort();
    expect(await waiting).toEqual({ kind: 'drain' });
  });
});
