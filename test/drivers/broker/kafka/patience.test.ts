import { describe, expect, it } from 'vitest';
import { abortable, tryAgain } from '../../../../src/drivers/broker/kafka/patience.ts';

const passing = new Error('passes');
const staying = new Error('stays');
const options = { patience: 300, isTransient: (error: unknown) => error === passing };

/** Fails so often before it works. */
function failing(...failures: readonly Error[]) {
  let attempts = 0;
  const attempt = async () => {
    const failure = failures[attempts++];
    if (failure !== undefined) throw failure;
    return attempts;
  };
  return { attempt, attempts: () => attempts };
}

describe('trying again', () => {
  it('ends with what worked, and tells what did not', async () => {
    const told: unknown[] = [];
    expect(await tryAgain(failing(passing, passing).attempt, { ...options, failed: (error) => told.push(error) })).toBe(3);
    expect(told).toEqual([passing, passing]);
  });

  it('ends with an error that stays, at once', async () => {
    const { attempt, attempts } = failing(passing, staying, passing);
    await expect(tryAgain(attempt, options)).rejects.toBe(staying);
    expect(attempts()).toBe(2);
  });

  it('ends when patience does', async () => {
    const before = performance.now();
    const always = async () => {
      throw passing;
    };
    await expect(tryAgain(always, options)).rejects.toBe(passing);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('ends with the reason of the signal, between attempts and during one', async () => {
    const stopping = new AbortController();
    const stopped = new Error('stopped');
    const between = tryAgain(
      async () => {
        throw passing;
      },
      { ...options, patience: 60_000, signal: stopping.signal, failed: () => stopping.abort(stopped) },
    );
    await expect(between).rejects.toBe(stopped);
    await expect(tryAgain(() => Promise.resolve(1), { ...options, signal: stopping.signal })).rejects.toBe(stopped);
    const hanging = new AbortController();
    const during = tryAgain(() => new Promise<void>(() => hanging.abort(stopped)), { ...options, signal: hanging.signal });
    await expect(during).rejects.toBe(stopped);
  });
});

describe('a promise that can be aborted', () => {
  it('is itself without a signal, and with one that stays silent', async () => {
    const promise = Promise.resolve(1);
    expect(abortable(promise, undefined)).toBe(promise);
    expect(await abortable(promise, new AbortController().signal)).toBe(1);
    await expect(abortable(Promise.reject(staying), new AbortController().signal)).rejects.toBe(staying);
  });
});
