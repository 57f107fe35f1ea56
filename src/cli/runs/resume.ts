import { randomUUID } from 'node:crypto';
import { SpindleError } from '../../runtime/errors.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';
import type { CommandContext } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Pipeline } from '../pipeline.ts';
import { runToEnd } from '../run-to-end.ts';
import { currentKeys } from './current-key.ts';
import { findRun, SHORT_ID } from './find-run.ts';
import { isLasting } from './last-attempt.ts';
import { newestStopped, recordedRun, requireEnvironment, type RecordedRun } from './recorded-run.ts';
import { rerunScope } from './rerun-scope.ts';
import { stepSet } from './step-set.ts';

/** Starts a run again under its own id: what it made is not made again, whatever its request says. */
export async function resumeRun(
  pipeline: Pipeline,
  store: RunStore,
  { prefix, json, context }: { readonly prefix: string | undefined; readonly json: boolean; readonly context: CommandContext },
): Promise<ExitCode> {
  const { run } = prefix === undefined ? await newestStopped(store) : await findRun(store, prefix);
  const id = run.slice(0, SHORT_ID);
  // Its own claims stand against no run of the same id: two processes must not resume it at once.
  const claimant = randomUUID();
  const other = await store.claim({ name: '@resume', part: run, whole: false, run: claimant });
  if (other !== undefined)
    throw new SpindleError('USAGE', `Run ${id} is being resumed already.`, { remedy: `Look at it with: spindle runs show ${id}` });
  try {
    return await resumeRecorded(pipeline, store, { recorded: await recordedRun(store, run), json, context });
  } finally {
    await store.release(claimant);
  }
}

interface Resuming {
  readonly recorded: RecordedRun;
  readonly json: boolean;
  readonly context: CommandContext;
}

async function resumeRecorded(pipeline: Pipeline, store: RunStore, { recorded, json, context }: Resuming): Promise<ExitCode> {
  const { run, status, started, events } = recorded;
  const id = run.slice(0, SHORT_ID);
  if (status === 'succeeded') {
    throw new SpindleError('USAGE', `Run ${id} succeeded: nothing of it is left to do.`, {
      remedy: `Run it again with: spindle runs rerun ${id}`,
    });
  }
  requireEnvironment(recorded, pipeline.environment.name);
  const { graph } = pipeline.session;
  const request = { ...recorded.request, keys: currentKeys(graph, recorded.request.keys) };
  const made = events.filter((event) => event.type === 'asset.materialized');
  const done = stepSet(made, graph, (await store.state([])).dynamicKeys);
  const { job, tags = [], selection } = started;
  if (!json)
    context.output.notice(`Resuming run ${id} of ${started.at}, which ${status === 'canceled' ? 'was canceled' : status}: ${selection}`);
  return runToEnd(pipeline, context, {
    start: { request, run, scope: { ...(await rerunScope(store, request, graph)), done: done.has } },
    title: { selection, tags, job },
    json,
    before: events.filter(isLasting),
  });
}
