import type { AssetDefinition, CheckDefinition } from '../declare/definition.ts';
import { isSpindleError } from '../errors.ts';
import { assess } from '../plan/assess.ts';
import { transformer } from '../resource/transformer.ts';
import { failedOf, missingTests } from './run-checks.ts';
import type { RunContext } from './run-context.ts';
import { buildModels } from './transform-build.ts';

/** Runs tests of transformers alone, against what is stored: one call for each project. */
export async function runTransformTests(run: RunContext, tests: readonly CheckDefinition[]): Promise<void> {
  for (const dir of new Set(tests.flatMap(({ transform }) => transform?.dir ?? []))) {
    await buildModels(run, { dir, members: new Map(), tests: tests.filter(({ transform }) => transform?.dir === dir) });
  }
}

/**
 * Runs the blocking tests of transformers that have no result yet for what an asset reads, but for those that run with the model that is read: whoever
 * reads it first has to wait for them. Without a transformer in the environment it waits for none.
 */
export async function runInputTests(run: RunContext, { dependencies }: AssetDefinition): Promise<void> {
  const read = Object.values(dependencies).flatMap(({ upstream, mapping }) => (mapping.kind === 'order' ? [] : [upstream]));
  const tests = [...new Set(read)].flatMap((upstream) =>
    missingTests(run, upstream, () => false).filter(({ blocking, transform }) => blocking && transform?.dir !== upstream.transform?.dir),
  );
  if (tests.length === 0 || !(await hasTransformer(run))) return;
  const name = tests.map(({ uniqueId }) => uniqueId).join(' ');
  await run.memory.once({ kind: 'tests', name, partition: undefined }, () => runTransformTests(run, tests));
}

async function hasTransformer({ resources }: RunContext): Promise<boolean> {
  try {
    await resources.open(transformer.name);
    return true;
  } catch (error) {
    if (isSpindleError(error) && error.code === 'RESOURCE_MISSING') return false;
    throw error;
  }
}

/** The tests that failed for sources, and for models that stay as they are: another system that tries again does so for these, and what they block waits for them. */
export function failedTests(run: RunContext, models: readonly AssetDefinition[]): readonly CheckDefinition[] {
  const changing = new Set<string>();
  const staying = models.filter((asset) => {
    const reads = Object.values(asset.dependencies).some(({ upstream }) => changing.has(upstream.key));
    if (reads || assess(run, asset, undefined).length > 0) changing.add(asset.key);
    return !changing.has(asset.key);
  });
  return [...staying, ...sourcesOf(models)].flatMap((asset) => failedOf(run, asset, undefined).filter(testOf(models)));
}

/** The tests that fresh models, and the sources of all of them, still lack. */
export function lackingTests(
  run: RunContext,
  models: readonly AssetDefinition[],
  { fresh, isBuilt }: { readonly fresh: readonly AssetDefinition[]; readonly isBuilt: (key: string) => boolean },
): readonly CheckDefinition[] {
  return [...fresh, ...sourcesOf(models)].flatMap((asset) => missingTests(run, asset, isBuilt).filter(testOf(models)));
}

/** Of the project that the models belong to: a source may have tests in several. */
const testOf =
  ([model]: readonly AssetDefinition[]) =>
  ({ transform }: CheckDefinition): boolean =>
    transform !== undefined && transform.dir === model?.transform?.dir;

/** What models read that is none of their project, whose tests run with it. */
function sourcesOf(models: readonly AssetDefinition[]): readonly AssetDefinition[] {
  const read = models.flatMap(({ dependencies }) => Object.values(dependencies).map(({ upstream }) => upstream));
  return [...new Set(read)].filter(({ transform }) => transform?.dir !== models[0]?.transform?.dir);
}
