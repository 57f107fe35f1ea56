import type { AssetDefinition, JobDefinition } from '../declare/definition.ts';
import { assess } from '../plan/assess.ts';
import { select } from '../graph/selection/evaluate.ts';
import { plan, type PlannedAsset, type PlannedStep } from '../plan/plan.ts';
import { statusesOf } from '../plan/status.ts';
import type { Condition } from './condition.ts';
import { causeOf, jobCause, wholeVersion } from './cause.ts';
import { judge, type Judgment } from './describe.ts';
import { evaluate } from './evaluate.ts';
import { assetFacts, jobFacts, jobSubject, type FactsSource } from './facts.ts';
import { awaitedAssets } from './leaves.ts';

/** What came of asking one condition. */
export interface Decision {
  /** An asset's key, or `job:` and a job's name. */
  readonly subject: string;
  readonly fires: boolean;
  readonly why: string;
  /** The condition part by part; of a partitioned asset for the first partition that fires, or else is stale. */
  readonly verdict: Judgment;
  /** What is to be materialized: of a job, all that it selects. Empty where it does not fire. */
  readonly keys: readonly string[];
  /** The partitions of a partitioned asset that it fires for; empty otherwise. */
  readonly partitions: readonly string[];
  /** What it fires for, by partition ('' for the whole). */
  readonly causes: Readonly<Record<string, string>>;
  /** The versions that the assets have whose updates it waits for. */
  readonly seen: Readonly<Record<string, string>>;
}

export interface DecideOptions {
  /** Whether the subject is asked; all are unless given. */
  follows?(subject: string): boolean;
}

/**
 * Asks the condition of each job and each asset, in this order and the graph's: what fires now, for what, and why the others do not.
 * Pure over the graph, the record and the firings so far; the instant is the source's.
 */
export function decide(source: FactsSource, { follows = () => true }: DecideOptions = {}): readonly Decision[] {
  const { graph } = source;
  const decisions: Decision[] = [];
  /** Who makes each asset that is about to run. */
  const running = new Map<string, string>();
  const add = (decision: Decision): void => {
    decisions.push(decision);
    for (const key of decision.keys) if (!running.has(key)) running.set(key, decision.subject);
  };
  for (const job of graph.jobs)
    if (job.automation !== undefined && follows(jobSubject(job.name))) add(decideJob(source, job, job.automation));
  /** What is about to run somewhere upstream of each asset. */
  const upstream = new Map<string, string>();
  for (const asset of graph.assets) {
    const { key, automation } = asset;
    const first = graph.upstream(key).flatMap((other) => (running.has(other) ? other : (upstream.get(other) ?? [])))[0];
    if (first !== undefined) upstream.set(key, first);
    if (automation === undefined || !follows(key)) continue;
    const maker = running.get(key);
    const before = maker !== undefined ? `${maker} is about to make it` : first !== undefined ? `${first} runs first` : undefined;
    add(decideAsset(source, asset, { condition: automation, before }));
  }
  return decisions;
}

/** The plan of one asset by itself: as if nothing else ran. */
export function planAlone(source: FactsSource, asset: AssetDefinition): PlannedAsset | undefined {
  return plan({ ...source, graph: { ...source.graph, assets: [asset] }, selection: [asset.key] }).assets[0];
}

/** The plan of what a job selects now. */
export function planJob(source: FactsSource, { select: selection }: JobDefinition): readonly PlannedAsset[] {
  const { graph } = source;
  let statuses: ReturnType<typeof statusesOf> | undefined;
  const status = (key: string) => (statuses ??= statusesOf(source, plan({ ...source, selection: graph.keys })))(key);
  return plan({ ...source, selection: select(graph, selection, { status }) }).assets;
}

function decideJob(source: FactsSource, job: JobDefinition, condition: Condition): Decision {
  const planned = planJob(source, job);
  const verdict = judge(condition, jobFacts(source, job, planned));
  const { fires, why } = verdict;
  const seen = seenBy(source, condition);
  const subject = jobSubject(job.name);
  if (!fires) return { ...quiet(subject, why), verdict, seen };
  if (planned.length === 0) return { ...quiet(subject, `${why}, but it selects nothing now`), verdict, seen };
  const keys = planned.map(({ asset }) => asset.key);
  return { subject, fires, why, verdict, keys, partitions: [], causes: { '': jobCause(source, planned) }, seen };
}

interface AssetQuestion {
  readonly condition: Condition;
  /** What is about to run before the asset, as words. */
  readonly before: string | undefined;
}

function decideAsset(source: FactsSource, asset: AssetDefinition, { condition, before }: AssetQuestion): Decision {
  const subject = asset.key;
  const seen = seenBy(source, condition);
  const { steps = [], action, blockedBy } = planAlone(source, asset) ?? {};
  const ask = (step: PlannedStep | undefined) => {
    const facts = assetFacts(source, asset, { step, runsFirst: before });
    return { partition: step?.partition ?? '', facts, cause: causeOf(source, asset, step?.partition), ...evaluate(condition, facts) };
  };
  const whole = asset.partitions === undefined;
  const asked = whole ? [ask({ partition: undefined, reasons: assess(source, asset, undefined) })] : steps.map(ask);
  const firing = asked.filter(({ fires }) => fires);
  const [told = asked[0] ?? ask(undefined)] = firing;
  const verdict = judge(condition, told.facts);
  const no = (why: string): Decision => ({ ...quiet(subject, why), verdict, seen });
  if (!told.fires) return no(told.why);
  if (action === 'blocked') return no(`${told.why}, but ${blockedBy ?? 'an input is blocked'}`);
  if (firing.length === 0) return no(`${told.why}, but no partition has anything to do`);
  // What was tried in vain stays tried, whatever other partitions fire for.
  const answered = source.fired(subject)?.causes ?? {};
  const tried = asked.filter(({ fires, partition, cause }) => !fires && answered[partition] === cause);
  return {
    subject,
    fires: true,
    why: told.why,
    verdict,
    keys: [subject],
    partitions: whole ? [] : firing.map(({ partition }) => partition),
    causes: Object.fromEntries([...firing, ...tried].map(({ partition, cause }) => [partition, cause])),
    seen,
  };
}

const quiet = (subject: string, why: string) => ({ subject, fires: false, why, keys: [], partitions: [], causes: {} });

function seenBy({ graph, record }: FactsSource, condition: Condition): Readonly<Record<string, string>> {
  const versions = awaitedAssets(condition).map((key) => [key, wholeVersion(record, graph.get(key))] as const);
  return Object.fromEntries(versions.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
