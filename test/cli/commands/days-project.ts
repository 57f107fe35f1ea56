import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand, type CommandOutcome } from '../run-command.ts';

export const NOW = '2026-01-11T00:00:00.000Z';

/**
 * Days, what is made of them by day, and one asset over all of them. Each call of a function is a line of `calls`; a day fails as long as there is a file
 * of its name in `broken`; `slow` milliseconds pass in each call.
 */
const source = (root: string, slow: number): string => `
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { asset, check, defineProject, every, partitions, value } from 'spindle';
import { fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const call = async (asset, key) => {
  appendFileSync('${root}/calls', asset + ' ' + key + '\\n');
  await setTimeout(${slow});
  if (!existsSync('${root}/broken/' + key)) return;
  const error = new Error('there is no data for ' + key);
  throw Object.assign(error, { transient: existsSync('${root}/broken/transient') });
};
const daily = partitions.daily({ start: '2026-01-01' });
const Day = z.object({ day: z.string(), at: z.number() });

export const days = asset('silver/days', {
  store: value(Day),
  partitions: daily,
  config: z.object({ shift: z.int().default(0) }),
  retry: { attempts: 2, backoff: 'fixed', delay: '1ms' },
}).run(async (_, { partition, config }) => {
  await call('days', partition.key);
  return { day: partition.key, at: partition.start.getTime() + config.shift };
});
export const reports = asset('gold/reports', { store: value(Day), partitions: daily, deps: { days } }).run(async ({ days }, { partition }) => {
  await call('reports', partition.key);
  return days;
});
export const tenants = asset('gold/tenants', { store: value(z.string()), partitions: partitions.dynamic('tenants') }).run(async (_, { partition }) => {
  await call('tenants', partition);
  return partition;
});
export const total = asset('gold/total', { store: value(z.int()), deps: { days: every(days) } }).run(async ({ days }) => {
  await call('total', 'all');
  return days.size;
});

export const project = defineProject({
  name: 'days',
  assets: [days, reports, tenants, total],
  environments: { local: { lake: fileSystemStore(), runStore: sqliteRunStore() } },
});
`;

export interface DaysProject {
  readonly root: string;
  /** Runs a command line at the fixed time, where it takes one. */
  say(...args: readonly string[]): Promise<CommandOutcome>;
  /** What it prints as JSON. */
  ask<T>(...args: readonly string[]): Promise<T>;
  /** The calls of functions since the last time this was asked, sorted. */
  calls(): readonly string[];
  breakDays(...keys: readonly string[]): void;
  mendDays(): void;
}

export function daysProject(slow = 0): DaysProject {
  const project = temporaryProject({ 'src/project.ts': '' });
  const { root } = project;
  project.write({ 'src/project.ts': source(root, slow) });
  const path = join(root, 'calls');
  const say = (...args: readonly string[]) =>
    runCommand(root, args[0] === 'materialize' || args[0] === 'backfill' || args[0] === 'plan' ? [...args, '--now', NOW] : args);
  return {
    root,
    say,
    async ask(...args) {
      const { stdout, stderr } = await say(...args, '--json');
      expect(stdout, stderr).not.toBe('');
      return JSON.parse(stdout);
    },
    calls() {
      if (!existsSync(path)) return [];
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      rmSync(path);
      return lines.toSorted();
    },
    breakDays(...keys) {
      mkdirSync(join(root, 'broken'), { recursive: true });
      for (const key of keys) writeFileSync(join(root, 'broken', key), '');
    },
    mendDays: () => rmSync(join(root, 'broken'), { recursive: true, force: true }),
  };
}

/** `days 2026-01-03` and so on: the calls for these days of January. */
export const callsOf = (asset: string, ...days: readonly number[]): readonly string[] =>
  days.map((day) => `${asset} 2026-01-${String(day).padStart(2, '0')}`);
