import { createTally } from '../runtime/run/tally.ts';
import type { RunEvent, RunRequest } from '../runtime/run/event.ts';
import { runSelection, type RunTitle } from '../runtime/run/run-selection.ts';
import { backfillSummary } from './backfill/summary.ts';
import type { CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Pipeline, StartOptions } from './pipeline.ts';
import { createProgressView } from './progress/progress-view.ts';
import { summarize } from './run-summary.ts';
import { titleOf } from './run-title.ts';
import { SHORT_ID } from './runs/find-run.ts';

export interface RunToEnd {
  readonly start?: Pick<StartOptions, 'request' | 'run' | 'scope'>;
  /** In place of what the options and the project say. */
  readonly title?: Partial<RunTitle>;
  readonly json: boolean;
  /** What the same run did before it was stopped. */
  readonly before?: readonly RunEvent[];
}

/** Runs what was asked for, shows how it comes along and what came of it. */
export async function runToEnd(
  pipeline: Pipeline,
  { output }: CommandContext,
  { start = {}, title, json, before = [] }: RunToEnd,
): Promise<ExitCode> {
  const view = createProgressView(output, json);
  try {
    const tally = createTally();
    for (const event of before) tally.listen(event);
    const run = await pipeline.start({
      ...start,
      listen(event) {
        tally.listen(event);
        view.listen(event);
      },
      progress: view.progress,
    });
    if (run.selected.size === 0 && !json) {
      output.notice(`No asset answers to "${pipeline.selection}" now: nothing to do.`);
      return EXIT.ok;
    }
    const request = start.request ?? pipeline.request(run.selected);
    const status = await runSelection(run, { ...titleOf(pipeline), request, ...title }, tally.hasFailed);
    view.close();
    const summary = isBackfill(request) ? backfillSummary(run, tally, status) : await summarize(run, tally, status);
    if (json) output.json(summary.json);
    else output.print(summary.text(output.style));
    if (status === 'canceled')
      output.notice(
        `Stopped. Run the same command again: it goes on where this run stopped. Or: spindle runs resume ${run.run.slice(0, SHORT_ID)}`,
      );
    return status === 'succeeded' ? EXIT.ok : EXIT.failed;
  } finally {
    view.close();
  }
}

/** Asked for by partitions rather than by assets: told by counts. */
function isBackfill({ partitions }: RunRequest): boolean {
  return partitions !== undefined && partitions.key === undefined;
}
