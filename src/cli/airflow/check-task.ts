import { checkSelection, requireCheck } from '../check-selection.ts';
import type { CommandContext } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { openPipeline, type PipelineArguments } from '../pipeline.ts';
import { requireRunStore } from '../require-run-store.ts';
import { titleOf } from '../run-title.ts';
import { asTask } from './as-task.ts';
import { refuseHopelessTry } from './earlier-try.ts';

export interface CheckTaskArguments extends PipelineArguments {
  /** The only check; all of them unless given. */
  readonly check?: string | undefined;
}

/** `spindle check` as a task of Airflow: of the partitions of its DAG run, what has not passed for what is stored now. */
export function checkTask({ check, ...args }: CheckTaskArguments, context: CommandContext): Promise<ExitCode> {
  return asTask(context, async ({ task, partitions, run: id, tally, listen, started, speaksFor }) => {
    const pipeline = await openPipeline({ ...args, partitions }, context, { parse: true });
    try {
      const store = await requireRunStore(pipeline);
      await refuseHopelessTry(store, id, task);
      const run = await pipeline.start({ run: id, external: task, listen });
      started(run);
      if (check !== undefined) requireCheck(run, check);
      const made = (await store.events({ run: id, types: ['asset.materialized'] })).filter((event) => event.type === 'asset.materialized');
      speaksFor(made.filter(({ asset }) => run.selected.has(asset)));
      const { status, unchecked } = await checkSelection(run, titleOf(pipeline), { tally, check });
      for (const { asset, reason } of unchecked) context.output.notice(`${asset}: ${reason}`);
      return status;
    } finally {
      await pipeline.close();
    }
  });
}
