import { assess } from '../../runtime/plan/assess.ts';
import { observe } from '../../runtime/run/observe.ts';
import type { Pipeline } from '../pipeline.ts';

/** Of the assets, those whose code or schema changed since their rows were loaded: they take nothing more before they are rebuilt. */
export async function outdatedTables(pipeline: Pipeline, assets: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  if (assets.size === 0) return assets;
  const run = await pipeline.start({ request: pipeline.request(assets) });
  await observe(run);
  const { graph } = pipeline.session;
  return new Set([...assets].filter((key) => assess(run, graph.get(key), undefined).some(({ kind }) => kind === 'code')));
}
