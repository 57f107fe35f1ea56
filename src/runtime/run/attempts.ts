import type { AssetDefinition } from '../declare/definition.ts';
import type { RunContext } from './run-context.ts';

/** The number of a step's first attempt: that of the try, where another system tries again by itself. */
export function firstAttempt({ external }: Pick<RunContext, 'external'>): number {
  return external?.try ?? 1;
}

/** The number of the attempt after which a step is not tried again. */
export function finalAttempt({ external }: Pick<RunContext, 'external'>, { retry }: AssetDefinition): number {
  return external?.try ?? retry.attempts;
}
