import { SpindleError } from '../../runtime/errors.ts';
import { didYouMean } from '../../runtime/closest.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';
import type { PartitionRequest, RunRequest } from '../../runtime/run/event.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Pipeline } from '../pipeline.ts';
import { runToEnd } from '../run-to-end.ts';
import { currentKey, currentKeys } from './current-key.ts';
import { SHORT_ID } from './find-run.ts';
import { lastAttempt } from './last-attempt.ts';
import { recordedRun, requireEnvironment } from './recorded-run.ts';
import { failures, rerunScope, stepsOf } from './rerun-scope.ts';

export interface Rerun {
  readonly prefix: string | undefined;
  /** Only these assets and what is downstream of them. */
  readonly from: readonly string[];
  /** Only what failed, or was skipped because of that. */
  readonly failed: boolean;
  readonly json: boolean;
  readonly context: CommandContext;
}

/** Makes what a run was asked for again, as a new run. */
export async function rerunRun(pipeline: Pipeline, store: RunStore, { prefix, from, failed, json, context }: Rerun): Promise<ExitCode> {
  if (prefix === undefined)
    throw new SpindleError('USAGE', 'Which run is to be run again?', {
      remedy: 'Run: spindle runs rerun <run>. `spindle runs` shows the runs.',
    });
  const recorded = await recordedRun(store, prefix);
  requireEnvironment(recorded, pipeline.environment.name);
  const { run, request, events, started } = recorded;
  const id = run.slice(0, SHORT_ID);
  const { graph } = pipeline.session;
  const asked = new Set(currentKeys(graph, request.keys));
  const wrong = failed ? await stepsOf(store, graph, failures(lastAttempt(events))) : undefined;
  const downstream = from.length === 0 ? undefined : downstreamOf(graph, from.map(currentKey(graph)), { asked, id });
  const keys = [...asked].filter((key) => wrong?.assets.has(key) !== false && downstream?.has(key) !== false);
  if (keys.length === 0 && !json) {
    context.output.notice(`Nothing of run ${id} failed: nothing to do.`);
    return EXIT.ok;
  }
  const partitions = boundsOf(request.partitions);
  const { partitions: _, rerun: __, ...others } = request;
  const again: RunRequest = {
    ...others,
    keys,
    force: true,
    ...(partitions !== undefined && { partitions }),
    // What bounds of its own name is all made again; else it is what the run had to do with.
    ...((failed || partitions === undefined) && { rerun: { run, ...(failed && { failed }) } }),
  };
  return runToEnd(pipeline, context, {
    start: { request: again, scope: await rerunScope(store, again, graph) },
    title: {
      selection: started.selection,
      job: started.job,
      tags: [...(started.tags ?? []).filter((tag) => !tag.startsWith(RERUN)), `${RERUN}${run}`],
    },
    json,
  });
}

const RERUN = 'rerun-of=';

/** The partitions that were named, whatever was missing or had failed of them. */
function boundsOf(partitions: PartitionRequest | undefined): PartitionRequest | undefined {
  return partitions === undefined || partitions.only !== undefined ? undefined : partitions;
}

function downstreamOf(
  graph: Graph,
  from: readonly string[],
  { asked, id }: { readonly asked: ReadonlySet<string>; readonly id: string },
): ReadonlySet<string> {
  for (const key of from) {
    if (asked.has(key)) continue;
    throw new SpindleError('ASSET_UNKNOWN', `${key} was no part of run ${id}.${didYouMean(key, asked)}`, {
      asset: key,
      field: '--from',
      remedy: `The run was of ${[...asked].slice(0, 8).join(', ')}${asked.size > 8 ? `, … (${asked.size} in all)` : ''}.`,
    });
  }
  return new Set([...from, ...graph.reach(from, 'downstream', Infinity)]);
}
