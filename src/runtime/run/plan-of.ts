import { plan, type Plan } from '../plan/plan.ts';
import type { RunContext } from './run-context.ts';

/** The plan of a run's own selection. */
export function planOf(run: RunContext): Plan {
  return plan({ ...run, selection: [...run.selected] });
}
