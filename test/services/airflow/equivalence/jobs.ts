import type { Condition } from '../../../../src/runtime/automation/condition.ts';
import type { CronSchedule } from '../../../../src/runtime/automation/cron.ts';
import type { Graph } from '../../../../src/runtime/graph/graph.ts';
import { select } from '../../../../src/runtime/graph/selection/evaluate.ts';
import type { TimeDefinition } from '../../../../src/runtime/partitions/definition.ts';
import type { Case, JobDraw } from './draw.ts';

/** What a drawn job selects, in words. */
export function selectionOf(
  { select: how, picks: [a = 0, b = 0, c = 0] }: JobDraw,
  { keys, assets }: Graph,
  { definitions }: Case,
): string {
  const key = (of: number) => keys[of % keys.length]!;
  switch (how) {
    case 'all':
      return '**';
    case 'definition': {
      const tag = `p${a % definitions.length}`;
      return assets.some(({ tags }) => tags['part'] === tag) ? `tag:part=${tag}` : '**';
    }
    case 'upstream':
      return `+${key(a)}`;
    case 'downstream':
      return `${key(a)}+`;
    case 'some':
      return `${key(a)} or ${key(b)}+1 or ${key(c)}`;
    case 'without':
      return `** and not ${key(a)}`;
  }
}

interface Around {
  readonly graph: Graph;
  readonly select: string;
}

/** When a drawn job runs. Mostly it waits for what it reads and does not make. */
export function automationOf(draw: JobDraw, { graph, select: selection }: Around): Condition | undefined {
  const { automation, picks, cron, other } = draw;
  const selected = new Set(select(graph, selection));
  const inputs = graph.keys.filter((key) => !selected.has(key) && graph.downstream(key).some((reader) => selected.has(reader)));
  const [, , c = 0, d = 0] = picks;
  const partitioned = inputs.filter((key) => graph.get(key).partitions !== undefined);
  const awaited = partitioned.length > 0 && c % 4 > 0 ? partitioned : inputs.length > 0 ? inputs : graph.keys;
  const updated = (of: number): Condition => ({ kind: 'updated', assets: [awaited[of % awaited.length]!] });
  const tick = (schedule: CronSchedule): Condition => ({ kind: 'cron', ...schedule });
  switch (automation) {
    case 'none':
      return undefined;
    case 'cron':
      return tick({ ...cron, timezone: (d % 2 === 0 ? timeOf(graph, selected)?.timezone : undefined) ?? cron.timezone });
    case 'once':
      return tick(onceFor(draw, graph, selected));
    case 'update':
      return updated(c);
    case 'eager':
      return { kind: 'eager' };
    case 'cron or update':
      return { kind: 'any', conditions: [tick(cron), updated(c)] };
    case 'cron and update':
      return { kind: 'all', conditions: [tick(cron), updated(c)] };
    case 'crons':
      return { kind: 'any', conditions: [tick(cron), tick(c % 2 === 0 ? { ...other, timezone: cron.timezone } : other)] };
    case 'any updates':
      return { kind: 'updated', assets: [...new Set([awaited[c % awaited.length]!, awaited[d % awaited.length]!])] };
    case 'all updates':
      return { kind: 'all', conditions: [updated(c), updated(d)] };
  }
}

/** A schedule that ticks once in each window of the first asset of time that the job makes. */
function onceFor({ minute, hour, cron }: JobDraw, graph: Graph, selected: ReadonlySet<string>): CronSchedule {
  const definition = timeOf(graph, selected);
  if (definition === undefined) return cron;
  const { unit, timezone } = definition;
  switch (unit) {
    case 'hour':
      return { cron: `${minute} * * * *`, timezone: 'UTC' };
    case 'day':
      return { cron: `${minute} ${hour} * * *`, timezone };
    case 'week':
      return { cron: `${minute} ${hour} * * 1`, timezone };
    case 'month':
      return { cron: `${minute} ${hour} ${1 + (minute % 28)} * *`, timezone };
  }
}

const timeOf = (graph: Graph, selected: ReadonlySet<string>): TimeDefinition | undefined =>
  [...selected].map((key) => graph.get(key).partitions).find((partitions): partitions is TimeDefinition => partitions?.kind === 'time');
