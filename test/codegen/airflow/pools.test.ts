import { describe, expect, it } from 'vitest';
import { asset, defineProject, job, table, value, warehouse, type Asset, type Environment } from 'spindle';
import { z } from 'zod';
import { production } from './environment.ts';
import { dagOf, exported } from './exported.ts';

const Row = z.object({ id: z.int() });
const project = (assets: readonly Asset[], environment: Environment = production) =>
  defineProject({
    name: 'shop',
    assets,
    jobs: [job('all', { select: '**' })],
    environments: { environment },
    airflow: { sharedHost: true },
  });
const poolsOf = (of: ReturnType<typeof project>) => Object.fromEntries(dagOf(of).tasks.map(({ id, pool }) => [id, pool]));

describe('the pools of an export', () => {
  it('are those of the graph, and tasks of no pool wait in none', () => {
    const assets = [asset('a', { pool: 'api' }).run(() => 1), asset('b', { pool: 'api' }).run(() => 1), asset('c').run(() => 1)];
    expect(poolsOf(project(assets))).toEqual({ a: 'shop__api', b: 'shop__api', c: undefined });
    expect(exported(project(assets)).pools).toEqual([{ name: 'shop__api', description: 'One at a time: the pool api.' }]);
  });

  it('are those of what one process at a time may open', () => {
    const { warehouse: server } = production;
    const exclusive = { ...production, warehouse: { ...server, embedded: 'exclusive' as const } };
    const assets = [
      asset('a', { store: table('main.a', Row) }).run(() => []),
      asset('b', { resources: { warehouse } }).run(() => 1),
      asset('c', { store: value<number>() }).run(() => 1),
    ];
    expect(poolsOf(project(assets, exclusive))).toEqual({ a: 'shop__warehouse', b: 'shop__warehouse', c: undefined });
    expect(poolsOf(project(assets, { ...production, warehouse: { ...server, embedded: 'shared' as const } }))).toEqual({});
    expect(exported(project(assets)).pools).toEqual([]);
  });

  it('become one where a task is of two, since it can wait in one alone', () => {
    const store = value<number>();
    const a = asset('a', { pool: 'api' }).run(() => 1);
    const b = asset('b', { pool: 'mail', deps: { a }, store }).run(() => 1);
    const c = asset('c', { pool: 'api', store }).run(() => 1);
    const d = asset('d', { pool: 'other', store }).run(() => 1);
    expect(poolsOf(project([a, b, c, d]))).toEqual({
      a__and__b: undefined,
      b: 'shop__api_and_mail',
      c: 'shop__api_and_mail',
      d: 'shop__other',
    });
  });

  it('have names of their own, whatever the texts', () => {
    const names = ['ä', 'ö', 'x'.repeat(400), `${'x'.repeat(400)}y`];
    const { pools } = exported(project(names.map((pool, index) => asset(`k${index}`, { pool }).run(() => 1))));
    expect(new Set(pools.map(({ name }) => name)).size).toBe(names.length);
    for (const { name } of pools) expect(name).toMatch(/^[\w.-]{1,256}$/);
  });
});
