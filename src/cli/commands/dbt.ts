import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION } from '../common-options.ts';
import type { ExitCode } from '../exit-code.ts';

export const command = 'dbt [arguments..]';
export const describe = "Run a command of dbt in the environment's warehouse";
export const passesOn = ['--project', '--env', '--dbt-project'] as const;

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('arguments', {
      type: 'string',
      array: true,
      describe: 'What dbt is to do, with its options; docs alone: write the page of all models, and say where it is',
    })
    .options(ENVIRONMENT_OPTION)
    .option('dbt-project', { type: 'string', requiresArg: true, describe: 'The dbt project, where there are several: its name' })
    .example('spindle dbt build --select gold.top_songs+', 'a model and what stands on it, with their tests')
    .example('spindle dbt source freshness', 'how old the newest rows of the sources are')
    .example('spindle dbt docs', 'the page of all models, tests and columns')
    .example('spindle dbt ls --help', 'the help of dbt itself')
    .epilogue(
      'It runs in the folder of the dbt project, with the Python, the target and the connection that a run gives dbt, and ends with what dbt ends with: 0 done, 1 a node failed, 2 used wrongly. What it builds is not recorded: `spindle materialize` is for that.',
    );

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { callDbt } = await import('../dbt/call-dbt.ts');
  const words = (args['--'] ?? []) as readonly string[];
  return callDbt(
    { words, project: args.project, env: args.env, dbtProject: args.dbtProject, json: args.json, colors: !args.noColor },
    context,
  );
}
