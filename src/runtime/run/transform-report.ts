import type { AssetDefinition, CheckDefinition } from '../declare/definition.ts';
import type { NodeStatus, TransformEvent } from '../resource/transformer.ts';
import type { RecordedError } from './event.ts';
import { failStep } from './fail-step.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields } from './step-name.ts';
import type { Member } from './transform-members.ts';

type Finished = Extract<TransformEvent, { type: 'finished' }>;

export interface TransformReporter {
  report(event: TransformEvent): void;
  /** The keys of the models that were built, failed for good or were skipped. */
  readonly finished: ReadonlySet<string>;
  /** Those to be tried again: they failed for a transient reason, or wait for one that did. */
  readonly held: Map<string, RecordedError>;
}

/** Records what a transformer reports, as it reports it: a model as its asset's materialization, a test as its check. */
export function transformReporter(
  run: RunContext,
  members: ReadonlyMap<string, Member>,
  mayTryAgain: (asset: AssetDefinition) => boolean,
): TransformReporter {
  const finished = new Set<string>();
  const held = new Map<string, RecordedError>();
  const models = new Map([...members.values()].map((member) => [member.asset.transform?.uniqueId, member] as const));
  const checks = new Map(run.graph.checks.flatMap((check) => (check.uniqueId === undefined ? [] : [[check.uniqueId, check] as const])));
  const report = (event: TransformEvent): void => {
    if (event.type === 'started') return;
    const member = models.get(event.node);
    const check = checks.get(event.node);
    if (member !== undefined) {
      const { key, dependencies } = member.asset;
      const upstreams = Object.values(dependencies).map(({ upstream }) => upstream.key);
      const waits =
        event.status === 'skipped' &&
        upstreams.some((upstream) => held.has(upstream)) &&
        upstreams.every((upstream) => run.memory.failure(upstream) === undefined);
      if ((waits || event.transient === true) && mayTryAgain(member.asset)) {
        held.set(key, { ...modelError(key, waits ? 'a model before it is tried again' : event.message), transient: true });
        return;
      }
      finished.add(key);
      reportModel(run, member, event);
    } else if (check !== undefined && event.status !== 'skipped') {
      reportTest(run, check, { event, version: members.get(check.asset.key)?.version ?? run.record.version(check.asset.key) ?? null });
    }
  };
  return { report, finished, held };
}

function reportModel(run: RunContext, { asset, version, inputs }: Member, event: Finished): void {
  const milliseconds = Math.round(event.seconds * 1000);
  switch (event.status) {
    case 'success':
    case 'pass':
    case 'warn':
      void run.emit({
        type: 'asset.materialized',
        ...stamp(run),
        asset: asset.key,
        version,
        codeVersion: run.codeVersion(asset),
        configVersion: run.configVersion(asset),
        inputs,
        milliseconds,
        metadata: {},
      });
      return;
    case 'skipped':
      run.memory.fail({ asset: asset.key, partition: undefined }, { cause: 'upstream-failed', reason: SKIPPED });
      void run.emit({ type: 'step.skipped', ...stamp(run), asset: asset.key, cause: 'upstream-failed', reason: SKIPPED });
      return;
    case 'fail':
    case 'error':
      failStep(run, { asset: asset.key, partition: undefined }, { milliseconds, error: modelError(asset.key, event.message) });
  }
}

const SKIPPED = 'dbt skipped it because a model or test before it failed';

const modelError = (key: string, message = 'dbt gave no message'): RecordedError => ({
  code: 'DBT_MODEL_FAILED',
  message,
  transient: false,
  remedy: `Correct the model, then run it alone: spindle materialize --select ${key}.`,
});

const PASSED: ReadonlySet<NodeStatus> = new Set<NodeStatus>(['pass', 'success']);

export interface PartitionReporter {
  report(event: TransformEvent): void;
  /** Why the model was not built; undefined where it was. */
  failure(): RecordedError | undefined;
}

/** Records the tests of a model, one partition of which is built. */
export function partitionReporter(
  run: RunContext,
  { key, transform }: AssetDefinition,
  { partition, version }: { readonly partition: string; readonly version: string },
): PartitionReporter {
  const checks = new Map(run.graph.checks.flatMap((check) => (check.uniqueId === undefined ? [] : [[check.uniqueId, check] as const])));
  let failed: RecordedError | undefined = modelError(key);
  return {
    report(event) {
      if (event.type === 'started') return;
      const check = checks.get(event.node);
      if (event.node === transform?.uniqueId) {
        const isBuilt = PASSED.has(event.status) || event.status === 'warn';
        failed = isBuilt ? undefined : { ...modelError(key, event.message), transient: event.transient ?? false };
      } else if (check !== undefined && event.status !== 'skipped') {
        const own = check.asset.key === key;
        reportTest(run, check, { event, ...(own ? { partition, version } : { version: run.record.version(check.asset.key) ?? null }) });
      }
    },
    failure: () => failed,
  };
}

interface Tested {
  readonly event: Finished;
  readonly version: string | null;
  readonly partition?: string;
}

function reportTest(run: RunContext, check: CheckDefinition, { event, version, partition }: Tested): void {
  const { asset, name } = check;
  const passed = PASSED.has(event.status);
  // A test of severity error that found less than its error_if asks for ends as a warning.
  const isWarning = event.status === 'warn';
  const blocking = check.blocking && !isWarning;
  const severity = isWarning ? 'warn' : check.severity;
  if (!passed && blocking)
    run.memory.fail(
      { asset: asset.key, partition },
      { cause: 'check-failed', reason: `the blocking check "${name}" of ${asset.key} failed` },
    );
  const metadata = {
    ...(event.failures !== undefined && { failures: event.failures }),
    ...(event.message !== undefined && !passed && { message: event.message }),
  };
  const milliseconds = Math.round(event.seconds * 1000);
  void run.emit({
    type: 'check.finished',
    ...stamp(run),
    ...stepFields({ asset: asset.key, partition }),
    check: name,
    passed,
    blocking,
    severity,
    version,
    milliseconds,
    metadata,
  });
}
