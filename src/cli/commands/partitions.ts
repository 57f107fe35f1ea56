import { SpindleError } from '../../runtime/errors.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

const ACTIONS = ['list', 'add', 'remove'] as const;

export const command = 'partitions <action> <name> [keys..]';
export const describe = 'Show the partitions of an asset; add or remove keys of dynamic ones';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('action', {
      choices: ACTIONS,
      demandOption: true,
      describe: 'list: which partitions of an asset there are; add, remove: register keys of dynamic partitions, or take them out',
    })
    .positional('name', {
      type: 'string',
      demandOption: true,
      describe: 'The key of an asset; for add and remove the name of the dynamic partitions',
    })
    .positional('keys', { type: 'string', array: true, describe: 'The keys to add or to remove' })
    .options(ENVIRONMENT_OPTION)
    .option('materialized', { type: 'boolean', default: false, describe: 'List only what was materialized' })
    .option('missing', {
      type: 'boolean',
      default: false,
      describe: 'List only what never was, and could be: its time is over, and its inputs have data',
    })
    .option('failed', { type: 'boolean', default: false, describe: 'List only what failed when it was last tried' })
    .option('all', { type: 'boolean', default: false, describe: 'List every key, in place of ranges' })
    .example('spindle partitions list gold/daily_digest', 'how many there are, and which')
    .example('spindle partitions list gold/daily_digest --missing --all', 'the key of each one that is missing, a line each')
    .example('spindle partitions add customers acme globex', "two more keys of partitions.dynamic('customers')")
    .epilogue('Answers from the record. Removing a key leaves the data of its partition where it is.');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { action, name, keys = [], json } = args;
  const { output } = context;
  const wanted = (['materialized', 'missing', 'failed'] as const).filter((kind) => args[kind]);
  if (action === 'list' ? keys.length > 0 : keys.length === 0 || wanted.length > 0 || args.all) {
    throw new SpindleError(
      'USAGE',
      action === 'list' ? 'spindle partitions list takes one asset.' : `spindle partitions ${action} takes a name and keys.`,
      {
        remedy: action === 'list' ? `Run: spindle partitions list ${name}` : `Run: spindle partitions ${action} ${name} <key>…`,
      },
    );
  }
  const { openPipeline } = await import('../pipeline.ts');
  const pipeline = await openPipeline({ project: args.project, env: args.env }, context);
  try {
    if (action === 'list') {
      const { listPartitions } = await import('../partitions/list.ts');
      const report = await listPartitions(pipeline, name, { wanted, all: args.all });
      if (json) output.json(report.json());
      else for (const line of report.lines(output.style)) output.print(line);
    } else {
      const { changeKeys } = await import('../partitions/change-keys.ts');
      const changed = await changeKeys(pipeline, { action, name, keys });
      if (json) output.json(changed.json);
      else output.print(changed.text);
    }
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}
