import { cronOf, cronProblem, type CronSchedule } from '../automation/cron.ts';
import type { Condition } from '../automation/condition.ts';
import { awaitedAssets, leavesOf } from '../automation/leaves.ts';
import type { AssetDefinition, CheckDefinition, JobDefinition } from '../declare/definition.ts';
import { parseDuration } from '../declare/duration.ts';
import { isSpindleError } from '../errors.ts';
import type { PartitionsDefinition } from '../partitions/definition.ts';
import { mappingProblem } from '../partitions/mapping-problem.ts';
import { partitionProblems } from '../partitions/problems.ts';
import { createTimeZones, type TimeZones } from '../partitions/time-zone.ts';
import { rangeProblems } from './range-problems.ts';

/** What the problems of one graph are found with. Many assets share a schedule or a definition, so each is judged once. */
export interface ProblemScope {
  readonly zones: TimeZones;
  /** The definition that a key stands for. */
  find(key: string): AssetDefinition | undefined;
  ofPartitions(definition: PartitionsDefinition): readonly string[];
  ofCron(schedule: CronSchedule): string | undefined;
}

export function createProblemScope(find: ProblemScope['find']): ProblemScope {
  const zones = createTimeZones();
  const ofPartitions = once(
    (definition: PartitionsDefinition) => definition,
    (definition) => partitionProblems(definition, zones),
  );
  const ofCron = once(
    ({ cron, timezone }: CronSchedule) => `${cron}\n${timezone}`,
    (schedule) => cronProblem(schedule),
  );
  return { zones, find, ofPartitions, ofCron };
}

function once<T, R>(identity: (value: T) => unknown, judge: (value: T) => R): (value: T) => R {
  const judged = new Map<unknown, { readonly result: R }>();
  return (value) => {
    const known = judged.get(identity(value)) ?? { result: judge(value) };
    judged.set(identity(value), known);
    return known.result;
  };
}

/** What is wrong with one asset in itself: its key, durations, schedule, store and partitions. Each begins with a code word and ends with its remedy. */
export function assetProblems(asset: AssetDefinition, scope: ProblemScope): readonly string[] {
  const { key, freshness, timeout, retry, partitions, automation, store } = asset;
  const problems = [...keyProblems(key)];
  for (const [name, duration] of Object.entries({ freshness, timeout, 'retry.delay': retry.delay })) {
    if (duration !== undefined) problems.push(...durationProblems(duration, `${key}, ${name}`));
  }
  if (!Number.isSafeInteger(retry.attempts) || retry.attempts < 1) {
    problems.push(`RETRY_INVALID: ${key} has ${retry.attempts} attempts: give a whole number from 1 on, all attempts counted.`);
  }
  if (partitions !== undefined) problems.push(...scope.ofPartitions(partitions).map((problem) => `PARTITIONS_INVALID: ${key}: ${problem}`));
  if (partitions !== undefined && asset.observe !== undefined)
    problems.push(`SOURCE_PARTITIONS: ${key} tells one version, and it has partitions: leave out observe, or the partitions.`);
  if (automation !== undefined) problems.push(...automationProblems(automation, { ...scope, owner: key }));
  if (automation !== undefined && freshness === undefined && leavesOf(automation).some(({ kind }) => kind === 'overdue'))
    problems.push(`AUTOMATION_WITHOUT_FRESHNESS: ${key} is to run when it is overdue, and never is: give it freshness: { within: … }.`);
  problems.push(...rangeProblems(asset, scope.find));
  if (store?.spec.readOnly === true && (asset.run !== undefined || asset.transform !== undefined))
    problems.push(
      `STORE_READ_ONLY: ${key} writes what its store, ${store.kind}, only reads: declare it with source(…), or give it another store.`,
    );
  const unnamed = (problem: string) => (problem.startsWith(`${key}: `) ? problem : `${key}: ${problem}`);
  problems.push(...(store?.spec.problems?.(key, partitions) ?? []).map((problem) => `STORE: ${unnamed(problem)}`));
  return problems;
}

/** What is wrong with one job in itself; its selection is tried on the graph. */
export function jobProblems({ name, automation }: JobDefinition, scope: ProblemScope): readonly string[] {
  return automation === undefined ? [] : automationProblems(automation, { ...scope, owner: `job ${name}` });
}

/** The dependencies of an asset that have no meaning for its partitions. Definitions that are wrong in themselves are left to `assetProblems`. */
export function dependencyProblems(asset: AssetDefinition, scope: ProblemScope): readonly string[] {
  const isUsable = ({ partitions }: AssetDefinition) => partitions === undefined || scope.ofPartitions(partitions).length === 0;
  if (!isUsable(asset)) return [];
  return Object.values(asset.dependencies).flatMap(({ upstream: { key }, mapping }) => {
    const upstream = scope.find(key);
    if (upstream === undefined || !isUsable(upstream)) return [];
    if (mapping.kind === 'same' && upstream.partitions === undefined) return [];
    const holdsRows = upstream.store?.spec.readsRows === true;
    const problem = mappingProblem({ mapping, downstream: asset.partitions, upstream: upstream.partitions, holdsRows, zones: scope.zones });
    return problem === undefined ? [] : [`${problem.code}: ${asset.key} depends on ${key}. ${problem.message}`];
  });
}

/** Checks of assets that are not in the graph, and names that an asset's checks have twice. */
export function checkProblems(checks: readonly CheckDefinition[], { find }: ProblemScope): readonly string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { asset, name } of checks) {
    const id = `${asset.key}\n${name}`;
    if (find(asset.key) === undefined) {
      problems.push(
        `CHECK_UNKNOWN_ASSET: The check "${name}" is about ${asset.key}, which is not in the project: add the asset to its list.`,
      );
    } else if (seen.has(id)) problems.push(`CHECK_CLASH: ${asset.key} has two checks called "${name}": rename one.`);
    seen.add(id);
  }
  return problems;
}

/** Assets that one function yields run together, so they must be divided alike. */
export function sharedProblems(assets: readonly AssetDefinition[]): readonly string[] {
  const first = new Map<unknown, AssetDefinition>();
  const problems: string[] = [];
  for (const asset of assets) {
    if (asset.shared === undefined || asset.run === undefined) continue;
    const other = first.get(asset.run);
    if (other === undefined) first.set(asset.run, asset);
    else if (JSON.stringify(other.partitions) !== JSON.stringify(asset.partitions)) {
      problems.push(
        `SHARED_PARTITIONS: ${other.key} and ${asset.key} come from one function but are partitioned differently: give both the same partitions.`,
      );
    }
  }
  return problems;
}

function keyProblems(key: string): readonly string[] {
  const valid = key.split('/').every((segment) => /^[A-Za-z0-9_.-]+$/.test(segment) && !/^\.+$/.test(segment));
  if (valid) return [];
  return [
    `KEY_INVALID: ${JSON.stringify(key)} cannot be an asset's key: use segments of letters, digits, "_", "-" and ".", separated by "/", such as bronze/plays.`,
  ];
}

function durationProblems(duration: string, place: string): readonly string[] {
  try {
    parseDuration(duration);
    return [];
  } catch (error) {
    if (!isSpindleError(error)) throw error;
    return [`DURATION_INVALID: ${place}: ${error.message} ${error.remedy ?? ''}`.trimEnd()];
  }
}

function automationProblems(condition: Condition, { owner, find, ofCron }: ProblemScope & { owner: string }): readonly string[] {
  const crons = cronOf(condition).flatMap((schedule) => {
    const problem = ofCron(schedule);
    return problem === undefined ? [] : [`CRON_INVALID: ${owner}: ${problem}`];
  });
  const unknown = awaitedAssets(condition).filter((key) => find(key) === undefined);
  return [
    ...crons,
    ...unknown.map((key) => `AUTOMATION_UNKNOWN_ASSET: ${owner} waits for ${key}, which is not in the project: add the asset to its list.`),
  ];
}
