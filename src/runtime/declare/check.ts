import type { AssetOf } from './asset.ts';
import type { CommonContext } from './context.ts';
import type { CheckDefinition, CheckResult } from './definition.ts';

/** A statement about an asset's data that is tested after each materialization. */
export interface Check {
  readonly definition: CheckDefinition;
}

export interface CheckSpec {
  /** While it fails, dependents do not run. */
  blocking?: boolean;
  /** A failed check of severity `error` (the default) fails the run. */
  severity?: 'warn' | 'error';
  description?: string;
}

/** Declares a check: `check(plays, 'duration is sane', { blocking: true }).run(async (rows) => ({ passed: … }))`. */
export function check<O>(
  asset: AssetOf<O>,
  name: string,
  spec: CheckSpec = {},
): { run(fn: (value: O, context: CommonContext) => Promise<CheckResult> | CheckResult): Check } {
  const { blocking = false, severity = 'error', description } = spec;
  return {
    run: (fn) => ({
      definition: {
        asset: asset.definition,
        name,
        blocking,
        severity,
        description,
        run: fn as unknown as CheckDefinition['run'],
        uniqueId: undefined,
      },
    }),
  };
}
