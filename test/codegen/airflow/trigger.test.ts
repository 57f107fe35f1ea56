import { describe, expect, it } from 'vitest';
import { allOf, anyOf, asset, eager, not, onCron, onMissing, onUpdate, overdue, type Automation } from 'spindle';
import { triggerOf } from '../../../src/codegen/airflow/trigger.ts';

const a = asset('a').run(() => 1);
const b = asset('b').run(() => 1);
const c = asset('c').run(() => 1);
const read = ({ condition }: Automation, inputs: readonly string[] = ['x', 'y']) => triggerOf(condition, inputs);
const key = (of: string) => ({ kind: 'asset', key: of }) as const;
const four = { cron: '0 4 * * *', timezone: 'UTC' };

describe('what starts a DAG', () => {
  it('is a tick, new versions of assets, or what the job reads', () => {
    expect(read(onCron('0 4 * * *'))).toMatchObject({ crons: [four], assets: undefined, features: ['automation.cron'] });
    expect(read(onUpdate(a))).toEqual({ crons: [], assets: key('a'), features: ['automation.updated'] });
    expect(read(onUpdate(a, b)).assets).toEqual({ kind: 'any', of: [key('a'), key('b')] });
    expect(read(eager())).toEqual({ crons: [], assets: { kind: 'any', of: [key('x'), key('y')] }, features: ['automation.eager'] });
  });

  it('is nothing where Airflow cannot be told', () => {
    expect(read(eager(), [])).toEqual({ crons: [], assets: undefined, features: ['automation.eager-alone'] });
    for (const [condition, feature] of [
      [onMissing(), 'missing'],
      [overdue(), 'overdue'],
      [not(onUpdate(a)), 'not'],
    ] as const)
      expect(read(condition)).toEqual({ crons: [], assets: undefined, features: [`automation.${feature}`] });
  });

  it('is one of several', () => {
    expect(read(anyOf(onUpdate(a), onCron('0 4 * * *'), onUpdate(b)))).toMatchObject({
      crons: [four],
      assets: { kind: 'any', of: [key('a'), key('b')] },
      features: ['automation.updated', 'automation.cron', 'automation.updated', 'automation.any'],
    });
    expect(read(anyOf(onCron('0 4 * * *'), onCron('0 5 * * *'))).features).toContain('automation.several-crons');
    expect(read(anyOf(onCron('0 4 * * *'), onCron('0 5 * * *'))).features).not.toContain('automation.several-zones');
    expect(read(anyOf(onCron('0 4 * * *'), onCron('0 5 * * *', { timezone: 'Asia/Tokyo' }))).features).toContain(
      'automation.several-zones',
    );
  });

  it('is all of several assets, or a tick that something has to agree to', () => {
    expect(read(allOf(onUpdate(a), anyOf(onUpdate(b), onUpdate(c))))).toMatchObject({
      crons: [],
      assets: { kind: 'all', of: [key('a'), { kind: 'any', of: [key('b'), key('c')] }] },
    });
    expect(read(allOf(onCron('0 4 * * *'), onUpdate(a)))).toEqual({
      crons: [expect.objectContaining(four)],
      assets: undefined,
      features: ['automation.cron', 'automation.all-with-cron'],
    });
    expect(read(allOf(onCron('0 4 * * *'), not(onUpdate(a)))).features).toEqual([
      'automation.cron',
      'automation.not',
      'automation.all-with-cron',
    ]);
  });

  it('is no tick together with assets, nor what nothing tells Airflow of', () => {
    for (const mixed of [allOf(anyOf(onUpdate(a), onCron('0 4 * * *')), onUpdate(b)), allOf(onUpdate(a), onMissing())]) {
      expect(read(mixed)).toMatchObject({ crons: [], assets: undefined });
      expect(read(mixed).features).toContain('automation.all-mixed');
    }
  });

  it('is no expression that Airflow reads in another way', () => {
    for (const cron of ['0 0 L * *', '0 0 * * 5#2', '0 0 15W * *', '0 0 ? * *'])
      expect(read(onCron(cron))).toEqual({ crons: [], assets: undefined, features: ['automation.cron-dialect'] });
    for (const cron of ['*/5 0-3 1,15 JAN-mar mon', ' 0\t4  * * * ']) expect(read(onCron(cron)).features).toEqual(['automation.cron']);
  });
});
