import type { AssetDefinition } from '../declare/definition.ts';
import { assess } from '../plan/assess.ts';
import { alone, type Enter } from './alone.ts';
import { madeMeanwhile } from './made-meanwhile.ts';
import { runMissingChecks } from './run-checks.ts';
import type { RunContext } from './run-context.ts';
import { buildModels } from './transform-build.ts';
import { staleMembers } from './transform-members.ts';
import { failedTests, lackingTests, runTransformTests } from './transform-tests.ts';

/** Builds the stale models of a transformer project in one call, with the tests that fresh ones and sources still lack. */
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

async function buildStale(run: RunContext, assets: readonly AssetDefinition[]): Promise<void> {
  const members = await staleMembers(run, assets);
  const fresh = assets.filter(({ key }) => !members.has(key) && run.memory.failure(key, undefined) === undefined);
  const tests = lackingTests(run, assets, { fresh, isBuilt: (key) => members.has(key) });
  const dir = assets[0]?.transform?.dir;
  if (dir !== undefined && members.size + tests.length > 0) await buildModels(run, { dir, members, tests });
  for (const asset of fresh) if (run.memory.failure(asset.key, undefined) === undefined) await runMissingChecks(run, asset, undefined);
}
