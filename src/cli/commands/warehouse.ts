import type { SetUpPart, Warehouse, WarehouseLayout, WarehouseSetUp } from '../../runtime/resource/warehouse.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { table } from '../table.ts';

const ACTIONS = ['status', 'init'] as const;

export const command = 'warehouse [action]';
export const describe = 'Show how the place of the tables is set up, or set it up';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('action', {
      choices: ACTIONS,
      default: 'status' as const,
      describe: 'status: what is there for this user; init: make database, schemas, stage, warehouse and roles',
    })
    .options(ENVIRONMENT_OPTION)
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'Print the statements as a script for a worksheet, and ask nothing of the server',
    })
    .example('spindle warehouse init --dry-run > set-up.sql', 'the script for an administrator')
    .example('spindle warehouse init', 'run it, as the user of the connection')
    .epilogue('It can be run again at any time: nothing is replaced or dropped, and no right is taken away.');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const { openPipeline } = await import('../pipeline.ts');
  const pipeline = await openPipeline({ project: args.project, env: args.env }, context);
  try {
    const { setUp } = (await pipeline.environment.open('warehouse')) as Warehouse;
    if (setUp === undefined) {
      if (args.json) output.json({ warehouse: null });
      else
        output.print(
          `The warehouse of the environment "${pipeline.environment.name}" is made by its first table: there is nothing to set up.`,
        );
      return EXIT.ok;
    }
    const { layoutOf } = await import('../warehouse/layout.ts');
    const layout = layoutOf(pipeline.session.graph);
    if (args.action === 'status') return await showStatus(setUp, layout, { args, context });
    const statements = setUp.plan(layout);
    if (!args.dryRun) await setUp.apply(layout);
    if (args.json) output.json({ warehouse: setUp.name, applied: !args.dryRun, statements });
    else if (args.dryRun) {
      const { setUpScript } = await import('../warehouse/script.ts');
      output.print(setUpScript(setUp.name, statements));
    } else
      output.print(
        `${setUp.name} is set up: ${statements.length} statements ran. The users that are to take the roles are yours to grant them to.`,
      );
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}

interface Asked {
  readonly args: ArgsOf<typeof builder>;
  readonly context: CommandContext;
}

/** Ends with status 1 where something is missing. */
async function showStatus(setUp: WarehouseSetUp, layout: WarehouseLayout, { args, context: { output } }: Asked): Promise<ExitCode> {
  const parts = await setUp.state(layout);
  const columns = [
    { title: 'part', text: ({ part }: SetUpPart) => part },
    { title: 'name', text: ({ name }: SetUpPart) => name },
    { title: 'status', text: ({ exists }: SetUpPart) => (exists ? 'there' : 'missing') },
  ] as const;
  if (args.json) output.json({ warehouse: setUp.name, parts });
  else output.print(table(columns, parts, output.style.bold));
  return parts.every(({ exists }) => exists) ? EXIT.ok : EXIT.failed;
}
