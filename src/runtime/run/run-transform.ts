import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { assess } from '../plan/assess.ts';
import { freshness } from '../plan/explain.ts';
import { inputVersions } from '../plan/inputs.ts';
import { describeReason, type Reason } from '../plan/reason.ts';
import { transformer, type TransformEvent, type Transformer } from '../resource/transformer.ts';
import { warehouse, type Warehouse } from '../resource/warehouse.ts';
import { isObstructed } from './obstruction.ts';
import { recordedError } from './recorded-error.ts';
import { stamp, type RunContext } from './run-context.ts';
import { runChecks } from './run-checks.ts';

interface Member {
  readonly asset: AssetDefinition;
  readonly reasons: readonly Reason[];
  readonly version: string;
  readonly inputs: ReturnType<typeof inputVersions>;
}

/** Builds the stale models of a transformer project in one call; each model and test is recorded as it finishes. */
export async function runTransform(run: RunContext, assets: readonly AssetDefinition[]): Promise<void> {
  const members = await staleMembers(run, assets);
  const [first] = members.values();
  const dir = first?.asset.transform?.dir;
  if (dir === undefined) return;
  for (const { asset, reasons } of members.values())
    await run.emit({ type: 'step.started', ...stamp(run), asset: asset.key, attempt: 1, reasons: reasons.map(describeReason) });
  const started = run.clock.now().getTime();
  const finished = new Set<string>();
  const report = createReporter(run, members, finished);
  try {
    const [client, models] = await Promise.all([
      run.resources.open(warehouse.name) as Promise<Warehouse>,
      run.resources.open(transformer.name) as Promise<Transformer>,
    ]);
    const select = [...members.values()].flatMap(({ asset }) => asset.transform?.fqn ?? []);
    await client.lend('dbt', (target) => models.build({ dir, select, target, fullRefresh: run.fullRefresh, signal: run.signal }, report));
    await countRows(
      run,
      client,
      [...members.values()].filter(({ asset }) => finished.has(asset.key)),
    );
  } catch (error) {
    const recorded = recordedError(error);
    for (const { asset } of members.values()) {
      if (finished.has(asset.key)) continue;
      if (run.signal.aborted) {
        run.memory.fail({ asset: asset.key, partition: undefined }, 'the run was canceled');
        await run.emit({ type: 'step.skipped', ...stamp(run), asset: asset.key, cause: 'canceled', reason: 'the run was canceled' });
      } else {
        run.memory.fail({ asset: asset.key, partition: undefined }, `${asset.key} failed`);
        await run.emit({
          type: 'step.failed',
          ...stamp(run),
          asset: asset.key,
          attempt: 1,
          error: recorded,
          milliseconds: run.clock.now().getTime() - started,
        });
      }
    }
    return;
  }
  for (const { asset } of members.values())
    if (run.memory.failure(asset.key, undefined) === undefined) await runChecks(run, asset, undefined);
}

/** The models to build. A model's version follows from its code and inputs, so those behind it in the group are decided before anything runs. */
async function staleMembers(run: RunContext, assets: readonly AssetDefinition[]): Promise<ReadonlyMap<string, Member>> {
  const members = new Map<string, Member>();
  for (const asset of assets) {
    if (await isObstructed(run, asset, undefined)) continue;
    const ahead = Object.values(asset.dependencies).flatMap(({ upstream }) => members.get(upstream.key) ?? []);
    const inputs = {
      ...inputVersions(run, asset, undefined),
      ...Object.fromEntries(ahead.map((member) => [member.asset.key, member.version])),
    };
    const reasons = [...assess(run, asset, undefined), ...changedAhead(run, asset, ahead)];
    if (reasons.length > 0) {
      const version = digest(run.codeVersion(asset), run.configVersion(asset), canonicalJson(inputs));
      members.set(asset.key, { asset, reasons, version, inputs });
      continue;
    }
    await run.emit({ type: 'step.skipped', ...stamp(run), asset: asset.key, cause: 'fresh', reason: freshness(run, asset, undefined) });
  }
  return members;
}

function changedAhead(run: RunContext, asset: AssetDefinition, ahead: readonly Member[]): readonly Reason[] {
  const recorded = run.record.materialized(asset.key)?.inputs ?? {};
  return ahead.flatMap((member): readonly Reason[] => {
    const from = recorded[member.asset.key];
    return from === member.version
      ? []
      : [{ kind: 'input', asset: member.asset.key, from: typeof from === 'string' ? from : undefined, to: member.version }];
  });
}

function createReporter(run: RunContext, members: ReadonlyMap<string, Member>, finished: Set<string>): (event: TransformEvent) => void {
  const checks = new Map(
    run.graph.assets
      .flatMap(({ key }) => run.graph.checksOf(key))
      .flatMap((check) => (check.uniqueId === undefined ? [] : [[check.uniqueId, check] as const])),
  );
  const byNode = new Map([...members.values()].map((member) => [member.asset.transform?.uniqueId, member] as const));
  return (event) => {
    if (event.type === 'started') return;
    const milliseconds = Math.round(event.seconds * 1000);
    const member = byNode.get(event.node);
    const check = checks.get(event.node);
    if (member !== undefined) {
      const { asset, version, inputs } = member;
      finished.add(asset.key);
      if (event.status === 'success') {
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
      } else if (event.status === 'skipped') {
        run.memory.fail({ asset: asset.key, partition: undefined }, 'dbt skipped it because a model or test before it failed');
        void run.emit({
          type: 'step.skipped',
          ...stamp(run),
          asset: asset.key,
          cause: 'upstream-failed',
          reason: 'dbt skipped it because a model or test before it failed',
        });
      } else {
        run.memory.fail({ asset: asset.key, partition: undefined }, `${asset.key} failed`);
        const error = {
          code: 'DBT_MODEL_FAILED',
          message: event.message ?? 'dbt gave no message',
          transient: false,
          remedy: `Fix the model, then run it alone: spindle materialize --select ${asset.key}.`,
        } as const;
        void run.emit({ type: 'step.failed', ...stamp(run), asset: asset.key, attempt: 1, error, milliseconds });
      }
    } else if (check !== undefined && event.status !== 'skipped') {
      const { asset, name, blocking, severity } = check;
      const passed = event.status === 'pass' || event.status === 'success';
      if (!passed && blocking && event.status !== 'warn')
        run.memory.fail({ asset: asset.key, partition: undefined }, `the blocking check "${name}" of ${asset.key} failed`);
      const metadata = {
        ...(event.failures !== undefined && { failures: event.failures }),
        ...(event.message !== undefined && !passed && { message: event.message }),
      };
      const version = members.get(asset.key)?.version ?? run.record.version(asset.key) ?? null;
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
  };
}

/** dbt does not say how many rows a model has. */
async function countRows(run: RunContext, client: Warehouse, members: readonly Member[]): Promise<void> {
  for (const { asset, version } of members) {
    const table = asset.store?.spec.location;
    if (table === undefined || run.record.version(asset.key) !== version) continue;
    await run.emit({ type: 'asset.observed', ...stamp(run), asset: asset.key, version, rows: await client.count(table) });
  }
}
