import type { AssetDefinition } from '../declare/definition.ts';
import { parseDuration } from '../declare/duration.ts';
import { canonicalJson, digest } from '../digest.ts';
import { inputVersions } from '../plan/inputs.ts';
import { describeReason, type Reason } from '../plan/reason.ts';
import type { Written } from '../store/store.ts';
import { firstAttempt, finalAttempt } from './attempts.ts';
import { callFunction } from './call-function.ts';
import type { InputVersions } from './event.ts';
import { loadInputs } from './load-inputs.ts';
import { isTransient, recordedError } from './recorded-error.ts';
import { retryDelay } from './retry-delay.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields, type StepName } from './step-name.ts';
import { runChecks } from './run-checks.ts';
import { storeContext } from './store-access.ts';
import { withTimeLimit } from './time-limit.ts';
import { buildPartition } from './transform-partition.ts';

/** Materializes one asset, or one partition of it: attempts, store, checks. Whatever goes wrong is recorded, marked for the dependents, and not thrown. */
export async function runStep(
  run: RunContext,
  asset: AssetDefinition,
  { partition, reasons }: { readonly partition: string | undefined; readonly reasons: readonly Reason[] },
): Promise<void> {
  const name: StepName = { asset: asset.key, partition };
  const fields = stepFields(name);
  const limit = asset.timeout === undefined ? undefined : parseDuration(asset.timeout);
  for (let attempt = firstAttempt(run); ; attempt++) {
    const started = run.clock.elapsed();
    void run.emit({ type: 'step.started', ...stamp(run), ...fields, attempt, reasons: reasons.map(describeReason) });
    const inputs = inputVersions(run, asset, partition);
    const metadata: Record<string, unknown> = {};
    try {
      const written = await withTimeLimit(limit, run, (signal) =>
        materialize(run, asset, { partition, attempt, signal, metadata, inputs }),
      );
      const milliseconds = Math.round(run.clock.elapsed() - started);
      const { version, rows, bytes, touched } = written;
      void run.emit({
        type: 'asset.materialized',
        ...stamp(run),
        ...fields,
        version,
        codeVersion: run.codeVersion(asset),
        configVersion: run.configVersion(asset),
        ...run.fields(asset),
        inputs,
        milliseconds,
        metadata: { ...written.metadata, ...metadata },
        ...(rows !== undefined && { rows }),
        ...(bytes !== undefined && { bytes }),
        ...(touched !== undefined && { touched }),
      });
    } catch (error) {
      if (run.signal.aborted) {
        run.memory.fail(name, { cause: 'canceled', reason: 'the run was canceled' });
        await run.emit({
          type: 'step.skipped',
          ...stamp(run),
          ...fields,
          cause: 'canceled',
          reason: 'the run was canceled while it worked',
        });
        return;
      }
      const recorded = recordedError(error, asset.key);
      if (isTransient(error) && attempt < finalAttempt(run, asset)) {
        const delay = retryDelay(run, asset, { partition, attempt });
        await run.emit({ type: 'step.retried', ...stamp(run), ...fields, attempt, delay, error: recorded });
        await run.clock.sleep(delay, run.signal).catch(() => {}); // an abort while waiting shows at the next attempt
        continue;
      }
      run.memory.fail(name, { cause: 'upstream-failed', reason: `${asset.key} failed` });
      run.memory.caught(name, error);
      await run.emit({
        type: 'step.failed',
        ...stamp(run),
        ...fields,
        attempt,
        error: recorded,
        milliseconds: Math.round(run.clock.elapsed() - started),
      });
      return;
    }
    await runChecks(run, asset, partition);
    return;
  }
}

interface Attempt {
  readonly partition: string | undefined;
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly metadata: Record<string, unknown>;
  readonly inputs: InputVersions;
}

async function materialize(
  run: RunContext,
  asset: AssetDefinition,
  { partition, attempt, signal, metadata, inputs }: Attempt,
): Promise<Written> {
  if (asset.transform !== undefined && partition !== undefined) return buildPartition(run, asset, { partition, inputs, signal });
  const call = async () =>
    callFunction(run, asset, {
      partition,
      attempt,
      inputs: await loadInputs(run, asset, partition),
      signal,
      metadata: (values) => void Object.assign(metadata, values),
    });
  if (asset.store === undefined) {
    await run.memory.once({ kind: 'value', name: asset.key, partition }, call);
    return { version: digest(run.codeVersion(asset), run.configVersion(asset), canonicalJson(inputs), partition ?? '') };
  }
  return asset.store.spec.write(await call(), await storeContext(run, { asset, partition, signal, attempt, inputs }));
}
