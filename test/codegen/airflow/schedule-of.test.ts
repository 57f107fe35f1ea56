import { describe, expect, it } from 'vitest';
import { anyOf, asset, defineProject, eager, every, job, onCron, onUpdate, partitions, type Asset, type Job } from 'spindle';
import { production, rows } from './environment.ts';
import { dagOf, exported, runFeatures } from './exported.ts';

const hourly = partitions.hourly({ start: '2026-01-01' });
const daily = partitions.daily({ start: '2026-01-01' });
const of = (assets: readonly Asset[], jobs: readonly Job[]) => defineProject({ name: 'p', assets, jobs, environments: { production } });

const hours = asset('hours', { store: rows('hours'), partitions: hourly }).run(() => []);
const total = asset('total', { store: rows('total'), deps: { hours } }).run(() => []);
const page = asset('page', { store: rows('page'), deps: { total } }).run(() => []);
const mail = asset('mail', { store: rows('mail'), deps: { page } }).run(() => []);

describe('the runs of a job', () => {
  it('are those of its partitions where each tick ends one', () => {
    const project = (cron: string, timezone = 'UTC') =>
      of([hours], [job('hours', { select: 'hours', automation: onCron(cron, { timezone }) })]);
    expect(dagOf(project('5 * * * *'))).toMatchObject({ schedule: { kind: 'partition' }, partitions: true, windows: false });
    for (const other of [project('5 */2 * * *'), project('5 * * * *', 'Europe/Berlin'), project('0,30 * * * *')])
      expect(dagOf(other)).toMatchObject({ schedule: { kind: 'time' }, partitions: false, windows: true });
    expect(dagOf(project('5 * * * *'), 'hours', { target: '2.9' })).toMatchObject({ schedule: { kind: 'time' }, windows: true });
  });

  it('make what is due where only some assets have partitions', () => {
    const project = of([hours, total], [job('all', { select: '**', automation: onCron('5 * * * *') })]);
    expect(dagOf(project)).toMatchObject({ schedule: { kind: 'time' }, partitions: false, windows: false });
    expect(runFeatures(exported(project), 'all')).toEqual(['automation.cron', 'runs.due']);
  });

  it('follow keys along a chain of jobs, in whatever order these are declared', () => {
    const jobs = [
      job('mail', { select: 'mail', automation: eager() }),
      job('page', { select: 'page', automation: eager() }),
      job('total', { select: 'total', automation: eager() }),
      job('hours', { select: 'hours', automation: onCron('0 * * * *') }),
    ];
    for (const order of [jobs, jobs.toReversed()]) {
      const { dags, uses, problems } = exported(of([mail], order));
      expect(problems).toEqual([]);
      expect(dags.map(({ job: name, schedule }) => [name, schedule.kind]).toSorted()).toEqual([
        ['hours', 'partition'],
        ['mail', 'partitioned-assets'],
        ['page', 'partitioned-assets'],
        ['total', 'partitioned-assets'],
      ]);
      expect(dags.filter(({ partitions: mapped }) => mapped).map(({ job: name }) => name)).toEqual(['hours']);
      expect(
        uses
          .filter(({ feature }) => feature === 'trigger.whole')
          .map(({ subject }) => subject)
          .toSorted(),
      ).toEqual(['job mail', 'job page', 'job total']);
    }
  });

  it('know no keys on Airflow 2', () => {
    const project = of([total], [job('hours', { select: 'hours' }), job('total', { select: 'total', automation: eager() })]);
    expect(dagOf(project, 'total', { target: '2.9' }).schedule.kind).toBe('assets');
    expect(dagOf(project, 'total').schedule.kind).toBe('partitioned-assets');
  });

  it('cannot wait for events with keys and for others', () => {
    const plain = asset('plain', { store: rows('plain') }).run(() => []);
    const both = asset('both', { store: rows('both'), deps: { hours, plain } }).run(() => []);
    const mixed = (automation: ReturnType<typeof eager>) =>
      runFeatures(exported(of([both], [job('makers', { select: 'hours or plain' }), job('both', { select: 'both', automation })])), 'both');
    expect(mixed(onUpdate(hours, plain))).toContain('trigger.mixed-keys');
    expect(mixed(anyOf(onUpdate(hours), onCron('0 4 * * *')))).toContain('trigger.mixed-keys');
    expect(mixed(onUpdate(plain))).not.toContain('trigger.mixed-keys');
    expect(mixed(onUpdate(hours))).not.toContain('trigger.mixed-keys');
  });

  it('cannot wait for an asset that is made with keys and without', () => {
    const makers = [job('hours', { select: 'hours' }), job('total', { select: 'total', automation: eager() })];
    const waiting = job('page', { select: 'page', automation: onUpdate(total) });
    expect(runFeatures(exported(of([page], [...makers, waiting])), 'page')).not.toContain('trigger.mixed-keys');
    const { uses } = exported(of([page], [...makers, job('nightly', { select: 'total', automation: onCron('0 4 * * *') }), waiting]));
    expect(uses.find(({ feature }) => feature === 'trigger.mixed-keys')).toEqual({
      feature: 'trigger.mixed-keys',
      subject: 'job page',
      detail: 'of the events of total, those of total carry partition keys, those of nightly do not',
    });
  });

  it('tell where no mapper of Airflow says which partitions are started', () => {
    const days = asset('days', { store: rows('days'), partitions: daily, deps: { hours: every(hours) } }).run(() => []);
    const project = of([days], [job('hours', { select: 'hours' }), job('days', { select: 'days', automation: eager() })]);
    expect(runFeatures(exported(project), 'days')).toContain('trigger.unmapped');
    expect(dagOf(project, 'days')).toMatchObject({ partitions: false, schedule: { mappers: { hours: { kind: 'fixed', key: 'all' } } } });
  });

  it('tick in one zone, and on Airflow 2.9 at one expression', () => {
    const automation = anyOf(onCron('0 4 * * *'), onCron('0 5 * * *', { timezone: 'Asia/Tokyo' }), onCron('0 6 * * *'));
    const project = of([total], [job('total', { select: 'total', automation })]);
    expect(dagOf(project).schedule).toMatchObject({ crons: [{ cron: '0 4 * * *' }, { cron: '0 6 * * *' }] });
    expect(dagOf(project, 'total', { target: '2.9' }).schedule).toMatchObject({ crons: [{ cron: '0 4 * * *' }] });
  });
});

describe('the start of a DAG', () => {
  const timezone = 'Europe/Berlin';
  const days = (start: string) => asset('days', { store: rows('days'), partitions: partitions.daily({ start, timezone }) }).run(() => []);
  const dag = (start: string, startDate?: string) =>
    dagOf(
      of(
        [days(start)],
        [
          job('days', {
            select: 'days',
            automation: onCron('0 5 * * *', { timezone }),
            airflow: startDate === undefined ? {} : { startDate },
          }),
        ],
      ),
    );

  it('is when its first partition has ended, in wall time of its zone', () => {
    expect(dag('2026-03-28').start).toEqual({ at: [2026, 3, 29], timezone });
    expect(dag('2026-03-29').start).toEqual({ at: [2026, 3, 30], timezone });
  });

  it('is what its settings say', () => {
    expect(dag('2026-03-28', '2026-10-25').start).toEqual({ at: [2026, 10, 25], timezone });
    expect(dag('2026-03-28', '2026-03-29T01:30:15Z').start).toEqual({ at: [2026, 3, 29, 3, 30, 15], timezone });
  });

  it('is any day in the past where nothing says from when on there is something to do, always the same', () => {
    expect(dagOf(of([asset('x').run(() => 1)], [job('x', { select: 'x' })])).start).toEqual({ at: [2024, 1, 1], timezone: 'UTC' });
  });
});
