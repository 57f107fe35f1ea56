import { SpindleError } from '../../runtime/errors.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, STALENESS_OPTIONS, TAG_OPTION } from '../common-options.ts';
import type { ExitCode } from '../exit-code.ts';
import { duration, wholeNumber } from '../option-values.ts';

export const command = 'stream [selection] [assets]';
export const describe = 'Keep topics and landings running; show how they come along';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('selection', { type: 'string', describe: 'The assets to keep running; or `status`: how those that run come along' })
    .positional('assets', { type: 'string', describe: 'With status: the assets to show' })
    .options({ ...ENVIRONMENT_OPTION, config: STALENESS_OPTIONS.config, ...TAG_OPTION })
    .option('rate', wholeNumber('rate', 1, 'Records a second that each producer makes; twice as many while it catches up'))
    .option('for', duration('for', 'End in order after so long'))
    .option('metrics', { type: 'string', requiresArg: true, describe: 'Serve /metrics and /healthz at this host:port' })
    .example("spindle stream 'stream/*' --rate 500", 'produce 500 records a second until Ctrl-C')
    .example("spindle stream 'lake/*' --metrics 0.0.0.0:9464", 'land topics, one of any number of processes that do')
    .example("spindle stream 'stream/* or lake/*' --for 10m", 'both in one process, for ten minutes')
    .example('spindle stream status', 'lag, throughput, latency and dead letters')
    .epilogue(
      'What the assets read is materialized first, where it is stale. SIGTERM and Ctrl-C land what was read, commit, and end with 0.',
    );

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { selection, assets } = args;
  if (selection === 'status') {
    const { streamStatus } = await import('../stream/status.ts');
    return streamStatus({ ...args, select: assets }, context);
  }
  if (selection === undefined)
    throw new SpindleError('USAGE', 'Which assets are to be kept running?', {
      field: 'selection',
      remedy: "Name them: spindle stream 'lake/*'. Or ask how those that run come along: spindle stream status.",
    });
  if (assets !== undefined)
    throw new SpindleError('USAGE', `"${assets}" is one word too many.`, {
      remedy: `Write a selection of several words in quotes: spindle stream '${selection} or ${assets}'.`,
    });
  const { runStream } = await import('../stream/run-stream.ts');
  return runStream({ ...args, select: selection }, context);
}
