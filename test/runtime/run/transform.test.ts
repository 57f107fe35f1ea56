import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AssetDefinition } from '../../../src/runtime/declare/definition.ts';
import { SpindleError } from '../../../src/runtime/errors.ts';
import { table } from '../../../src/runtime/store/table.ts';
import { made, model, modelRuns, test } from './models.ts';

const bronze = made('bronze');
const silver = model('silver', [bronze]);
const gold = model('gold', [silver]);

describe('the tests of dbt on an asset that it reads', () => {
  const sound = test(bronze, 'bronze_is_sound');
  const digest = made('digest', [bronze]);

  it('run in the call that builds what reads it, once for each version, and are checks of that asset', async () => {
    const run = modelRuns([bronze, silver, gold], [sound]);
    const first = await run();
    expect(first.calls.map(({ select }) => select)).toEqual([['silver', 'gold', 'bronze_is_sound']]);
    expect(first.log).toEqual(['bronze made', 'silver made', 'gold made', 'bronze bronze_is_sound passed']);
    expect((await run()).calls).toEqual([]);
    expect((await run({ code: { bronze: 'c2' } })).log).toContain('bronze bronze_is_sound passed');
  });

  it('keep what reads it from being built where they fail, also in later runs, until it has another version', async () => {
    const run = modelRuns([bronze, silver, gold], [sound]);
    const says = (node: string) => (node === 'bronze_is_sound' ? 'fail' : 'skipped');
    const first = await run({ says });
    expect(first.log).toEqual(['bronze made', 'silver upstream-failed', 'gold upstream-failed', 'bronze bronze_is_sound failed']);
    const second = await run();
    expect(second.calls).toEqual([]);
    expect(second.log).toEqual(['bronze fresh', 'silver check-failed', 'gold check-failed']);
    expect((await run({ code: { bronze: 'c2' } })).log).toEqual([
      'bronze made',
      'silver made',
      'gold made',
      'bronze bronze_is_sound passed',
    ]);
  });

  it('run before an asset that is no model, and keep it from being made where they fail', async () => {
    const failing = await modelRuns([bronze, digest], [sound])({ says: () => 'fail' });
    expect(failing.calls.map(({ select }) => select)).toEqual([['bronze_is_sound']]);
    expect(failing.log).toEqual(['bronze made', 'bronze bronze_is_sound failed', 'digest check-failed']);
    expect((await modelRuns([bronze, digest], [sound])()).log).toEqual(['bronze made', 'bronze bronze_is_sound passed', 'digest made']);
  });

  it('that only warn keep nothing from being made, and nobody waits for them', async () => {
    const warning = test(bronze, 'bronze_is_sound', { blocking: false, severity: 'warn' });
    expect((await modelRuns([bronze, digest], [warning])()).log).toEqual(['bronze made', 'digest made']);
    const { log } = await modelRuns([bronze, silver], [warning])({ says: (node) => (node === 'silver' ? 'success' : 'warn') });
    expect(log).toEqual(['bronze made', 'silver made', 'bronze bronze_is_sound failed']);
  });

  it('of severity error that end as a warning, as below their error_if, keep nothing from being made, in later runs neither', async () => {
    const run = modelRuns([bronze, digest], [sound]);
    const says = (node: string) => (node === 'bronze_is_sound' ? 'warn' : 'success');
    const first = await run({ says });
    expect(first.log).toEqual(['bronze made', 'bronze bronze_is_sound failed', 'digest made']);
    expect(first.events.find(({ type }) => type === 'check.finished')).toMatchObject({ blocking: false, severity: 'warn' });
    expect((await run({ code: { digest: 'c2' } })).log).toEqual(['bronze fresh', 'digest made']);
  });

  it('are nothing to wait for where the environment has no transformer', async () => {
    expect((await modelRuns([bronze, digest], [sound])({ withoutTransformer: true })).log).toEqual(['bronze made', 'digest made']);
  });

  it('fail the run where dbt cannot run them at all, and have no result then: the asset stays as it is, and they run again', async () => {
    const broken = () => new SpindleError('DBT_FAILED', 'no such project');
    const run = modelRuns([bronze, digest], [sound]);
    const first = await run({ says: broken });
    expect(first.log).toEqual(['bronze made', 'bronze bronze_is_sound failed', 'digest check-failed']);
    expect(first.events).toContainEqual(
      expect.objectContaining({ type: 'check.finished', version: null, error: expect.objectContaining({ code: 'DBT_FAILED' }) }),
    );
    expect((await run()).log).toEqual(['bronze fresh', 'bronze bronze_is_sound passed', 'digest made']);
  });

  it('that are lost on the way are run again, and what was passed over for them is built then', async () => {
    const patient = { retry: { attempts: 2, backoff: 'fixed', delay: '1s' } } as const;
    const [stage, top] = [model('stage', [bronze], patient), model('top', [], patient)];
    const says = (node: string, call: number) =>
      call > 1 || node === 'top' ? 'success' : node === 'stage' ? 'skipped' : ({ status: 'error', transient: true } as const);
    // dbt tells of the source's test before it passes over what stands behind it.
    const run = modelRuns([bronze, stage, top], [sound]);
    const { calls, log } = await run({ says, first: 'bronze_is_sound' });
    expect(calls.map(({ select }) => select)).toEqual([
      ['top', 'stage', 'bronze_is_sound'],
      ['stage', 'bronze_is_sound'],
    ]);
    expect(log).toEqual(['bronze made', 'top made', 'stage retried', 'bronze bronze_is_sound passed', 'stage made']);
  });

  it('that are lost for good fail the run, and run again in the next one', async () => {
    const run = modelRuns([bronze, silver], [sound]);
    const says = (node: string) => (node === 'silver' ? 'skipped' : ({ status: 'error', transient: true } as const));
    const first = await run({ says, first: 'bronze_is_sound' });
    expect(first.log).toEqual(['bronze made', 'bronze bronze_is_sound failed', 'silver upstream-failed']);
    expect((await run()).log).toEqual(['bronze fresh', 'silver made', 'bronze bronze_is_sound passed']);
  });

  it('of a partitioned asset are about all of it: a failure blocks what reads any partition, until one of them changes', async () => {
    const store = table('raw.plays', z.object({ region: z.string() }), { partitionBy: 'region' });
    const parts: AssetDefinition = { ...made('parts'), run: () => [], store, partitions: { kind: 'static', keys: ['eu', 'us'] } };
    const behind = model('behind', [parts]);
    const tested = test(parts, 'parts_are_sound');
    const run = modelRuns([parts, behind], [tested]);
    const first = await run({ says: (node) => (node === 'behind' ? 'skipped' : 'fail'), first: 'parts_are_sound' });
    expect(
      first.calls.map(({ select }) => select),
      first.log.join(),
    ).toEqual([['behind', 'parts_are_sound']]);
    expect(first.log.slice(-2)).toEqual(['parts parts_are_sound failed', 'behind upstream-failed']);
    expect((await run()).log.at(-1)).toBe('behind check-failed');
    const again = await run({ code: { parts: 'c2' } });
    expect(again.log.slice(-2)).toEqual(['behind made', 'parts parts_are_sound passed']);
    expect((await run({ code: { parts: 'c2' } })).calls).toEqual([]);
  });

  it('belong to the project that has them: a model of another project is not tested with its own', async () => {
    const other = model('other', [silver], { transform: { project: 'q', dir: '/q', uniqueId: 'other', fqn: 'other' } });
    const theirs = test(silver, 'silver_is_sound', { transform: { dir: '/q', fqn: 'silver_is_sound', reads: ['silver'] } });
    const { calls } = await modelRuns([bronze, silver, other], [theirs])();
    expect(calls.map(({ dir, select }) => [dir, select])).toEqual([
      ['/p', ['silver']],
      ['/q', ['other', 'silver_is_sound']],
    ]);
  });
});

describe('models that fail', () => {
  const patient = { retry: { attempts: 3, backoff: 'fixed', delay: '1s' } } as const;
  const one = model('one', [], patient);
  const two = model('two', [one], patient);
  const other = model('other', [], patient);
  const both = model('both', [two, other], patient);
  const lost = { status: 'error', transient: true } as const;

  it('for a transient reason are built again with what waits for them, and nothing else', async () => {
    const run = modelRuns([one, two, other, both], []);
    const says = (node: string, call: number) => (call > 1 ? 'success' : node === 'one' ? lost : node === 'other' ? 'success' : 'skipped');
    const { calls, log } = await run({ says });
    expect(calls.map(({ select }) => select)).toEqual([
      ['one', 'other', 'two', 'both'],
      ['one', 'two', 'both'],
    ]);
    expect(log.filter((line) => line.endsWith('made')).toSorted()).toEqual(['both made', 'one made', 'other made', 'two made']);
    expect(log).toEqual(expect.arrayContaining(['one retried', 'two retried', 'both retried']));
  });

  it('for good are not tried again, nor what stands on them', async () => {
    const says = (node: string) => (node === 'one' ? lost : node === 'other' ? 'error' : 'skipped');
    const { calls, log } = await modelRuns([one, two, other, both], [])({ says });
    expect(calls.map(({ select }) => select)).toEqual([
      ['one', 'other', 'two', 'both'],
      ['one', 'two'],
      ['one', 'two'],
    ]);
    expect(log).toEqual(expect.arrayContaining(['other failed: DBT_MODEL_FAILED', 'one failed: DBT_MODEL_FAILED', 'both upstream-failed']));
    expect(log.filter((line) => line.startsWith('two'))).toEqual(['two retried', 'two retried', 'two upstream-failed']);
  });

  it('with the whole call, for a transient reason, are built again as far as they were not built', async () => {
    const says = (node: string, call: number) =>
      call === 1 && node === 'other' ? new SpindleError('DBT_FAILED', 'gone', { transient: true }) : 'success';
    const { calls, log } = await modelRuns([one, two, other, both], [])({ says });
    expect(calls.map(({ select }) => select)).toEqual([
      ['one', 'other', 'two', 'both'],
      ['other', 'two', 'both'],
    ]);
    expect(log.filter((line) => line.endsWith('made'))).toHaveLength(4);
  });

  it('are built alone by the next run', async () => {
    const run = modelRuns([silver, gold, bronze], []);
    await run({ says: (node) => (node === 'gold' ? 'error' : 'success') });
    expect((await run()).calls.map(({ select }) => select)).toEqual([['gold']]);
  });
});
