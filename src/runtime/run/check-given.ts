import type { RunContext } from './run-context.ts';
import { runChecks } from './run-checks.ts';

/** Runs the checks of assets that something is given for: of the partitions that are given, or of the one that is asked for, before anything reads them. */
export async function checkGiven(run: RunContext): Promise<void> {
  for (const key of new Set(run.graph.checks.map(({ asset }) => asset.key))) {
    const partitions = new Set(run.given(key).map(({ partition }) => partition));
    for (const partition of partitions) await runChecks(run, run.graph.get(key), partition);
  }
}
