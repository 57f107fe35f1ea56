import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { AIRFLOW_OPTION, ENVIRONMENT_OPTION, PARTITION_OPTION, SELECT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { refusePartition } from '../airflow/refuse-partition.ts';

export const command = 'check';
export const describe = 'Run the checks of assets against what is stored';

export const builder = (yargs: CommandParser) =>
  yargs
    .options({ ...SELECT_OPTION, ...PARTITION_OPTION, ...ENVIRONMENT_OPTION, ...AIRFLOW_OPTION })
    .option('check', { type: 'string', requiresArg: true, describe: 'Only the checks of this name' })
    .example('spindle check', 'every check')
    .example('spindle check -s group:bronze --json', 'those of a group, as JSON')
    .example("spindle check -s gold/songs --check 'every song has a name'", 'one of them')
    .epilogue(
      'Materializes nothing. Tests of dbt models run in one call of dbt. Ends with 1 where a check fails that is blocking or of severity error.',
    );

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  if (args.airflow) {
    refusePartition(args.partition);
    const { checkTask } = await import('../airflow/check-task.ts');
    return checkTask(args, context);
  }
  const [{ openPipeline }, { createTally }, { checkSelection, requireCheck }, { titleOf }] = await Promise.all([
    import('../pipeline.ts'),
    import('../../runtime/run/tally.ts'),
    import('../check-selection.ts'),
    import('../run-title.ts'),
  ]);
  const pipeline = await openPipeline(args, context, { parse: true });
  try {
    const tally = createTally();
    const run = await pipeline.start({ listen: tally.listen });
    if (args.check !== undefined) requireCheck(run, args.check);
    const { status, unchecked } = await checkSelection(run, titleOf(pipeline), { tally, check: args.check });
    if (args.json) output.json({ run: run.run, status, checks: tally.checks, unchecked });
    else {
      const { checksText } = await import('../checks-text.ts');
      output.print(checksText(tally.checks, unchecked, output.style));
      for (const { asset, error } of tally.failed) output.notice(`${asset}: ${error.message}`);
    }
    return status === 'succeeded' ? EXIT.ok : EXIT.failed;
  } finally {
    await pipeline.close();
  }
}
