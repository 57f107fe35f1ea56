import { isSpindleError, SpindleError } from '../../runtime/errors.ts';
import { shellWord } from '../../runtime/shell-word.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openSession, type Session } from '../session.ts';
import { ALL } from './all-subcommand.ts';
import { colored } from './file-diff.ts';
import type { GeneratorEntry } from './generators.ts';
import { compare, differences, driftLine, sameLine, type Comparison, type GenerateArguments } from './run-generate.ts';
import { doneWith, printDone } from './print-done.ts';
import { writeFiles } from './write-files.ts';

export interface AllArguments extends GenerateArguments {
  readonly except?: readonly string[] | undefined;
}

/** Runs every generator with the settings of the project. Writes all of it or, where one file is refused or one generator fails, nothing; a check shows all the same what the others find. */
export async function runAll(
  generators: readonly GeneratorEntry[],
  args: AllArguments,
  { cwd, output }: CommandContext,
): Promise<ExitCode> {
  const { check, json, force, except = [], project } = args;
  const session = await openSession(cwd, project);
  const chosen = generators.filter(({ name }) => !except.includes(name));
  const { comparisons, failures } = await compareAll(session, chosen, { check, force, project });
  const left = [...new Set(except)].flatMap((name) => ['--except', name]);
  const called = ['npx spindle generate', ALL, ...(project === undefined ? [] : ['--project', shellWord(project)]), ...left].join(' ');
  if (failures.length > 0 && (!check || json)) throw failureOf(failures);
  if (check) {
    const drift = await report(comparisons, { called, json }, output);
    if (failures.length > 0) throw failureOf(failures);
    return drift ? EXIT.drift : EXIT.ok;
  }
  refuseSamePaths(comparisons);
  writeFiles(
    session.root,
    comparisons.flatMap(({ planned }) => planned),
    called,
  );
  if (json) {
    const made = comparisons.map(({ generator, planned, notes }) => ({ generator, files: planned.map(doneWith), drift: false, notes }));
    output.json({ generators: made, drift: false });
    return EXIT.ok;
  }
  const rows = comparisons.flatMap(({ generator, planned }) => planned.map((file) => ({ generator, ...doneWith(file) })));
  await printDone(rows, new Set(comparisons.flatMap(({ notes }) => notes)), output);
  return EXIT.ok;
}

interface Failure {
  readonly generator: string;
  readonly error: SpindleError;
}

async function compareAll(
  session: Session,
  generators: readonly GeneratorEntry[],
  args: Omit<GenerateArguments, 'json'>,
): Promise<{ readonly comparisons: readonly Comparison[]; readonly failures: readonly Failure[] }> {
  const comparisons: Comparison[] = [];
  const failures: Failure[] = [];
  for (const entry of generators) {
    const defaults = Object.fromEntries(Object.entries(entry.options).map(([name, option]) => [name, option.default as unknown]));
    try {
      comparisons.push(await compare(session, entry, { ...defaults, ...args }));
    } catch (error) {
      if (!isSpindleError(error)) throw error;
      failures.push({ generator: entry.name, error });
    }
  }
  return { comparisons, failures };
}

/** One error as it is; of several the first one's code, with what each of them says. */
function failureOf(failures: readonly Failure[]): SpindleError {
  const [first] = failures;
  if (first === undefined) throw new Error('There is no failure.');
  if (failures.length === 1) return first.error;
  const issues = failures.map(({ generator, error }) => `${generator}: ${error.code}: ${error.message}`);
  return new SpindleError(first.error.code, `${failures.length} generators fail:\n${issues.map((issue) => `- ${issue}`).join('\n')}`, {
    issues,
    remedy: 'Run each of them by itself to see what it asks for, or leave it out with --except.',
  });
}

async function report(
  comparisons: readonly Comparison[],
  { called, json }: { readonly called: string; readonly json: boolean },
  output: CommandContext['output'],
): Promise<boolean> {
  const found = await Promise.all(
    comparisons.map(async ({ generator, planned, notes, isOutdated }) => {
      const files = await differences(planned);
      return { generator, files, drift: isOutdated || files.some(({ state }) => state !== 'same'), notes };
    }),
  );
  const files = found.flatMap((one) => one.files);
  const differing = files.filter(({ state }) => state !== 'same');
  const drift = found.some((one) => one.drift);
  if (json) {
    output.json({ generators: found, drift });
    return drift;
  }
  for (const { diff = '' } of differing) output.print(colored(diff, output.style));
  for (const note of new Set(found.flatMap((one) => (one.drift ? one.notes : [])))) output.print(note);
  output.print(differing.length > 0 ? driftLine(differing, called) : sameLine(files.length));
  return drift;
}

function refuseSamePaths(comparisons: readonly Comparison[]): void {
  const owners = new Map<string, string>();
  for (const { generator, planned } of comparisons)
    for (const { path, wanted } of planned) {
      if (wanted === undefined) continue;
      const other = owners.get(path.toLowerCase());
      if (other !== undefined) throw new SpindleError('EXPORT_INVALID', `${other} and ${generator} both generate ${path}.`);
      owners.set(path.toLowerCase(), generator);
    }
}
