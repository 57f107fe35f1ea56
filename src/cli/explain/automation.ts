import { decide } from '../../runtime/automation/decide.ts';
import { cronOf, nextTick } from '../../runtime/automation/cron.ts';
import { describeCondition, judge, type Judgment } from '../../runtime/automation/describe.ts';
import { assetFacts, createFactsSource, jobSubject } from '../../runtime/automation/facts.ts';
import { freshnessOf, freshnessText } from '../../runtime/automation/freshness.ts';
import { select } from '../../runtime/graph/selection/evaluate.ts';
import { parseSelection } from '../../runtime/graph/selection/parser.ts';
import { assess } from '../../runtime/plan/assess.ts';
import type { FiredEvent } from '../../runtime/resource/run-store.ts';
import { asksForStatus } from '../asset-status.ts';
import type { RunContext } from '../../runtime/run/run-context.ts';

/** Why a condition fires now or does not. */
export interface AutomationExplanation {
  readonly subject: string;
  readonly partition: string | null;
  /** The condition as a clause; null where the asset has none. */
  readonly condition: string | null;
  readonly fires: boolean;
  readonly why: string;
  readonly verdict: Judgment | null;
  /** The partitions of a partitioned asset that it fires for. */
  readonly partitions: readonly string[];
  readonly lastFired: { readonly at: string; readonly why: string; readonly run: string } | null;
  /** The next ticks of its schedules, in order. */
  readonly nextTicks: readonly string[];
  readonly freshness: string | null;
  /** The jobs with a condition that select the asset, with their conditions. */
  readonly jobs: readonly { readonly job: string; readonly condition: string }[];
}

const TICKS = 3;

export interface Explained {
  /** An asset's key, or `job:` and a job's name. */
  readonly subject: string;
  readonly partition: string | undefined;
  /** The newest firings that were answered. */
  readonly firings: readonly FiredEvent[];
}

/** Explains one subject from a run whose record is up to date. Pure: reads the record alone. */
export function explainAutomation(run: RunContext, { subject, partition, firings }: Explained): AutomationExplanation {
  const { graph, record, now } = run;
  const source = createFactsSource(run, firings);
  const asset = graph.has(subject) ? graph.get(subject) : undefined;
  const job = graph.jobs.find(({ name }) => jobSubject(name) === subject);
  const condition = asset?.automation ?? job?.automation;
  const decision = decide(source).find((other) => other.subject === subject);
  const fired = source.fired(subject);
  const freshness = asset && freshnessOf(asset, record, now);
  const ofPartition =
    asset === undefined || condition === undefined || partition === undefined
      ? undefined
      : judge(condition, assetFacts(source, asset, { step: { partition, reasons: assess(run, asset, partition) }, runsFirst: undefined }));
  const { fires, why } = ofPartition ?? decision ?? { fires: false, why: 'it has no condition' };
  return {
    subject,
    partition: partition ?? null,
    condition: condition === undefined ? null : describeCondition(condition),
    fires,
    why,
    verdict: ofPartition ?? decision?.verdict ?? null,
    partitions: decision?.partitions ?? [],
    lastFired: fired === undefined ? null : { at: fired.at, why: fired.why, run: fired.run },
    nextTicks: condition === undefined ? [] : nextTicks(cronOf(condition), now),
    freshness: freshness === undefined ? null : freshnessText(freshness, asset?.freshness ?? ''),
    jobs: asset === undefined ? [] : jobsOf(run, asset.key),
  };
}

function nextTicks(schedules: ReturnType<typeof cronOf>, now: Date): readonly string[] {
  const ticks = schedules.flatMap((schedule) => {
    const next: Date[] = [];
    for (let tick = nextTick(schedule, now); tick !== undefined && next.length < TICKS; tick = nextTick(schedule, tick)) next.push(tick);
    return next.map((tick) => tick.toISOString());
  });
  return [...new Set(ticks)].toSorted().slice(0, TICKS);
}

/** A job whose selection depends on the record is not among them: what it selects when it fires is not known yet. */
function jobsOf({ graph }: RunContext, key: string): AutomationExplanation['jobs'] {
  return graph.jobs.flatMap(({ name, automation, select: selection }) => {
    if (automation === undefined || asksForStatus(graph, parseSelection(selection))) return [];
    return select(graph, selection).includes(key) ? [{ job: name, condition: describeCondition(automation) }] : [];
  });
}
