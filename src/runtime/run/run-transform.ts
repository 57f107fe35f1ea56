import type { AssetDefinition, CheckDefinition } from '../declare/definition.ts';
import { assess } from '../plan/assess.ts';
import { describeReason } from '../plan/reason.ts';
import { transformer, type Transformer } from '../resource/transformer.ts';
import { warehouse, type Warehouse } from '../resource/warehouse.ts';
import { alone, type Enter } from './alone.ts';
import { firstAttempt } from './attempts.ts';
import type { RecordedError } from './event.ts';
import { failStep } from './fail-step.ts';
import { recordedError } from './recorded-error.ts';
import { madeMeanwhile } from './made-meanwhile.ts';
import { failedOf, missingTests, runChecks, runMissingChecks } from './run-checks.ts';
import { stamp, type RunContext } from './run-context.ts';
import { staleMembers, type Member } from './transform-members.ts';
import { transformReporter } from './transform-report.ts';

/**
 * Builds the stale models of a transformer project in one call, with the tests that fresh ones still lack; each model and test is recorded as it
 * finishes.
 */
export async function runTransform(run: RunContext, assets: readonly AssetDefinition[], enter: Enter): Promise<void> {
  // Where nothing is stale only tests may run, which write nothing.
  const stale = assets.some((asset) => assess(run, asset, undefined).length > 0);
  const models = stale ? assets.map(({ key }) => ({ asset: key, partition: undefined, whole: true })) : [];
  const work = async () => {
    if (stale) for (const asset of assets) await madeMeanwhile(run, asset, undefined);
    if (run.external !== undefined) await runTransformTests(run, failedTests(run, assets));
    await buildStale(run, assets);
  };
  await alone(run, models, { enter, work });
}

/** The tests that failed for models that stay as they are: another system that tries again does so for these, and what they block waits for them. */
function failedTests(run: RunContext, assets: readonly AssetDefinition[]): readonly CheckDefinition[] {
  const changing = new Set<string>();
  return assets.flatMap((asset) => {
    const reads = Object.values(asset.dependencies).some(({ upstream }) => changing.has(upstream.key));
    if (reads || assess(run, asset, undefined).length > 0) changing.add(asset.key);
    return changing.has(asset.key) ? [] : failedOf(run, asset, undefined).filter(({ transform }) => transform !== undefined);
  });
}

async function buildStale(run: RunContext, assets: readonly AssetDefinition[]): Promise<void> {
  const members = await staleMembers(run, assets);
  const fresh = assets.filter(({ key }) => !members.has(key) && run.memory.failure(key, undefined) === undefined);
  const tests = fresh.flatMap((asset) => missingTests(run, asset, (key) => members.has(key)));
  const dir = [...members.values(), ...tests][0]?.asset.transform?.dir;
  if (dir !== undefined) await build(run, { dir, members, tests });
  for (const asset of fresh) if (run.memory.failure(asset.key, undefined) === undefined) await runMissingChecks(run, asset, undefined);
}

/** Runs tests of transformers alone, against what their models hold: one call for each project. */
export async function runTransformTests(run: RunContext, tests: readonly CheckDefinition[]): Promise<void> {
  for (const dir of new Set(tests.flatMap(({ asset }) => asset.transform?.dir ?? []))) {
    await build(run, { dir, members: new Map(), tests: tests.filter(({ asset }) => asset.transform?.dir === dir) });
  }
}

interface Build {
  readonly dir: string;
  readonly members: ReadonlyMap<string, Member>;
  /** Of models that are not built. */
  readonly tests: readonly CheckDefinition[];
}

async function build(run: RunContext, { dir, members, tests }: Build): Promise<void> {
  const all = [...members.values()];
  for (const { asset, reasons } of all)
    await run.emit({
      type: 'step.started',
      ...stamp(run),
      asset: asset.key,
      attempt: firstAttempt(run),
      reasons: reasons.map(describeReason),
    });
  const started = run.clock.elapsed();
  const finished = new Set<string>();
  const outcome = await attempt(async () => {
    const [client, models] = await Promise.all([
      run.resources.open(warehouse.name) as Promise<Warehouse>,
      run.resources.open(transformer.name) as Promise<Transformer>,
    ]);
    const select = [...all.map(({ asset }) => asset), ...tests].flatMap(({ transform }) => transform?.fqn ?? []);
    const report = transformReporter(run, members, finished);
    await client.lend('dbt', (target) => models.build({ dir, select, target, fullRefresh: run.fullRefresh, signal: run.signal }, report));
    await countRows(
      run,
      client,
      all.filter(({ asset }) => finished.has(asset.key)),
    );
  });
  const milliseconds = Math.round(run.clock.elapsed() - started);
  const untested = outcome === undefined ? [] : [...new Set(tests.map(({ asset }) => asset))];
  for (const asset of [...all.map((member) => member.asset), ...untested]) {
    if (finished.has(asset.key)) continue;
    if (run.signal.aborted) await cancelMember(run, asset.key);
    else failStep(run, { asset: asset.key, partition: undefined }, { milliseconds, error: outcome ?? NOT_BUILT });
  }
  for (const { asset } of all) if (run.memory.failure(asset.key, undefined) === undefined) await runChecks(run, asset, undefined);
}

const NOT_BUILT: RecordedError = {
  code: 'DBT_FAILED',
  message: 'dbt ended without a word about this model.',
  transient: false,
  remedy: "Look into dbt's log, in the folder dbt/logs of the environment.",
};

/** A call that fails as a whole fails the models that it had not built yet. */
async function attempt(build: () => Promise<void>): Promise<RecordedError | undefined> {
  try {
    await build();
    return undefined;
  } catch (error) {
    return recordedError(error);
  }
}

async function cancelMember(run: RunContext, asset: string): Promise<void> {
  run.memory.fail({ asset, partition: undefined }, { cause: 'canceled', reason: 'the run was canceled' });
  await run.emit({ type: 'step.skipped', ...stamp(run), asset, cause: 'canceled', reason: 'the run was canceled' });
}

/** dbt does not say how many rows a model has. */
async function countRows(run: RunContext, client: Warehouse, members: readonly Member[]): Promise<void> {
  for (const { asset, version } of members) {
    const table = asset.store?.spec.location;
    if (table === undefined || run.record.version(asset.key) !== version) continue;
    await run.emit({ type: 'asset.observed', ...stamp(run), asset: asset.key, version, rows: await client.count(table) });
  }
}
