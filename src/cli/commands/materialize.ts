import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, PARTITION_OPTION, RUN_OPTIONS, SELECT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wholeNumber } from '../option-values.ts';

export const command = 'materialize';
export const describe = 'Materialize what is stale of the selected assets';

export const builder = (yargs: CommandParser) =>
  yargs
    .options({ ...SELECT_OPTION, ...PARTITION_OPTION, ...ENVIRONMENT_OPTION, ...RUN_OPTIONS })
    .option('concurrency', wholeNumber('concurrency', 1, 'Steps at once; 4 by default'))
    .option('seed', wholeNumber('seed', 0, 'Seed of the random numbers that functions ask for; 0 by default'))
    .example('spindle materialize', 'all that is stale')
    .example("spindle materialize -s '+gold/top_songs'", 'an asset and what it needs')
    .example('spindle materialize -s gold/daily_digest -p 2026-01-31', 'one partition')
    .example('spindle materialize --job pipeline --config stream/listening_events.events=1000', 'a job, with a setting')
    .epilogue('Ctrl-C stops after what is being written; the next run goes on from there. Ends with 1 where a step or a check fails.');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const [{ openPipeline }, { createTally }, { runSelection }, { createProgressView }, { summarize }, { titleOf }] = await Promise.all([
    import('../pipeline.ts'),
    import('../../runtime/run/tally.ts'),
    import('../../runtime/run/run-selection.ts'),
    import('../progress/progress-view.ts'),
    import('../run-summary.ts'),
    import('../run-title.ts'),
  ]);
  const pipeline = await openPipeline(args, context, { parse: true });
  const view = createProgressView(output, args.json);
  try {
    const tally = createTally();
    const run = await pipeline.start({
      listen(event) {
        tally.listen(event);
        view.listen(event);
      },
      progress: view.progress,
    });
    if (run.selected.size === 0 && !args.json) {
      output.notice(`No asset answers to "${pipeline.selection}" now: nothing to do.`);
      return EXIT.ok;
    }
    const status = await runSelection(run, titleOf(pipeline, args.job), tally.hasFailed);
    view.close();
    const summary = await summarize(run, tally, status);
    if (args.json) output.json(summary.json);
    else output.print(summary.text(output.style));
    if (status === 'canceled') output.notice('Stopped. Run the same command again: it goes on where this run stopped.');
    return status === 'succeeded' ? EXIT.ok : EXIT.failed;
  } finally {
    view.close();
    await pipeline.close();
  }
}
