import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import type { Claim, RunStore } from '../../../src/runtime/resource/run-store.ts';
import { streamAlone } from '../../../src/runtime/stream/stream-alone.ts';
import { manualClock } from './manual-clock.ts';

const claimOf = (run: string): Claim => ({ name: 'stream/plays', part: '', whole: true, run });

function scene() {
  const store = createMemoryRunStore();
  const { clock, advance } = manualClock();
  const log: string[] = [];
  /** A process that works until it is told to end. */
  const start = (run: string, runStore: Pick<RunStore, 'claim' | 'release'> = store) => {
    const [hard, drain] = [new AbortController(), new AbortController()];
    const done = streamAlone(
      {
        runStore,
        clock,
        claim: claimOf(run),
        signal: hard.signal,
        drain: drain.signal,
        waiting: (holder) => void log.push(`${run} waits for ${holder}`),
        begun: () => void log.push(`${run} begins`),
      },
      (signal) =>
        new Promise<void>((resolve) => {
          const end = () => resolve(void log.push(`${run} ends`));
          for (const ending of [signal, drain.signal]) ending.addEventListener('abort', end, { once: true });
        }),
    );
    done.catch(() => {}); // whoever waits for it is told
    return { done, hard, drain };
  };
  return { store, advance, start, log };
}

describe('a stream that one process at a time does', () => {
  it('begins at once where no other does it, and gives its claim back', async () => {
    const { store, start, log, advance } = scene();
    const { drain, done, hard } = start('one');
    await advance(10_000);
    expect(log).toEqual(['one begins']);
    expect(await store.claim(claimOf('two'))).toMatchObject({ run: 'one' });
    drain.abort();
    await done;
    expect(await store.claim(claimOf('two'))).toBe(undefined);
    expect([hard, drain].flatMap(({ signal }) => getEventListeners(signal, 'abort')).length).toBeLessThanOrEqual(1); // the work's own
  });

  it('waits for the other, and takes its place some seconds after that has ended', async () => {
    const { start, log, advance } = scene();
    const first = start('one');
    await advance(0);
    const second = start('two');
    await advance(60_000);
    expect(log).toEqual(['one begins', 'two waits for one']);
    first.drain.abort();
    await first.done;
    await advance(2_000);
    expect(log.at(-1)).toBe('one ends');
    await advance(2_000);
    expect(log.at(-1)).toBe('two begins');
    second.drain.abort();
    await second.done;
  });

  it('ends where the claim went to another one while the run store was out of reach, before that one begins', async () => {
    const { store, start, log, advance } = scene();
    const first = start('one');
    await advance(0);
    const second = start('two');
    await advance(500);
    await store.release('one'); // as a server does that found its process gone
    await advance(10_000);
    expect(log).toEqual(['one begins', 'two waits for one', 'one ends', 'two begins']);
    await expect(first.done).rejects.toMatchObject({ code: 'RUN_STORE_UNREACHABLE', transient: true });
    second.drain.abort();
    await second.done;
  });

  it('goes on while the run store cannot be reached, has its claim again afterwards, or gives way to who took it meanwhile', async () => {
    const { store, start, log, advance } = scene();
    let refused: 'all' | 'lost' | undefined;
    const first = start('one', {
      // As a server does that lost the connection: no claim of the run is renewed until the run gave the lost one back.
      async claim(claim) {
        if (refused !== undefined) throw new Error(refused);
        return store.claim(claim);
      },
      async release(run, claim) {
        if (refused === 'all') throw new Error('all');
        refused = undefined;
        await store.release(run, claim);
      },
    });
    await advance(1_000);
    refused = 'all';
    await store.release('one');
    await advance(60_000);
    refused = 'lost';
    await advance(2_000);
    expect(log).toEqual(['one begins']);
    expect(await store.claim(claimOf('two'))).toMatchObject({ run: 'one' });
    refused = 'lost';
    await store.release('one');
    await store.claim(claimOf('two'));
    await advance(2_000);
    expect(log).toEqual(['one begins', 'one ends']);
    await expect(first.done).rejects.toMatchObject({ code: 'RUN_STORE_UNREACHABLE' });
  });

  it('waits again where a third one was faster', async () => {
    const { store, start, log, advance } = scene();
    await store.claim(claimOf('one'));
    const second = start('two');
    await advance(0);
    await store.release('one');
    await advance(1_500); // it has the claim, and gives the other one time to notice
    await store.release('two');
    await store.claim(claimOf('three'));
    await advance(10_000);
    expect(log).toEqual(['two waits for one']);
    await store.release('three');
    await advance(10_000);
    expect(log.at(-1)).toBe('two begins');
    second.hard.abort();
    await second.done;
  });

  it('ends in the middle of waiting, and keeps no claim', async () => {
    const { store, start, log, advance } = scene();
    await store.claim(claimOf('one'));
    const [waiting, next] = [start('two'), start('three')];
    await advance(0);
    waiting.drain.abort();
    await waiting.done;
    await store.release('one');
    await advance(1_500);
    next.hard.abort();
    await next.done;
    expect(log).toEqual(['two waits for one', 'three waits for one']);
    expect(await store.claim(claimOf('four'))).toBe(undefined);
  });
});
