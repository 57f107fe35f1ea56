import { currentProcess, formatIdentity } from '../drivers/disk/process-identity.ts';
import type { RunTitle } from '../runtime/run/run-selection.ts';
import type { Pipeline } from './pipeline.ts';

/** What the log says of a run of this process. */
export function titleOf({ session, environment, selection }: Pipeline): RunTitle {
  const process = formatIdentity(currentProcess());
  return { project: session.project.name, environment: environment.name, selection, process };
}

/** The tags of a run: the job's, and those of the command. */
export function tagsOf(
  { session }: Pipeline,
  { job, tag = [] }: { readonly job?: string | undefined; readonly tag?: readonly string[] | undefined },
): readonly string[] {
  const ofJob = job === undefined ? [] : session.graph.job(job).tags;
  return [...new Set([...ofJob, ...tag])];
}
