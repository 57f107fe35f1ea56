import { SpindleError } from '../../runtime/errors.ts';
import type { PartitionRequest } from '../../runtime/run/event.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, RUN_OPTIONS, SELECT_OPTION, TAG_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wholeNumber } from '../option-values.ts';

export const command = 'backfill';
export const describe = 'Materialize partitions: a range of them, what is missing, what failed';

export const builder = (yargs: CommandParser) =>
  yargs
    .options({ ...SELECT_OPTION, ...ENVIRONMENT_OPTION, ...RUN_OPTIONS, ...TAG_OPTION })
    .option('from', { type: 'string', requiresArg: true, describe: 'The first partition of time; else that of each asset' })
    .option('to', { type: 'string', requiresArg: true, describe: 'The last partition of time; else the newest' })
    .option('missing', { type: 'boolean', conflicts: 'failed', describe: 'Only what was never materialized' })
    .option('failed', { type: 'boolean', describe: 'Only what failed when it was last tried' })
    .option('concurrency', wholeNumber('concurrency', 1, 'Steps at once; 4 by default'))
    .option('seed', wholeNumber('seed', 0, 'Seed of the random numbers that functions ask for; 0 by default'))
    .option('dry-run', { type: 'boolean', default: false, describe: 'Show how many partitions would run, and run none' })
    .example('spindle backfill -s gold/daily_digest --from 2026-01-01 --to 2026-01-31', 'a month')
    .example("spindle backfill -s 'silver/*' --missing --concurrency 8", 'what is not there yet')
    .example('spindle backfill -s gold/daily_digest --failed', 'what failed')
    .example('spindle backfill -s gold/daily_digest --from 2026-01-01 --force --dry-run', 'what it would come to')
    .epilogue(
      'Partitions that are fresh are left alone, unless --force is given. Assets without partitions are not touched. A backfill that was stopped goes on with `spindle runs resume`.',
    );

type Arguments = ArgsOf<typeof builder>;

export async function handler(args: Arguments, context: CommandContext): Promise<ExitCode> {
  const partitions = partitionsOf(args);
  const [{ openPipeline }, { partitionedOf }] = await Promise.all([import('../pipeline.ts'), import('../backfill/partitioned.ts')]);
  const pipeline = await openPipeline({ ...args, partitions }, context, { parse: true });
  try {
    const selected = await pipeline.select();
    const keys = partitionedOf(pipeline, selected);
    if (keys.length < selected.length && !args.json)
      context.output.notice(`Left out, having no partitions: ${selected.filter((key) => !keys.includes(key)).join(', ')}`);
    const request = pipeline.request(keys);
    if (!args.dryRun) {
      const [{ runToEnd }, { tagsOf }] = await Promise.all([import('../run-to-end.ts'), import('../run-title.ts')]);
      const title = { tags: tagsOf(pipeline, args), job: args.job };
      return await runToEnd(pipeline, context, { start: { request }, title, json: args.json });
    }
    const [{ observe }, { dryRun }] = await Promise.all([import('../../runtime/run/observe.ts'), import('../backfill/dry-run.ts')]);
    const run = await pipeline.start({ request });
    await observe(run);
    const report = dryRun(run);
    if (args.json) context.output.json(report.json);
    else context.output.print(report.text(context.output.style));
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}

/** USAGE where nothing says which partitions are meant. */
function partitionsOf({ from, to, missing, failed }: Arguments): PartitionRequest {
  if (from === undefined && to === undefined && missing !== true && failed !== true) {
    throw new SpindleError('USAGE', 'Which partitions? spindle backfill takes --from, --to, --missing or --failed.', {
      field: '--from',
      remedy: 'Run for example: spindle backfill --select … --missing',
    });
  }
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(missing === true && { only: 'missing' as const }),
    ...(failed === true && { only: 'failed' as const }),
  };
}
