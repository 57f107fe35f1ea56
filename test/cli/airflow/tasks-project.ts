import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, vi } from 'vitest';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCli, startCli, type CliOutcome, type CliProcess } from '../run-cli.ts';

/**
 * Each call of a function is a line of `calls`. A file of an asset's or a partition's name in `broken` makes it fail (with `transient` in it, for now), in `held`
 * makes it wait, whatever the signal says, until the file is gone; in `bad` makes a check fail.
 */
const source = (root: string): string => `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { asset, check, defineProject, partitions, value } from 'spindle';
import { fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const work = async (name, attempt) => {
  appendFileSync('${root}/calls', name + ' ' + attempt + '\\n');
  while (existsSync('${root}/held/' + name)) await setTimeout(10);
  const broken = '${root}/broken/' + name;
  if (existsSync(broken)) throw Object.assign(new Error(name + ' is broken'), { transient: readFileSync(broken, 'utf8') === 'transient' });
};
const one = (name, deps = {}) => asset('silver/' + name, { store: value(z.int()), retry: { attempts: 5, delay: '1ms' }, deps }).run(async (_, { step }) => {
  await work(name, step.attempt);
  console.log(name + ' is done');
  return 1;
});
export const left = one('left');
export const right = one('right');
export const sum = asset('gold/sum', { store: value(z.int()), deps: { left, right } }).run(async ({ left, right }, { step, metadata }) => {
  await work('sum', step.attempt);
  metadata({ terms: 2 });
  return left + right;
});
export const report = asset('gold/report', { store: value(z.string()), deps: { sum } }).run(async ({ sum }, { step }) => {
  await work('report', step.attempt);
  return 'it is ' + sum;
});
export const days = asset('silver/days', { store: value(z.string()), partitions: partitions.daily({ start: '2026-01-01' }) }).run(
  async (_, { partition, step }) => {
    await work(partition.key, step.attempt);
    return partition.key;
  },
);
const bad = (name) => async () => {
  appendFileSync('${root}/calls', 'check ' + name + '\\n');
  return { passed: !existsSync('${root}/bad/' + name) };
};
export const checks = [
  check(sum, 'even', { blocking: true }).run(bad('even')),
  check(sum, 'small', { severity: 'warn' }).run(bad('small')),
  check(days, 'known').run(bad('known')),
];
export const project = defineProject({
  name: 'tasks',
  assets: [left, right, sum, report, days],
  checks,
  environments: { local: { lake: fileSystemStore(), runStore: sqliteRunStore() } },
});
`;

/** The last line of a task. */
export interface TaskLine {
  readonly run: string | null;
  readonly status: string;
  readonly materialized: readonly { readonly asset: string; readonly partition?: string }[];
  readonly skipped: number;
  readonly failed: number;
  readonly checks: readonly { readonly asset: string; readonly check: string; readonly passed: boolean; readonly partition?: string }[];
  readonly assets: Readonly<Record<string, { readonly partitions?: readonly string[]; readonly metadata?: unknown }>>;
  readonly error?: { readonly code: string; readonly message: string };
  readonly truncated?: true;
}

export interface TaskOutcome extends CliOutcome {
  readonly line: TaskLine;
}

/** What Airflow says of a task, where it differs from the first try of the task `load` of the run `scheduled`. */
export type Told = Readonly<Record<string, string>>;

export interface TasksProject {
  readonly root: string;
  /** Starts a task. */
  start(args: readonly string[], told?: Told): CliProcess;
  /** Does a task. */
  task(args: readonly string[], told?: Told): Promise<TaskOutcome>;
  say(...args: readonly string[]): Promise<CliOutcome>;
  /** What a command prints as JSON. */
  ask<T>(...args: readonly string[]): Promise<T>;
  /** The calls of functions since the last time this was asked, sorted. */
  calls(): readonly string[];
  /** Resolves when a function has been called. */
  called(call: string): Promise<void>;
  write(path: string, content?: string): void;
  remove(path: string): void;
}

const PREFIX = 'SPINDLE_AIRFLOW_';
const FIRST = { DAG_ID: 'music', RUN_ID: 'scheduled', TASK_ID: 'load', TRY_NUMBER: '1', MAX_TRIES: '3', MAP_INDEX: '-1' };

/** The environment of a task; keys are without their prefix. */
export const environmentOf = (told: Told = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries({ ...FIRST, ...told }).map(([name, text]) => [PREFIX + name, text]));

/** The outcome of a task, whose output ends with its line. */
export function readOutcome(outcome: CliOutcome): TaskOutcome {
  const { stdout, stderr } = outcome;
  const lines = stdout.split('\n');
  expect(lines.at(-1), stdout + stderr).toBe('');
  return { ...outcome, line: JSON.parse(lines.at(-2) ?? '') as TaskLine };
}

export function tasksProject(): TasksProject {
  const project = temporaryProject({ 'src/project.ts': '' });
  const { root } = project;
  project.write({ 'src/project.ts': source(root) });
  const path = join(root, 'calls');
  const read = () => (existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []);
  const start: TasksProject['start'] = (args, told) => startCli(root, [...args, '--airflow'], environmentOf(told));
  return {
    root,
    start,
    task: async (args, told) => readOutcome(await start(args, told).ended),
    say: (...args) => runCli(root, args),
    async ask(...args) {
      const { stdout, stderr } = await runCli(root, [...args, '--json']);
      expect(stdout, stderr).not.toBe('');
      return JSON.parse(stdout);
    },
    calls() {
      const lines = read();
      rmSync(path, { force: true });
      return lines.toSorted();
    },
    called: (call) => vi.waitFor(() => expect(read()).toContain(call), { timeout: 15_000, interval: 20 }),
    write(file, content = '') {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    },
    remove: (file) => rmSync(join(root, file)),
  };
}
