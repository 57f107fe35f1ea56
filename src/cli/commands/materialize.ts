import { SpindleError } from '../../runtime/errors.ts';
import { refusePartition } from '../airflow/refuse-partition.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { AIRFLOW_OPTION, ENVIRONMENT_OPTION, PARTITION_OPTION, RUN_OPTIONS, SELECT_OPTION, TAG_OPTION } from '../common-options.ts';
import type { ExitCode } from '../exit-code.ts';
import { wholeNumber } from '../option-values.ts';

export const command = 'materialize';
export const describe = 'Materialize what is stale of the selected assets';

export const builder = (yargs: CommandParser) =>
  yargs
    .options({ ...SELECT_OPTION, ...PARTITION_OPTION, ...ENVIRONMENT_OPTION, ...RUN_OPTIONS, ...TAG_OPTION, ...AIRFLOW_OPTION })
    .option('no-checks', {
      type: 'boolean',
      default: false,
      describe: 'With --airflow: leave the checks that are functions to other tasks',
    })
    .option('with-stale', {
      type: 'boolean',
      default: false,
      describe: 'Beside the named partition: those that were made before and are stale by now',
    })
    .option('concurrency', wholeNumber('concurrency', 1, 'Steps at once; 4 by default'))
    .option('seed', wholeNumber('seed', 0, 'Seed of the random numbers that functions ask for; 0 by default'))
    .example('spindle materialize', 'all that is stale')
    .example("spindle materialize -s '+gold/top_songs'", 'an asset and what it needs')
    .example('spindle materialize -s gold/daily_digest -p 2026-01-31', 'one partition')
    .example('spindle materialize --job pipeline --config stream/listening_events.events=1000', 'a job, with a setting')
    .epilogue('Ctrl-C stops after what is being written; the next run goes on from there. Ends with 1 where a step or a check fails.');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  if (args.airflow) {
    refusePartition(args.partition);
    const { materializeTask } = await import('../airflow/materialize-task.ts');
    return materializeTask(args, context);
  }
  if (args.noChecks)
    throw new SpindleError('USAGE', 'spindle materialize leaves checks out only as a task of Airflow, whose other tasks run them.', {
      field: '--no-checks',
      remedy: 'Leave --no-checks out.',
    });
  const [{ openPipeline }, { runToEnd }, { tagsOf }] = await Promise.all([
    import('../pipeline.ts'),
    import('../run-to-end.ts'),
    import('../run-title.ts'),
  ]);
  const pipeline = await openPipeline(args, context, { parse: true });
  try {
    const title = { tags: tagsOf(pipeline, args), job: args.job };
    return await runToEnd(pipeline, context, { title, json: args.json });
  } finally {
    await pipeline.close();
  }
}
