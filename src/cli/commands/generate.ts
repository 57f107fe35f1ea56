import { SpindleError } from '../../runtime/errors.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { AIRFLOW_OPTIONS } from '../generate/airflow-options.ts';
import { callOf } from '../generate/call.ts';
import { GENERATORS, type GeneratorEntry } from '../generate/generators.ts';

export const command = 'generate <what>';
export const describe = 'Write the files that are generated from the project, or check them';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('what', {
      choices: GENERATORS.map(({ name }) => name),
      demandOption: true,
      describe: GENERATORS.map(({ name, describe: what }) => `${name}: ${what}`).join('; '),
    })
    .options({
      check: {
        type: 'boolean',
        default: false,
        describe: `Write nothing; end with ${EXIT.drift} where files differ, and show how`,
      },
      force: { type: 'boolean', alias: 'f', default: false, describe: 'Overwrite what was edited by hand' },
      ...AIRFLOW_OPTIONS,
    })
    .example('spindle generate airflow', 'a DAG for each job, below airflow/dags')
    .example('spindle generate airflow --check', 'for CI: whether the committed files are those of the project')
    .example('spindle generate airflow --target 2.9 --operator kubernetes', 'other settings than those of the project')
    .epilogue('Files without the header of a generated one are left alone. What is generated no more is removed.');

export async function handler(
  args: ArgsOf<typeof builder>,
  context: CommandContext,
  generators: readonly GeneratorEntry[] = GENERATORS,
): Promise<ExitCode> {
  const { what, check, force, json, project } = args;
  const entry = generators.find(({ name }) => name === what);
  if (entry === undefined) throw new SpindleError('USAGE', `There is no generator "${what}".`, { remedy: 'Run: spindle generate --help' });
  if (check && force) throw new SpindleError('USAGE', '--check writes nothing, and --force overwrites: only one of them can be given.');
  const { runGenerate } = await import('../generate/run-generate.ts');
  // Without what only looks or overwrites.
  const called = callOf(what, args, ['project', 'target', 'operator', 'dbt', 'granularity', 'streaming', 'job', 'env']);
  return runGenerate(entry, { ...args, check, force, json, project, called }, context);
}
