import type { Condition } from '../../../../src/runtime/automation/condition.ts';
import { cronOf, ticksBetween, type CronSchedule } from '../../../../src/runtime/automation/cron.ts';
import type { TimeRange } from '../../../../src/runtime/partitions/slice.ts';
import { createTimeZones } from '../../../../src/runtime/partitions/time-zone.ts';
import type { ScheduledRun } from '../timetable.ts';
import type { ExportedDag } from './exported.ts';
import type { LocalJob } from './local.ts';

/** What starts a job by itself: its ticks, and the assets that it waits for. */
export interface Starts {
  readonly crons: readonly CronSchedule[];
  /** Keys as Airflow writes a condition; undefined where no asset starts it. */
  readonly assets: AssetCondition | undefined;
}

type AssetCondition = string | { readonly any: readonly AssetCondition[] } | { readonly all: readonly AssetCondition[] };

export function startsOf({ graph, job: { automation }, made }: LocalJob): Starts {
  if (automation === undefined) return { crons: [], assets: undefined };
  const every = cronOf(automation);
  // The ledger tells that those of other zones are lost.
  const crons = every.filter(({ timezone }) => timezone === every[0]!.timezone);
  // What has to agree to a tick starts nothing by itself.
  if (automation.kind === 'all' && crons.length > 0) return { crons, assets: undefined };
  const read = new Set(
    made.flatMap((key) =>
      Object.values(graph.get(key).dependencies).flatMap(({ upstream, mapping }) => (mapping.kind === 'order' ? [] : [upstream.key])),
    ),
  );
  const inputs = graph.keys.filter((key) => read.has(key) && !made.includes(key));
  return { crons, assets: conditionOf(automation, inputs) };
}

function conditionOf(condition: Condition, inputs: readonly string[]): AssetCondition | undefined {
  switch (condition.kind) {
    case 'updated':
      return joined('any', condition.assets);
    case 'eager':
      return joined('any', inputs);
    case 'any':
    case 'all':
      return joined(
        condition.kind,
        condition.conditions.flatMap((part) => conditionOf(part, inputs) ?? []),
      );
    case 'cron':
    case 'missing':
    case 'overdue':
    case 'not':
      return undefined;
  }
}

function joined(how: 'any' | 'all', parts: readonly AssetCondition[]): AssetCondition | undefined {
  const [first] = parts;
  return parts.length < 2 ? first : how === 'any' ? { any: parts } : { all: parts };
}

/** Airflow's own form of a condition: nested `any` and `all` of one part, and assets with names. */
export function readCondition(expression: unknown, keyOf: (uri: string) => string): AssetCondition | undefined {
  if (expression === null || expression === undefined) return undefined;
  const { asset, any, all } = expression as {
    readonly asset?: { readonly uri: string };
    readonly any?: readonly unknown[];
    readonly all?: readonly unknown[];
  };
  if (asset !== undefined) return keyOf(asset.uri);
  const parts = (any ?? all ?? []).flatMap((part) => readCondition(part, keyOf) ?? []);
  return joined(any === undefined ? 'all' : 'any', parts);
}

/** Where the runs that Airflow would create are not at the local ticks. How clock changes move the ticks that they skip or repeat is told in two ways. */
export function tickProblems(crons: readonly CronSchedule[], runs: readonly ScheduledRun[], span: TimeRange): readonly string[] {
  // A run over an interval is due at its end, and the first one begins at the first tick.
  const [first] = runs;
  const found = [...(first?.start != null && first.start !== first.runAfter ? [first.start] : []), ...runs.map(({ runAfter }) => runAfter)];
  const wanted = new Set(crons.flatMap((cron) => [...ticksBetween(cron, new Date(span.from - 1), new Date(span.to))].map(iso)));
  const isClear = (tick: string) => crons.every(({ timezone }) => !changesAround(Date.parse(tick), timezone));
  const missing = [...wanted].filter((tick) => !found.includes(tick) && isClear(tick));
  const extra = found.filter((tick) => !wanted.has(tick) && isClear(tick));
  if (missing.length + extra.length === 0) return [];
  const names = crons.map(({ cron, timezone }) => `"${cron}" in ${timezone}`).join(' or ');
  return [`${names}: no run at ${missing.slice(0, 4).join(', ') || '-'}, and runs at ${extra.slice(0, 4).join(', ') || '-'}`];
}

/** What the ledger says that Airflow cannot do: intervals that end each hour, where clocks change by half of one. */
export const stops = (crons: readonly CronSchedule[]): boolean =>
  crons.length === 1 && crons.some(({ cron, timezone }) => timezone === 'Australia/Lord_Howe' && /^\S+ \* /.test(cron));

const zones = createTimeZones();
const NEAR = 2 * 3_600_000;

/** Whether clocks change within two hours of an instant. */
const changesAround = (instant: number, timezone: string): boolean =>
  zones.get(timezone).offsetAt(instant - NEAR) !== zones.get(timezone).offsetAt(instant + NEAR);

export const iso = (instant: Date): string => instant.toISOString().replace('.000Z', 'Z');

/** The environment of the tasks: how a run tells them which partitions it is for. */
export function requestOf({ making }: ExportedDag): 'partition' | 'window' | undefined {
  const env = making[0]?.task.fields['env'] as Readonly<Record<string, string>> | undefined;
  if (env?.['SPINDLE_AIRFLOW_PARTITION'] !== undefined) return 'partition';
  return env?.['SPINDLE_AIRFLOW_WINDOW_END'] === undefined ? undefined : 'window';
}
