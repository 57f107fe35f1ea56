import { SpindleError } from '../../runtime/errors.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, SELECT_OPTION, STALENESS_OPTIONS } from '../common-options.ts';
import type { ExitCode } from '../exit-code.ts';
import { duration, wholeNumber } from '../option-values.ts';

export const command = 'daemon';
export const describe = 'Follow the automation conditions: run what fires, when it fires';

export const builder = (yargs: CommandParser) =>
  yargs
    .options({
      select: { ...SELECT_OPTION.select, describe: 'Follow the conditions of these assets only, and no jobs' },
      job: { type: 'string', alias: 'j', requiresArg: true, conflicts: 'select', describe: 'Follow the condition of this job only' },
      ...ENVIRONMENT_OPTION,
      interval: duration('interval', 'How long to wait at most before the conditions are asked again; 30s by default'),
      once: { type: 'boolean', default: false, describe: 'Answer what fires now, until nothing more does, and end' },
      'take-over': { type: 'boolean', default: false, describe: 'Take the place of a daemon whose machine is gone' },
      concurrency: wholeNumber('concurrency', 1, 'Steps at once; 4 by default'),
      ...STALENESS_OPTIONS,
    })
    .example('spindle daemon', 'follow all conditions until Ctrl-C')
    .example('spindle daemon --job nightly', 'those of one job')
    .example('spindle daemon --once --now 2026-01-31T08:00:00Z', 'answer what is due at an instant')
    .epilogue('One daemon follows a run store at a time. SIGTERM and Ctrl-C stop it after what is being written; it ends with 0.');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { once, now, takeOver, interval = 30_000 } = args;
  if (now !== undefined && !once)
    throw new SpindleError('USAGE', 'With --now the clock stands still: no later tick would ever come.', {
      field: '--now',
      remedy: 'Add --once, or leave --now out.',
    });
  const { runDaemon } = await import('../daemon/run-daemon.ts');
  return runDaemon({ ...args, interval, once, takeOver, now }, context);
}
