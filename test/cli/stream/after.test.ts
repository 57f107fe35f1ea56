import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after } from '../../../src/cli/stream/after.ts';

const DAY = 86_400_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a call after some time', () => {
  it.each([1, 1_000, 24 * DAY, 25 * DAY, 365 * DAY])('comes then, and once: %d', (milliseconds) => {
    const call = vi.fn<() => void>();
    after(milliseconds, call);
    vi.advanceTimersByTime(milliseconds - 1);
    expect(call).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(2);
    expect(call).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not come where it is stopped, however long ago it was asked for', () => {
    const call = vi.fn<() => void>();
    const stop = after(60 * DAY, call);
    vi.advanceTimersByTime(40 * DAY);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    expect(call).not.toHaveBeenCalled();
  });
});
