import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allOf, anyOf, asset, check, configure, eager, job, materialize, not, onCron, onMissing, onUpdate, overdue, source } from 'spindle';
import { automation, ephemeral } from 'spindle/testing';
import { at, follow, number, scene } from './scene.ts';

describe('a schedule', () => {
  const hourly = asset('a', { store: number(), automation: onCron('0 * * * *') }).run(() => 1);

  it('fires once for a tick, whatever came of the run', async () => {
    const { ask, fire } = scene([hourly]);
    expect(await fire('10:00')).toEqual(['a']);
    expect(await fire('10:00')).toEqual([]);
    expect((await ask('10:59')).of(hourly)).toMatchObject({
      fires: false,
      why: 'the tick 2026-01-05T10:00Z of "0 * * * *" (UTC) is handled',
    });
    expect(await fire('11:00')).toEqual(['a']);
  });

  it('is answered by a materialization that somebody asked for since the tick', async () => {
    const { ask, run } = scene([hourly]);
    await run('a', '10:01');
    expect((await ask('10:30')).of(hourly).why).toContain('it was materialized since');
    expect((await ask('11:00')).fires).toEqual(['a']);
  });

  it('catches ticks that nobody was there for up once, with the newest', async () => {
    const { ask, fire } = scene([hourly]);
    await fire('01:00');
    expect((await ask('09:30')).of(hourly).why).toBe('the tick 2026-01-05T09:00Z of "0 * * * *" (UTC) is due');
    expect(await fire('09:30')).toEqual(['a']);
    expect(await fire('09:59')).toEqual([]);
  });

  it('fires for an asset that is fresh otherwise, too', async () => {
    const { runStore, run } = scene([hourly]);
    await run('a', '09:30');
    const report = await automation([hourly], { runStore, now: at('10:00') });
    expect(report.runs).toEqual([{ keys: ['a'], job: undefined, partitions: {} }]);
  });

  it('of a job fires once for a tick with all that the job selects, and takes the assets along that fire at the same time', async () => {
    const b = asset('b', { store: number(), deps: { hourly }, automation: onCron('0 * * * *') }).run(() => 1);
    const other = asset('other', { store: number(), automation: onCron('0 * * * *') }).run(() => 1);
    const all = job('all', { select: 'a b', automation: onCron('30 * * * *'), tags: ['nightly'] });
    const { ask, fire } = scene([hourly, b, other], { jobs: [all] });
    expect((await ask('10:30')).runs).toEqual([
      { keys: ['a', 'b'], job: 'all', partitions: {} },
      { keys: ['other'], job: undefined, partitions: {} },
    ]);
    expect(await fire('10:30')).toEqual(['job:all', 'a', 'other', 'b']);
    expect(await fire('10:40')).toEqual([]);
    expect((await ask('10:40')).of(all).why).toContain('is handled');
  });
});

describe('eager', () => {
  const root = asset('root', { store: number(), automation: onCron('0 * * * *'), config: z.object({ n: z.number().default(1) }) }).run(
    (_, { config }) => config.n,
  );
  const middle = asset('middle', { store: number(), deps: { root }, automation: eager() }).run(({ root }) => root + 1);
  const leaf = asset('leaf', { store: number(), deps: { middle }, automation: eager() }).run(({ middle }) => middle + 1);

  it('lets what it depends on run first, so that a chain settles from its beginning', async () => {
    const chain = scene([root, middle, leaf]);
    expect((await chain.ask('10:00')).of(leaf)).toMatchObject({ fires: false, why: 'it was never materialized, but root runs first' });
    expect(await follow(chain, '10:00')).toEqual([['root'], ['middle'], ['leaf']]);
    expect(await follow(chain, '10:30')).toEqual([]);
  });

  it('leaves alone what depends on data that did not change', async () => {
    const chain = scene([root, middle, leaf]);
    await follow(chain, '10:00');
    expect(await follow(chain, '11:00')).toEqual([['root']]);
    await chain.run('root', '11:30', [configure(root, { n: 2 })]);
    expect((await chain.ask('11:40')).of(middle).why).toMatch(/^it is stale: root changed/);
    expect((await chain.ask('11:40')).fires).toContain('middle');
  });

  it('waits for an input that holds nothing yet', async () => {
    const events = source('events', { store: number() });
    const plays = asset('plays', { store: number(), deps: { events }, automation: eager() }).run(() => 1);
    expect((await scene([plays]).ask('10:00')).of(plays).why).toBe(
      'it was never materialized, but events, which it reads, holds nothing yet',
    );
  });

  it('does not try again what failed, before its code, config or inputs change', async () => {
    let works = false;
    const shaky = asset('shaky', { store: number(), deps: { root }, automation: eager() }).run(({ root }) => {
      if (!works) throw new Error('no');
      return root;
    });
    const fixed = asset('shaky', { store: number(), deps: { root }, automation: eager(), codeVersion: 'fixed' }).run(({ root }) => root);
    const first = scene([root, shaky]);
    expect(await follow(first, '10:00')).toEqual([['root'], ['shaky']]);
    expect((await first.ask('10:30')).of(shaky)).toMatchObject({
      fires: false,
      why: 'it was never materialized, but the run of 2026-01-05T10:00Z did not change that: it waits for other code, config or inputs',
    });
    await first.run('root', '10:40', [configure(root, { n: 5 })]);
    expect((await first.ask('10:41')).fires).toEqual(['shaky']);
    const { fires } = await automation([root, fixed], { runStore: first.runStore, now: at('10:30') });
    expect(fires).toEqual(['shaky']);
    works = true;
    await first.run('shaky', '10:42');
    expect((await first.ask('10:43')).fires).toEqual([]);
  });

  it('does not fire where a blocking check of an input failed, and says so', async () => {
    const fails = check(root, 'is sane', { blocking: true }).run(() => ({ passed: false }));
    const { runStore } = scene([root, middle]);
    await materialize([root], { ...ephemeral({ now: at('10:00') }), runStore, checks: [fails] });
    const report = await automation([root, middle], { runStore, checks: [fails], now: at('10:01') });
    expect(report.of(middle)).toMatchObject({
      fires: false,
      why: 'it was never materialized, but the blocking check "is sane" of root failed',
    });
    expect((await automation([root, middle], { runStore, now: at('10:01') })).fires).toEqual(['middle']);
  });
});

describe('onMissing, onUpdate and overdue', () => {
  const users = asset('users', { store: number(), config: z.object({ n: z.number().default(1) }) }).run((_, { config }) => config.n);

  it('fire for what was never materialized, once', async () => {
    const report = asset('report', { store: number(), automation: onMissing() }).run(() => 1);
    const { fire, ask, run } = scene([report]);
    expect(await fire('10:00')).toEqual(['report']);
    expect(await fire('10:01')).toEqual([]);
    await run('report', '10:02');
    expect((await ask('10:03')).of(report).why).toBe('it was materialized before');
  });

  it('fire for each new version of an input, once', async () => {
    const report = asset('report', { store: number(), deps: { users }, automation: onUpdate(users) }).run(({ users }) => users);
    const { fire, ask, run } = scene([users, report]);
    expect((await ask('10:00')).of(report).why).toBe('users: no new version');
    await run('users', '10:01');
    expect(await fire('10:02')).toEqual(['report']);
    expect(await fire('10:03')).toEqual([]);
    await run('report', '10:04');
    await run('users', '10:05', [configure(users, { n: 2 })]);
    expect(await fire('10:06')).toEqual(['report']);
  });

  it('fire for each new version of an asset that is no input, and of a job', async () => {
    const mail = asset('mail', { store: number(), automation: onUpdate(users) }).run(() => 1);
    const publish = job('publish', { select: 'mail', automation: onUpdate(users) });
    const { fire, run } = scene([users, mail], { jobs: [publish] });
    expect(await fire('10:00')).toEqual([]);
    await run('users', '10:01');
    expect(await fire('10:02')).toEqual(['job:publish', 'mail']);
    await run('mail', '10:03');
    expect(await fire('10:04')).toEqual([]);
    await run('users', '10:05', [configure(users, { n: 2 })]);
    expect(await fire('10:06')).toEqual(['job:publish', 'mail']);
  });

  it('fire once for each time that the asset becomes too old', async () => {
    const rates = asset('rates', {
      store: number(),
      automation: overdue(),
      freshness: { within: '1h' },
      config: z.object({ n: z.number().default(1) }),
    }).run((_, { config }) => config.n);
    const { fire, ask, run } = scene([rates]);
    await run('rates', '10:00');
    expect((await ask('11:00')).of(rates).why).toBe('it is on time until 2026-01-05T11:00:00.000Z');
    expect((await ask('11:01')).of(rates).why).toBe('it is overdue since 2026-01-05T11:00:00.000Z');
    expect(await fire('11:01')).toEqual(['rates']);
    expect(await fire('11:02')).toEqual([]);
    await run('rates', '11:03', [configure(rates, { n: 2 })]);
    expect(await fire('12:03')).toEqual([]);
    expect(await fire('12:04')).toEqual(['rates']);
  });
});

describe('a compound condition', () => {
  it('throttles: eager, but at most once for each tick', async () => {
    const root = asset('root', { store: number(), config: z.object({ n: z.number().default(1) }) }).run((_, { config }) => config.n);
    const slow = asset('slow', { store: number(), deps: { root }, automation: allOf(onCron('0 * * * *'), eager()) }).run(
      ({ root }) => root,
    );
    const { fire, run } = scene([root, slow]);
    await run('root slow', '10:01');
    await run('root', '10:02', [configure(root, { n: 2 })]);
    expect(await fire('10:30')).toEqual([]);
    expect(await fire('11:00')).toEqual(['slow']);
  });

  it('fires while it holds for the first time, and for nothing the same again', async () => {
    const odd = asset('odd', { store: number(), automation: anyOf(onMissing(), allOf(onCron('0 * * * *'), not(onMissing()))) }).run(
      () => 1,
    );
    const once = scene([odd]);
    expect(await follow(once, '10:30')).toEqual([['odd']]);
    expect(await follow(once, '10:40')).toEqual([]);
    expect(await follow(once, '11:00')).toEqual([['odd']]);
  });
});
