import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eager, onCron, onUpdate } from '../../../src/runtime/automation/condition.ts';
import { asset } from '../../../src/runtime/declare/asset.ts';
import type { AssetDefinition } from '../../../src/runtime/declare/definition.ts';
import { landing } from '../../../src/runtime/landing/landing.ts';
import { partitions } from '../../../src/runtime/partitions/definition.ts';
import { defineStore } from '../../../src/runtime/store/store.ts';
import { table } from '../../../src/runtime/store/table.ts';
import { check, issuesOf, job, one } from './parts.ts';

const daily = partitions.daily({ start: '2026-01-01' }).definition;
const hourly = partitions.hourly({ start: '2026-01-01' }).definition;
const weekly = partitions.weekly({ start: '2026-01-01' }).definition;
const monthly = partitions.monthly({ start: '2026-01-01' }).definition;
const on = (upstream: AssetDefinition) => ({ dependencies: { up: { upstream, mapping: { kind: 'same' } as const } } });
const rows = defineStore({
  kind: 'rows',
  durable: false,
  resources: {},
  schema: z.object({ a: z.int() }),
  readsRows: true,
  problems: (key) => (key === 'bad' ? ['The column a cannot be stored: use another type.'] : []),
  write: () => Promise.resolve({ version: '1' }),
  read: () => undefined,
  version: () => Promise.resolve(undefined),
});

describe('a graph is refused', () => {
  const a = one('a');
  const made = { run: () => 1, shared: { name: 'x + y', output: 'x', outputs: ['x', 'y'] } };
  it.each<[string, Parameters<typeof issuesOf>, string]>([
    ['two definitions of one key', [[a, one('a')]], 'KEY_CLASH: Two assets have the key a: rename one of them.'],
    ['another definition behind a dependency', [[a, one('b', on(one('a')))]], 'KEY_CLASH: Two assets have the key a'],
    ['keys that differ by case only', [[one('Gold/x'), one('gold/x')]], 'KEY_CLASH: Gold/x and gold/x only differ by case'],
    ['a former key that is in use', [[a, one('b', { formerly: ['a'] })]], 'KEY_CLASH: b was formerly called a, but there is an asset a'],
    [
      'a former key claimed twice',
      [[one('b', { formerly: ['o'] }), one('c', { formerly: ['o'] })]],
      'KEY_CLASH: b and c both claim the history of o',
    ],
    ['a key with a space', [[one('a b')]], 'KEY_INVALID: "a b" cannot be an asset\'s key: use segments of letters'],
    ['a key with an empty segment', [[one('a//b')]], 'KEY_INVALID: "a//b"'],
    ['a key that leads out of its folder', [[one('a/../b')]], 'KEY_INVALID: "a/../b"'],
    [
      'a check of an unknown asset',
      [[a], { checks: [check(one('z'), 'c')] }],
      'CHECK_UNKNOWN_ASSET: The check "c" is about z, which is not in the project',
    ],
    ['two checks of one name', [[a], { checks: [check(a, 'c'), check(a, 'c')] }], 'CHECK_CLASH: a has two checks called "c": rename one.'],
    ['two jobs of one name', [[a], { jobs: [job('j', 'a'), job('j', '*')] }], 'JOB_CLASH: Two jobs are called "j": rename one.'],
    [
      'a job that selects an unknown asset',
      [[a], { jobs: [job('j', 'aa')] }],
      'JOB_SELECTION: The selection of the job "j" is wrong: There is no asset "aa". Did you mean a?',
    ],
    [
      'a job that selects itself',
      [[a], { jobs: [job('j', 'job:k'), job('k', 'job:j')] }],
      'JOB_SELECTION: The selection of the job "j" is wrong: The selection of a job leads back to itself: k → j → k.',
    ],
    [
      'a job with a wrong schedule',
      [[a], { jobs: [job('j', 'a', { automation: onCron('* * *').condition })] }],
      'CRON_INVALID: job j: "* * *" is no cron expression',
    ],
    [
      'a timeout that is no duration',
      [[one('a', { timeout: '10' })]],
      'DURATION_INVALID: a, timeout: "10" is not a duration. Write a number and a unit',
    ],
    [
      'a delay that is no duration',
      [[one('a', { retry: { attempts: 2, backoff: 'fixed', delay: '1 week' } })]],
      'DURATION_INVALID: a, retry.delay: "1 week"',
    ],
    ['no attempts', [[one('a', { retry: { attempts: 0, backoff: 'fixed', delay: '1s' } })]], 'RETRY_INVALID: a has 0 attempts'],
    [
      'a wrong cron expression',
      [[one('a', { automation: onCron('61 * * * *').condition })]],
      'CRON_INVALID: a: "61 * * * *" in the time zone "UTC" cannot be read',
    ],
    [
      'a wrong time zone of a schedule',
      [[one('a', { automation: onCron('5 * * * *', { timezone: 'Mars/Base' }).condition })]],
      'CRON_INVALID: a: "5 * * * *" in the time zone "Mars/Base" cannot be read',
    ],
    [
      'waiting for an unknown asset',
      [[one('a', { automation: onUpdate(asset('z').run(() => 1)).condition })]],
      'AUTOMATION_UNKNOWN_ASSET: a waits for z, which is not in the project',
    ],
    [
      'wrong partitions',
      [[one('a', { partitions: partitions.of([]).definition })]],
      'PARTITIONS_INVALID: a: There is no partition key: name at least one.',
    ],
    [
      'partitions that do not map',
      [[one('b', { partitions: monthly, ...on(one('a', { partitions: weekly })) })]],
      "PARTITION_MAPPING: b depends on a. A month does not consist of the upstream's whole weeks",
    ],
    [
      'several values for one',
      [[one('b', { partitions: daily, ...on(one('a', { partitions: hourly })) })]],
      'PARTITION_FAN_IN: b depends on a. One partition of this asset (days)',
    ],
    [
      'a partitioned table that does not say whose rows are whose',
      [[one('a', { partitions: daily, store: table('x.a', z.object({ day: z.iso.date() })) })]],
      'STORE: a: the asset has partitions, and its table does not say which of them a row belongs to: add { partitionBy: … }',
    ],
    [
      'a problem of a table, by the name of the asset even where the text has its letters',
      [[one('m', { store: table('x.m', z.object({ day: z.iso.date() }), { write: 'merge' }) })]],
      'STORE: m: it merges, and names no key',
    ],
    [
      'two assets that write one table',
      [['a', 'b'].map((key) => one(key, { run: () => 1, store: table('x.same', z.object({ day: z.iso.date() })) }))],
      'TABLE_CLASH: a and b both write the table x.same: name another one.',
    ],
    [
      'two landings under one prefix',
      [['a', 'b'].map((key) => one(key, { run: () => 1, store: landing('raw', z.object({ id: z.int() })) }))],
      'PREFIX_CLASH: a and b both land under the prefix raw: give one another prefix.',
    ],
    [
      'a landing under the prefix of another, whatever lies between them',
      [
        [
          ['c', 'raw'],
          ['a', 'raw-2'],
          ['b', 'raw/deep'],
        ].map(([key = '', prefix = '']) => one(key, { run: () => 1, store: landing(prefix, z.object({ id: z.int() })) })),
      ],
      'PREFIX_CLASH: b lands under the prefix raw/deep, within raw, where c lands: give one another prefix.',
    ],
    ['a problem of a store', [[one('bad', { store: rows })]], 'STORE: bad: The column a cannot be stored: use another type.'],
    [
      'members of one function with different partitions',
      [[one('x', { ...made, partitions: daily }), one('y', made)]],
      'SHARED_PARTITIONS: x and y come from one function but are partitioned differently',
    ],
  ])('for %s', (_, options, expected) => {
    const issues = issuesOf(...options);
    expect(issues.join('\n')).toContain(expected);
    // Reported once, and no second problem is made of it.
    expect(issues.filter((issue) => issue.split(':')[0] === expected.split(':')[0]).length).toBeLessThanOrEqual(
      expected.includes('itself') ? 2 : 1,
    );
  });

  it('for none of these', () => {
    const up = one('a', { partitions: hourly, store: rows });
    const down = one('b', {
      ...on(up),
      partitions: daily,
      automation: eager().condition,
      timeout: '1.5h',
      freshness: '2d',
      formerly: ['old'],
    });
    expect(issuesOf([down, one('A-1/b_2.c')], { jobs: [job('j', 'stale and +b')] })).toEqual([]);
  });
});
