import type { CheckDefinition } from '../declare/definition.ts';
import type { NodeStatus, TransformEvent } from '../resource/transformer.ts';
import type { RecordedError } from './event.ts';
import { failStep } from './fail-step.ts';
import { stamp, type RunContext } from './run-context.ts';
import type { Member } from './transform-members.ts';

type Finished = Extract<TransformEvent, { type: 'finished' }>;

/** Records what a transformer reports, as it reports it: a model as its asset's materialization, a test as its check. */
export function transformReporter(
  run: RunContext,
  members: ReadonlyMap<string, Member>,
  finished: Set<string>,
): (event: TransformEvent) => void {
  const models = new Map([...members.values()].map((member) => [member.asset.transform?.uniqueId, member] as const));
  const checks = new Map(run.graph.checks.flatMap((check) => (check.uniqueId === undefined ? [] : [[check.uniqueId, check] as const])));
  return (event) => {
    if (event.type === 'started') return;
    const member = models.get(event.node);
    const check = checks.get(event.node);
    if (member !== undefined) {
      finished.add(member.asset.key);
      reportModel(run, member, event);
    } else if (check !== undefined && event.status !== 'skipped') {
      reportTest(run, check, { event, version: members.get(check.asset.key)?.version ?? run.record.version(check.asset.key) ?? null });
    }
  };
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

function reportTest(
  run: RunContext,
  check: CheckDefinition,
  { event, version }: { readonly event: Finished; readonly version: string | null },
): void {
  const { asset, name } = check;
  const passed = PASSED.has(event.status);
  // A test of severity error that found less than its error_if asks for ends as a warning.
  const isWarning = event.status === 'warn';
  const blocking = check.blocking && !isWarning;
  const severity = isWarning ? 'warn' : check.severity;
  if (!passed && blocking)
    run.memory.fail(
      { asset: asset.key, partition: undefined },
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
    asset: asset.key,
    check: name,
    passed,
    blocking,
    severity,
    version,
    milliseconds,
    metadata,
  });
}
