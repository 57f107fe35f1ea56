import type { Subcommand } from '../command.ts';

export const ALL = 'all';

/** `spindle generate all`, with what it can leave out. */
export const allSubcommand = (generators: readonly string[]): Subcommand => ({
  name: ALL,
  describe: 'Everything that can be generated, each with the settings of the project',
  builder: (yargs) =>
    yargs
      .usage(`$0 generate ${ALL} [options]\n\nEverything that can be generated, each with the settings of the project`)
      .option('except', {
        type: 'string',
        array: true,
        requiresArg: true,
        choices: generators,
        describe: 'Leave this out; can be repeated',
      })
      .example('spindle generate all', 'write what differs, or nothing where a file was edited by hand')
      .example('spindle generate all --check', 'for CI: every difference, in one report')
      .example('spindle generate all --except airflow', 'without the DAGs'),
});
