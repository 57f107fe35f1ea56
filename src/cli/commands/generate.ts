import { SpindleError } from '../../runtime/errors.ts';
import type { ArgsOf, CommandContext, CommandParser, Subcommand } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { ALL, allSubcommand } from '../generate/all-subcommand.ts';
import { GENERATORS, type GeneratorEntry } from '../generate/generators.ts';

export const command = 'generate';
export const describe = 'Write the files that are generated from the project, or check them';

export const builder = (yargs: CommandParser) =>
  yargs
    .usage('$0 generate <what> [options]')
    .options({
      check: {
        type: 'boolean',
        default: false,
        describe: `Write nothing; end with ${EXIT.drift} where files differ, and show how`,
      },
      force: { type: 'boolean', alias: 'f', default: false, describe: 'Overwrite what was edited by hand' },
    })
    .example('spindle generate all', 'write the files of every generator')
    .example('spindle generate all --check', 'for CI: whether the committed files are those of the project')
    .epilogue('Files without the header of a generated one are left alone. What is generated no more is removed.');

export const subcommandsOf = (generators: readonly GeneratorEntry[]): readonly Subcommand[] => [
  ...generators.map(({ name, describe: what, options, examples }): Subcommand => ({
    name,
    describe: what,
    builder: (yargs) =>
      examples.reduce(
        (parser, [call, does]) => parser.example(call, does),
        yargs.usage(`$0 generate ${name} [options]\n\n${what}`).options(options),
      ),
  })),
  allSubcommand(generators.map(({ name }) => name)),
];

export const subcommands = subcommandsOf(GENERATORS);

export async function handler(
  args: ArgsOf<typeof builder>,
  context: CommandContext,
  generators: readonly GeneratorEntry[] = GENERATORS,
): Promise<ExitCode> {
  const { check, force } = args;
  const [, what] = args._;
  const entry = generators.find(({ name }) => name === what);
  if (entry === undefined && what !== ALL)
    throw new SpindleError('USAGE', `What is to be generated? One of ${[...generators.map(({ name }) => name), ALL].join(', ')}.`, {
      remedy: 'Run: spindle generate --help',
    });
  if (check && force) throw new SpindleError('USAGE', '--check writes nothing, and --force overwrites: only one of them can be given.');
  if (entry === undefined) return (await import('../generate/all.ts')).runAll(generators, args, context);
  const { runGenerate } = await import('../generate/run-generate.ts');
  return runGenerate(entry, args, context);
}
