import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { openPostgresRunStore } from '../../../src/drivers/run-store/postgres.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { anyEvent } from '../../drivers/run-store/run-events.ts';
import { observed, openAt } from './open.ts';
import { postgresServer } from './server.ts';

const server = postgresServer();
const title = { project: 'music', environment: 'local', selection: '*', seed: 1, steps: 1 };

describe('the Postgres run store', () => {
  it('agrees with the memory store on any log', async () => {
    let schemas = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyEvent, { maxLength: 8 }), { maxLength: 6 }), async (appends) => {
        schemas += 1;
        const memory = createMemoryRunStore();
        const postgres = await openAt(server.url(), `any_${schemas}`);
        for (const events of appends) await memory.append(events);
        await Promise.all(appends.map((events) => postgres.append(events)));
        const expected = { events: await memory.events({}), runs: await memory.runs(), state: await memory.state() };
        expect({ events: await postgres.events({}), runs: await postgres.runs(), state: await postgres.state() }).toEqual(expected);
        await postgres.close();
      }),
      { numRuns: 60 },
    );
  });

  it('keeps what JSON can hold as it is', async () => {
    const store = await openAt(await server.createDatabase());
    const message = 'null \u0000, a lone \ud800, an emoji 🎵, "quotes", back\\slash, {braces}, $1';
    const event: RunEvent = {
      type: 'log',
      run: 'ünï"c\\ode',
      at: '2024-01-01T00:00:00.000Z',
      asset: "it's/a{b}",
      message,
      fields: { big: 1e300, none: null },
    };
    await store.append([event]);
    expect(await store.events({ asset: "it's/a{b}" })).toEqual([event]);
    await store.close();
  });

  it('keeps what was appended in the same turn as what failed, but nothing of that run behind it', async () => {
    const store = await openAt(await server.createDatabase());
    const broken = { ...observed('b', 'v2'), at: undefined } as unknown as RunEvent;
    const settled = await Promise.allSettled([
      store.append([observed('a', 'v1')]),
      store.append([observed('b', 'v1'), broken]),
      store.append([observed('c', 'v1')]),
      store.append([observed('d', 'v1', 'other')]),
      store.claim({ name: 'a', part: '', whole: true, run: 'other' }),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await store.events({})).toEqual([observed('a', 'v1'), observed('d', 'v1', 'other')]);
    expect((await store.state()).observed).toEqual([observed('a', 'v1'), observed('d', 'v1', 'other')]);
    await store.close();
  });

  it('keeps projects apart by their schemas', async () => {
    const url = await server.createDatabase();
    const [one, other] = [await openAt(url, 'Project "one"'), await openAt(url, 'other')];
    await one.append([observed('a', 'v1')]);
    const claim = { name: 'a', part: '', whole: true };
    expect(await one.claim({ ...claim, run: 'r1' })).toBe(undefined);
    expect(await other.claim({ ...claim, run: 'r2' })).toBe(undefined);
    expect(await other.events({})).toEqual([]);
    await Promise.all([one.close(), other.close()]);
    const again = await openAt(url, 'Project "one"');
    expect(await again.events({})).toEqual([observed('a', 'v1')]);
    await again.close();
  });

  it('forgets what is older than it keeps when a writer closes it, but for the newest 100 runs', async () => {
    const url = await server.createDatabase();
    const options = { url, schema: 'spindle', faults: noFaults };
    const store = await openPostgresRunStore({ ...options, keep: 86_400_000 });
    const long = new Date('2024-01-01').toISOString();
    for (let run = 0; run < 103; run++) {
      const at = run < 2 ? long : new Date().toISOString();
      void store.append([
        { type: 'run.started', run: `r${run}`, at, ...title },
        { type: 'run.finished', run: `r${run}`, at: run === 2 ? long : at, status: 'succeeded', milliseconds: 0 },
      ]);
    }
    await store.append([observed('a', 'v1', 'loose')]);
    await store.close();
    const reader = await openPostgresRunStore({ ...options, keep: 0 });
    const kept = await reader.runs();
    expect([kept.length, kept.at(-1)?.run]).toEqual([100, 'r3']);
    expect((await reader.events({})).length).toBe(200);
    expect((await reader.state()).observed).toEqual([observed('a', 'v1', 'loose')]);
    await reader.close();
    const again = await openAt(url);
    expect((await again.runs()).length).toBe(100);
    await again.close();
  });
});
