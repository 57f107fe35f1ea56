import type { AssetDefinition, CheckDefinition } from '../declare/definition.ts';
import type { TransformEvent } from '../resource/transformer.ts';
import type { RecordedError } from './event.ts';
import { failStep } from './fail-step.ts';
import { wholeVersion } from './run-checks.ts';
import { stamp, type RunContext } from './run-context.ts';
import { PASSED, reportTest, transformChecks, type Finished } from './test-report.ts';
import type { Member } from './transform-members.ts';

export interface TransformReporter {
  report(event: TransformEvent): void;
  /** The keys of the models that were built, failed for good or were skipped. */
  readonly finished: ReadonlySet<string>;
  /** Those to be tried again: they failed for a transient reason, or wait for what did. */
  readonly held: Map<string, RecordedError>;
  /** The tests that were recorded. */
  readonly tested: ReadonlySet<CheckDefinition>;
  /** Those to be tried again: they were lost on the way. */
  readonly lost: ReadonlySet<CheckDefinition>;
}

/** Records what a transformer reports, as it reports it: a model as its asset's materialization, a test as its check. */
export function transformReporter(
  run: RunContext,
  members: ReadonlyMap<string, Member>,
  mayTryAgain: (asset: AssetDefinition) => boolean,
): TransformReporter {
  const finished = new Set<string>();
  const held = new Map<string, RecordedError>();
  const tested = new Set<CheckDefinition>();
  const lost = new Set<CheckDefinition>();
  const models = new Map([...members.values()].map((member) => [member.asset.transform?.uniqueId, member] as const));
  const checks = transformChecks(run);
  /** True of a model that was passed over for what is tried again, and for nothing else. */
  const waits = ({ key, dependencies }: AssetDefinition): boolean => {
    const before = [key, ...Object.values(dependencies).map(({ upstream }) => upstream.key)];
    const again = new Set([...held.keys(), ...[...lost].map(({ asset }) => asset.key)]);
    return before.some((other) => again.has(other)) && before.every((other) => run.memory.failure(other) === undefined);
  };
  const report = (event: TransformEvent): void => {
    if (event.type === 'started') return;
    const member = models.get(event.node);
    const check = checks.get(event.node);
    if (member !== undefined) {
      const { key } = member.asset;
      const isWaiting = event.status === 'skipped' && waits(member.asset);
      if ((isWaiting || event.transient === true) && mayTryAgain(member.asset)) {
        held.set(key, { ...modelError(key, isWaiting ? 'what comes before it is tried again' : event.message), transient: true });
        return;
      }
      finished.add(key);
      reportModel(run, member, event);
    } else if (check !== undefined && event.status !== 'skipped') {
      const mayAgain = [check.asset, ...[...members.values()].map(({ asset }) => asset)].some(mayTryAgain);
      if (event.transient === true && mayAgain) {
        lost.add(check);
        return;
      }
      tested.add(check);
      reportTest(run, check, { event, version: members.get(check.asset.key)?.version ?? wholeVersion(run, check.asset.key) ?? null });
    }
  };
  return { report, finished, held, tested, lost };
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
  const checks = transformChecks(run);
  let failed: RecordedError | undefined = modelError(key);
  return {
    report(event) {
      if (event.type === 'started') return;
      const check = checks.get(event.node);
      if (event.node === transform?.uniqueId) {
        const isBuilt = PASSED.has(event.status) || event.status === 'warn';
        const message = event.status === 'skipped' ? SKIPPED : event.message;
        failed = isBuilt ? undefined : { ...modelError(key, message), transient: event.transient ?? false };
      } else if (check !== undefined && event.status !== 'skipped') {
        const own = check.asset.key === key;
        reportTest(run, check, { event, ...(own ? { partition, version } : { version: wholeVersion(run, check.asset.key) ?? null }) });
      }
    },
    failure: () => failed,
  };
}
