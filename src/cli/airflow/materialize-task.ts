import { runSelection } from '../../runtime/run/run-selection.ts';
import type { CommandContext } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { openPipeline, type PipelineArguments } from '../pipeline.ts';
import { requireRunStore } from '../require-run-store.ts';
import { tagsOf, titleOf } from '../run-title.ts';
import { asTask } from './as-task.ts';
import { refuseHopelessTry } from './earlier-try.ts';

export interface MaterializeTaskArguments extends PipelineArguments {
  readonly tag?: readonly string[] | undefined;
  /** Leaves the checks that are functions to tasks of their own. */
  readonly noChecks: boolean;
}

/** `spindle materialize` as a task of Airflow. */
export function materializeTask(args: MaterializeTaskArguments, context: CommandContext): Promise<ExitCode> {
  return asTask(context, async ({ task, partitions, run: id, tally, listen, started }) => {
    const pipeline = await openPipeline({ ...args, partitions }, context, { parse: true });
    try {
      await refuseHopelessTry(await requireRunStore(pipeline), id, task);
      const run = await pipeline.start({ run: id, external: task, skipChecks: args.noChecks, listen });
      started(run);
      const title = { ...titleOf(pipeline), job: args.job, tags: tagsOf(pipeline, args), request: pipeline.request(run.selected) };
      return await runSelection(run, title, tally.hasFailed);
    } finally {
      await pipeline.close();
    }
  });
}
