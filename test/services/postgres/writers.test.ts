import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import type { RunStore } from '../../../src/runtime/resource/run-store.ts';
import { bundledChild } from '../../drivers/bundled-child.ts';
import { openAt } from './open.ts';
import { postgresServer } from './server.ts';

const server = postgresServer();
const file = bundledChild(new URL('writing-child.ts', import.meta.url));

interface Writing {
  readonly opened: Promise<unknown>;
  /** What went wrong, '' where nothing did. */
  readonly ended: Promise<string>;
}

function write(url: string, writer: string, ...args: readonly string[]): Writing {
  const child = spawn(process.execPath, [file, url, 'spindle', writer, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(() => (child.exitCode === 0 ? '' : `${child.exitCode} ${child.signalCode} ${errors}`));
  return { opened: once(child.stdout, 'data'), ended };
}

const problems = (writing: readonly Writing[]): Promise<readonly string[]> => Promise.all(writing.map(({ ended }) => ended));

/** That the log holds all that the writers wrote, each one's in its order, and that the rest is a fold of the log. */
async function expectAll(store: RunStore, writers: readonly string[], rounds: number): Promise<void> {
  const log = await store.events({});
  for (const writer of writers) {
    const own = log.filter(({ run, part }) => run === writer || part === writer);
    const numbers = own.flatMap((event) => (event.type === 'log' && event.asset !== 'critical' ? [event.message] : []));
    expect(numbers).toEqual(Array.from({ length: rounds }, (_, n) => String(n)));
    const made = own.flatMap((event) => (event.type === 'asset.materialized' ? [`${event.part ?? ''} ${event.version}`] : []));
    expect(made).toEqual(Array.from({ length: rounds }, (_, n) => [` ${writer} ${n}`, `${writer} ${writer} ${n}`]).flat());
    for (const events of [own.filter(({ part }) => part === undefined), own.filter(({ part }) => part !== undefined)])
      expect([events[0]?.type, events.at(-1)?.type]).toEqual(['run.started', 'run.finished']);
    expect(own.filter(({ type }) => type !== 'log').length).toBe(4 + 8 * rounds);
  }
  const memory = createMemoryRunStore();
  await memory.append(log);
  expect(await store.runs()).toEqual(await memory.runs());
  expect(await store.state()).toEqual(await memory.state());
}

describe('twenty processes that write at once', () => {
  it('lose no event and no order, and leave summaries and state that are a fold of the log', async () => {
    const url = await server.createDatabase();
    const writers = Array.from({ length: 20 }, (_, i) => `w${i}`);
    expect(await problems(writers.map((writer) => write(url, writer, '40', 'claims')))).toEqual(writers.map(() => ''));
    const store = await openAt(url);
    await expectAll(store, writers, 40);
    const [shared] = (await store.runs()).filter(({ run }) => run === 'shared');
    expect(shared).toMatchObject({ status: 'succeeded', materialized: 20 * 40, failed: 20 * 40 });
    expect(Object.keys(shared?.parts ?? {}).length).toBe(20);
    const critical = (await store.events({ asset: 'critical' })).map(
      (event) => `${event.run} ${event.type === 'log' ? event.message : ''}`,
    );
    expect(critical.length).toBe(20 * 4 * 2);
    for (let i = 0; i < critical.length; i += 2) expect(critical[i + 1]).toBe(critical[i]?.replace('in', 'out'));
    await store.close();
  });
});

describe('processes whose connections are cut again and again', () => {
  it('lose no event, and write none twice', async () => {
    const url = await server.createDatabase();
    const writers = Array.from({ length: 5 }, (_, i) => `w${i}`);
    const children = writers.map((writer) => write(url, writer, '150'));
    await Promise.all(children.map(({ opened }) => opened));
    const writing = problems(children);
    let done = false;
    void writing.then(() => (done = true));
    let cut = 0;
    while (!done) {
      const backends = await server.query(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'spindle' and datname = current_database() and query ~ '(event|run|state|commit)' order by random() limit 1`,
      );
      cut += backends.length;
    }
    expect(await writing).toEqual(writers.map(() => ''));
    expect(cut).toBeGreaterThan(5);
    const store = await openAt(url);
    await expectAll(store, writers, 150);
    await store.close();
  });
});
