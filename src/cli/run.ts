import { didYouMean } from '../runtime/closest.ts';
import { SpindleError } from '../runtime/errors.ts';
import { COMMANDS, EXPERIMENTS, type CommandEntry } from './commands/index.ts';
import { VALUE_OPTIONS } from './common-options.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts';
import { helpText } from './help.ts';
import { createInterrupt } from './interrupt.ts';
import type { Output } from './output.ts';
import { codedError, printError, redactedError } from './print-error.ts';
import { createRedactor, type Redactor } from './redact.ts';

export interface Invocation {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
}

/** Runs one command line. Errors are shown here and nowhere else; resolves to what the process ends with. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const redactor = createRedactor();
  try {
    return await dispatch(invocation, redactor);
  } catch (error) {
    const coded = redactedError(codedError(error), redactor);
    printError(coded, invocation.output, invocation.argv.includes('--json'));
    return exitCodeOf(coded.code);
  }
}

async function dispatch({ argv, cwd, env, output }: Invocation, redactor: Redactor): Promise<ExitCode> {
  const found = findCommand(argv);
  if (found === undefined) {
    if (argv.length === 0) {
      output.notice(helpText(output.errorStyle));
      return EXIT.usage;
    }
    if (!argv.some((argument) => argument === '--help' || argument === '-h'))
      throw new SpindleError('USAGE', 'Which command?', { remedy: 'Run: spindle --help' });
    output.print(helpText(output.style));
    return EXIT.ok;
  }
  // The parser and the command are loaded side by side, and neither for `spindle --help`.
  const [{ parseArguments }, command] = await Promise.all([import('./parse-arguments.ts'), found.entry.load()]);
  const parsed = await parseArguments(command, moveToFront(argv, found.at), output.columns);
  if (parsed.kind === 'help') {
    output.print(parsed.text);
    return EXIT.ok;
  }
  const interrupt = createInterrupt(output.notice);
  try {
    return await command.handler(parsed.args, { cwd, env, output, redactor, signal: interrupt.signal });
  } finally {
    interrupt.dispose();
  }
}

/** The command that the first word names, and where it stands; undefined where there is no word. */
function findCommand(argv: readonly string[]): { readonly entry: CommandEntry; readonly at: number } | undefined {
  const at = argv.findIndex((argument, index) => !argument.startsWith('-') && !VALUE_OPTIONS.has(argv[index - 1] ?? ''));
  const word = argv[at];
  if (word === undefined) return undefined;
  const entry = [...COMMANDS, ...EXPERIMENTS].find(({ name }) => name === word);
  if (entry !== undefined) return { entry, at };
  const names = COMMANDS.map(({ name }) => name);
  throw new SpindleError('USAGE', `There is no command "${word}".${didYouMean(word, names)}`, { remedy: 'Run: spindle --help' });
}

/** As the parser wants it: the command before its options. */
function moveToFront(argv: readonly string[], at: number): readonly string[] {
  return [...argv.slice(at, at + 1), ...argv.slice(0, at), ...argv.slice(at + 1)];
}
