import { describe, expect, it } from 'vitest';
import {
  asset,
  check,
  defineProject,
  isSpindleError,
  job,
  partitions,
  table,
  value,
  type Asset,
  type Environment,
  type Job,
} from 'spindle';
import { z } from 'zod';
import { production } from './environment.ts';
import { generateScenario } from './generate-scenario.ts';
import type { AirflowSettings } from '../../../src/runtime/declare/airflow.ts';

const store = value<number>();

interface Parts {
  readonly assets?: readonly Asset[];
  readonly checks?: Parameters<typeof defineProject>[0]['checks'];
  readonly jobs?: readonly Job[];
  readonly environment?: Environment;
  readonly airflow?: AirflowSettings;
}

async function problemsOf({
  assets = [asset('a', { store }).run(() => 1)],
  checks = [],
  jobs = [job('all', { select: '**' })],
  environment = production,
  airflow = {},
}: Parts) {
  const project = defineProject({ name: 'shop', assets, checks, jobs, environments: { environment }, airflow });
  try {
    await generateScenario({ project });
    return [];
  } catch (error) {
    if (isSpindleError(error) && error.code === 'EXPORT_INVALID') return error.issues ?? [];
    throw error;
  }
}

const keys = (...names: readonly string[]) => names.map((key) => asset(key, { store }).run(() => 1));

describe('names that are one in Airflow', () => {
  it('are refused with both keys', async () => {
    expect(await problemsOf({ assets: keys('a/b', 'a__b') })).toEqual([
      'NAME_CLASH: a/b in the job "all" and a__b in the job "all" both become the task a__b: rename one of them.',
    ]);
    expect(
      await problemsOf({ assets: keys('a/b', 'a__b'), jobs: [job('one', { select: 'a/b' }), job('two', { select: 'a__b' })] }),
    ).toEqual([]);
  });

  it('are refused of a check and an asset, of two checks, and of what was put together', async () => {
    const [a, ...others] = keys('a', 'a__check__x', 'group__g');
    const passes = () => ({ passed: true });
    expect(await problemsOf({ assets: [a!, others[0]!], checks: [check(a!, 'x').run(passes)] })).toEqual([
      expect.stringMatching(/^NAME_CLASH: the check "x" of a .* and a__check__x .* become the task a__check__x/) as string,
    ]);
    expect(await problemsOf({ assets: [a!], checks: [check(a!, '日').run(passes), check(a!, '本').run(passes)] })).toEqual([
      expect.stringMatching(/the check "(日|本)" of a .* and the check "(日|本)" of a/) as string,
    ]);
    const grouped = [asset('x', { group: 'g', store }).run(() => 1), asset('y', { group: 'g', store }).run(() => 1)];
    expect(await problemsOf({ assets: [others[1]!, ...grouped], airflow: { granularity: 'group' } })).toEqual([
      expect.stringMatching(/NAME_CLASH: .*(group__g|x, y).* and .*(group__g|x, y).* become the task group__g/) as string,
    ]);
  });

  it('are refused of jobs, with both of them, also where their files differ by case alone', async () => {
    expect(await problemsOf({ jobs: [job('a b', { select: '**' }), job('a?b', { select: '**' })] })).toEqual([
      'NAME_CLASH: the job "a b" and the job "a?b" both become the DAG shop__a_b: rename one of them.',
    ]);
    expect(await problemsOf({ jobs: [job('Daily', { select: '**' }), job('daily', { select: '**' })] })).toEqual([
      'NAME_CLASH: the job "Daily" and the job "daily" become DAGs whose files differ by case alone: rename one of them.',
    ]);
  });

  it('stay apart however long they are', async () => {
    const long = 'long/'.repeat(80);
    expect(
      await problemsOf({
        assets: keys(`${long}a`, `${long}b`),
        jobs: [job(`${long}a`, { select: '**' }), job(`${long}b`, { select: '**' })],
      }),
    ).toEqual([]);
  });
});

describe('texts that have no place', () => {
  it('are refused: in arguments, in tags and in keys of partitions', async () => {
    const [a] = keys('a');
    const passes = () => ({ passed: true });
    expect(await problemsOf({ assets: [a!], checks: [check(a!, 'nul \0').run(passes), check(a!, 'half \ud800').run(passes)] })).toEqual([
      expect.stringContaining(String.raw`TEXT: The check "half \ud800" of a`) as string,
      expect.stringContaining(String.raw`TEXT: The check "nul \u0000" of a`) as string,
    ]);
    expect(await problemsOf({ jobs: [job('all', { select: '**', tags: ['x'.repeat(101)] })] })).toEqual([
      expect.stringMatching(/^TAG: the job "all"/) as string,
    ]);
    const divided = (key: string) => asset('divided', { store, partitions: partitions.of([key]) }).run(() => 1);
    expect(await problemsOf({ assets: [divided('x'.repeat(250))] })).toEqual([]);
    expect(await problemsOf({ assets: [divided('x'.repeat(251))] })).toEqual([
      expect.stringMatching(/^PARTITION_KEY: divided .*251 characters/) as string,
    ]);
    expect(await problemsOf({ assets: [divided('x'.repeat(251))], airflow: { target: '2.9' } })).toEqual([]);
  });
});

describe('keys', () => {
  it('are refused where Airflow has no room for them', async () => {
    const key = (length: number) => `${'x'.repeat(99)}/`.repeat(20).slice(0, length - 1) + 'x';
    const longest = 1_500 - 'spindle://shop/'.length;
    expect(await problemsOf({ assets: keys(key(longest)) })).toEqual([]);
    expect(await problemsOf({ assets: keys(key(longest + 1)) })).toEqual([
      expect.stringMatching(/^ASSET_NAME: x.* has 1501 characters/) as string,
    ]);
  });
});

describe('an environment', () => {
  const written = [asset('a', { store: table('main.a', z.object({ id: z.int() })) }).run(() => [])];
  const embedded = {
    ...production,
    warehouse: { ...production.warehouse, embedded: 'exclusive' as const },
    runStore: { ...production.runStore, embedded: 'shared' as const },
  };

  it('is refused without what assets need, or without a run store', async () => {
    expect(await problemsOf({ assets: written, environment: { runStore: production.runStore } })).toEqual([
      expect.stringMatching(/^RESOURCE_MISSING: The environment "environment" has no warehouse, which a needs/) as string,
    ]);
    const { runStore: _, ...stateless } = production;
    expect(await problemsOf({ environment: stateless })).toEqual([expect.stringMatching(/^RUN_STORE_MISSING/) as string]);
  });

  it('is refused with files of one host, but for tasks that share it', async () => {
    expect(await problemsOf({ assets: written, environment: embedded })).toEqual([
      expect.stringMatching(/^EMBEDDED_DRIVER: The warehouse .* which a needs/) as string,
      expect.stringMatching(/^EMBEDDED_DRIVER: The runStore .* which every task needs/) as string,
    ]);
    expect(await problemsOf({ assets: written, environment: embedded, airflow: { sharedHost: true } })).toEqual([]);
  });

  it('may keep what no task needs where it likes', async () => {
    expect(await problemsOf({ environment: { ...embedded, runStore: production.runStore } })).toEqual([]);
  });
});

describe('a project', () => {
  it('without jobs has nothing that becomes a DAG', async () => {
    expect(await problemsOf({ jobs: [] })).toEqual([expect.stringMatching(/^NO_JOBS/) as string]);
  });
});
