import { currentProcess, formatIdentity } from '../drivers/disk/process-identity.ts';
import type { RunTitle } from '../runtime/run/run-selection.ts';
import type { Pipeline } from './pipeline.ts';

/** What the log says of a run of this process. */
export function titleOf({ session, environment, selection }: Pipeline, job?: string): RunTitle {
  const process = formatIdentity(currentProcess());
  return { project: session.project.name, environment: environment.name, selection, job, process };
}
