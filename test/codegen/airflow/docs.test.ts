import { describe, expect, it } from 'vitest';
import { asset, check, defineProject, job, partitions, table, value } from 'spindle';
import { z } from 'zod';
import { partitionsText } from '../../../src/codegen/airflow/docs.ts';
import { production } from './environment.ts';
import { dagOf } from './exported.ts';

describe('what Airflow shows beside a task', () => {
  it('is all that is declared of its asset', () => {
    const plays = asset('bronze/plays', {
      description: '  What was played.\n\nMore of it.\n',
      owners: ['music', 'data'],
      tags: { pii: '', tier: '1' },
      freshness: { within: '2h' },
      store: table('bronze.plays', z.object({ at: z.iso.datetime() }), { partitionBy: 'at' }),
      partitions: partitions.daily({ start: '2026-01-01', timezone: 'Europe/Berlin' }),
    }).run(() => []);
    const checks = [
      check(plays, 'a').run(() => ({ passed: true })),
      check(plays, 'b', { blocking: true, description: 'B.' }).run(() => ({ passed: true })),
      check(plays, 'c', { severity: 'warn' }).run(() => ({ passed: true })),
    ];
    const project = defineProject({
      name: 'p',
      assets: [plays],
      checks,
      jobs: [job('all', { select: '**' })],
      environments: { production },
    });
    expect(Object.fromEntries(dagOf(project).tasks.map(({ id, docs }) => [id, docs]))).toEqual({
      bronze__plays: `### bronze/plays

What was played.

More of it.

- stored as table bronze.plays
- partitions: days from 2026-01-01 (Europe/Berlin)
- no older than 2h
- owners: music, data
- tag pii
- tag tier=1
- check: a
- check that blocks: b
- check: c`,
      bronze__plays__check__a: '### bronze/plays: a\n\nNothing waits for it; the run fails with it.',
      bronze__plays__check__b: '### bronze/plays: b\n\nB.\n\nWhat depends on the asset waits for it.',
      bronze__plays__check__c: '### bronze/plays: c\n\nIt warns.',
    });
  });

  it('is a line for each of several assets', () => {
    const memory = asset('m', { description: 'In\n memory.' }).run(() => 1);
    const a = asset('a', { store: value<number>(), deps: { memory } }).run(() => 1);
    const project = defineProject({ name: 'p', assets: [memory, a], jobs: [job('all', { select: '**' })], environments: { production } });
    expect(dagOf(project).tasks.map(({ docs }) => docs)).toEqual(['- **m**: In memory.\n- **a**']);
  });
});

describe('partitions', () => {
  it('are told in a line', () => {
    const text = ({ definition }: { readonly definition: Parameters<typeof partitionsText>[0] }) => partitionsText(definition);
    expect(text(partitions.of(['eu', 'us']))).toBe('eu, us');
    expect(text(partitions.of(Array.from({ length: 13 }, (_, index) => `k${index}`)))).toBe('13 keys');
    expect(text(partitions.dynamic('customers'))).toBe('registered keys of customers');
    expect(text(partitions.cross({ region: partitions.of(['eu']), month: partitions.monthly({ start: '2026-01' }) }))).toBe(
      'month: months from 2026-01 (UTC); region: eu',
    );
  });
});
