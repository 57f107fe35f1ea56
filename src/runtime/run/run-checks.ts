import type { AssetDefinition, CheckDefinition } from '../declare/definition.ts';
import { readAsset } from './read-asset.ts';
import { commonContext } from './call-function.ts';
import { recordedError } from './recorded-error.ts';
import { recordable } from './recordable.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields } from './step-name.ts';

/** Runs the checks of one asset or partition that are functions. A blocking one that fails is marked for the dependents. */
export function runChecks(run: RunContext, asset: AssetDefinition, partition: string | undefined): Promise<void> {
  return runEach(run, run.graph.checksOf(asset.key), partition);
}

/** Runs those that have no result for what is stored now. Another system that tries again does so for those that failed, too. */
export function runMissingChecks(run: RunContext, asset: AssetDefinition, partition: string | undefined): Promise<void> {
  const failed = run.external === undefined ? [] : failedOf(run, asset, partition);
  return runEach(run, [...uncheckedOf(run, asset, partition), ...failed], partition);
}

/** Runs those of the checks that are functions. */
export async function runEach(run: RunContext, checks: readonly CheckDefinition[], partition: string | undefined): Promise<void> {
  if (run.skipsChecks) return;
  for (const check of checks) {
    if (check.run === undefined) continue;
    run.signal.throwIfAborted();
    await runCheck(run, check, partition);
  }
}

/** The checks that have no result for what is stored now: the run that materialized it was ended before they were done. */
function uncheckedOf({ graph, record }: RunContext, asset: AssetDefinition, partition: string | undefined): readonly CheckDefinition[] {
  const checked = new Set(record.checks(asset.key, partition).map(({ check }) => check));
  return graph.checksOf(asset.key).filter(({ name }) => !checked.has(name));
}

/** The checks that failed for what is stored now, of those whose failure is one of the run. */
export function failedOf({ graph, record }: RunContext, asset: AssetDefinition, partition: string | undefined): readonly CheckDefinition[] {
  const failed = new Set(record.checks(asset.key, partition).flatMap(({ check, passed }) => (passed ? [] : [check])));
  return graph.checksOf(asset.key).filter(({ name, blocking, severity }) => failed.has(name) && (blocking || severity === 'error'));
}

/** The tests of an asset that a transformer has still to run for what is stored now, as far as all that they read is there or is being `built`. */
export function missingTests(run: RunContext, asset: AssetDefinition, built: (key: string) => boolean): readonly CheckDefinition[] {
  const isThere = (key: string) => built(key) || run.record.materialized(key) !== undefined || wholeVersion(run, key) !== undefined;
  return uncheckedOf(run, asset, undefined).filter(({ transform }) => transform?.reads.every(isThere));
}

/** One version of all that is stored of an asset, whether it has partitions or not. */
export const wholeVersion = ({ record }: Pick<RunContext, 'record'>, key: string): string | undefined =>
  record.space(key) === undefined ? record.version(key) : record.whole(key);

async function runCheck(run: RunContext, check: CheckDefinition, partition: string | undefined): Promise<void> {
  const { asset, name, blocking, severity } = check;
  const started = run.clock.elapsed();
  const metadata: Record<string, unknown> = {};
  const context = commonContext(run, { asset, partition, signal: run.signal, metadata: (values) => void Object.assign(metadata, values) });
  const outcome = await checked(asset.key, async () => check.run?.(await readAsset(run, asset, partition), context));
  const passed = 'passed' in outcome && outcome.passed;
  if (!passed && blocking)
    run.memory.fail(
      { asset: asset.key, partition },
      { cause: 'check-failed', reason: `the blocking check "${name}" of ${asset.key} failed` },
    );
  await run.emit({
    type: 'check.finished',
    ...stamp(run),
    ...stepFields({ asset: asset.key, partition }),
    check: name,
    passed,
    blocking,
    severity,
    version: run.record.version(asset.key, partition) ?? null,
    milliseconds: Math.round(run.clock.elapsed() - started),
    metadata: { ...metadata, ...('passed' in outcome && outcome.metadata) },
    ...('error' in outcome && { error: recordedError(outcome.error) }),
  });
}

type Outcome = { readonly passed: boolean; readonly metadata?: Record<string, unknown> } | { readonly error: unknown };

/** A check that throws has not passed. */
async function checked(asset: string, work: () => Promise<Outcome | undefined>): Promise<Outcome> {
  try {
    const outcome = (await work()) ?? { passed: false };
    if ('passed' in outcome) recordable(outcome.metadata ?? {}, asset);
    return outcome;
  } catch (error) {
    return { error };
  }
}
