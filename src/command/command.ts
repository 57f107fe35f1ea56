import { resolve } from 'node:path';
import type { z } from 'zod';
import { parseDuration, type Duration } from '../runtime/declare/duration.ts';
import { SpindleError } from '../runtime/errors.ts';
import { describeIssue, rowValidator } from '../runtime/schema/row-validator.ts';
import type { Row } from '../runtime/store/row.ts';
import { commandText } from './command-error.ts';
import { runCommand, type CommandSettings, type Said } from './run-command.ts';
import type { CommandContext, CommandInputs } from './step-context.ts';

export interface CommandOptions {
  /** The folder that the process starts in: the one that `spindle` is called in unless given. `import.meta.dirname` is the module's own. */
  cwd?: string;
  /** Added to the environment of this process. */
  env?: Readonly<Record<string, string>>;
  /** Files, relative to `cwd`, whose contents are part of the asset's code version: the script, and what it imports. */
  files?: readonly string[];
  /** How long the process has to end after SIGTERM before SIGKILL; 10 seconds unless given. */
  grace?: Duration;
}

type CommandFunction<T> = ((inputs: CommandInputs, context: CommandContext) => T) & { readonly files: readonly string[] };

/**
 * The function of an asset whose work another program does:
 * `asset('model/scores', { store: table('model.scores', Score), deps }).run(command(['python3', 'train.py'], { cwd: import.meta.dirname, rows: Score }))`.
 * The program finds what it is about in the JSON file that SPINDLE_CONTEXT names, and says what it did in lines of JSON on file descriptor 3
 * (see docs/command.md). With `rows` it sends rows, which reach the store as they come; with `result` one value; with neither, nothing.
 * It fails with COMMAND_FAILED where the process ends with another code than 0, says that it failed, or sends what is no message.
 */
export function command<S extends Row>(
  argv: readonly string[],
  options: CommandOptions & { rows: S },
): CommandFunction<AsyncIterable<z.input<S>>>;
export function command<T>(argv: readonly string[], options: CommandOptions & { result: z.ZodType<T> }): CommandFunction<Promise<T>>;
export function command(argv: readonly string[], options?: CommandOptions): CommandFunction<Promise<void>>;
export function command(
  argv: readonly string[],
  options: CommandOptions & { rows?: Row; result?: z.ZodType } = {},
): CommandFunction<AsyncIterable<unknown> | Promise<unknown>> {
  const { cwd = '.', env = {}, files = [], grace = '10s', rows, result } = options;
  if (argv.length === 0 || argv[0] === '')
    throw new SpindleError('USAGE', 'A command needs a program.', { remedy: "Write command(['python3', 'train.py'])." });
  const settings = (): CommandSettings => ({
    argv,
    cwd: resolve(cwd),
    env,
    grace: parseDuration(grace),
    sends: rows !== undefined ? 'rows' : result !== undefined ? 'result' : 'nothing',
  });
  const call = (inputs: CommandInputs, context: CommandContext) => {
    const said = runCommand(settings(), inputs, context);
    return rows === undefined ? lastValue(said, { result, context, argv }) : rowsOf(said, rows, context.step.asset);
  };
  return Object.assign(call, { files: files.map((file) => resolve(cwd, file)) });
}

/** The rows as they come: while the store does not ask, the process waits. */
async function* rowsOf(said: AsyncIterable<Said>, schema: Row, asset: string): AsyncIterable<unknown> {
  const validate = rowValidator(schema, asset);
  let index = 0;
  for await (const { value } of said) yield validate(value, index++);
}

interface Expected {
  readonly result: z.ZodType | undefined;
  readonly context: CommandContext;
  readonly argv: readonly string[];
}

async function lastValue(said: AsyncIterable<Said>, { result, context, argv }: Expected): Promise<unknown> {
  let last: Said | undefined;
  for await (const one of said) last = one;
  if (result === undefined) return undefined;
  const { asset } = context.step;
  const remedy = 'Have the program send it: {"type": "result", "value": …}; or change the schema in the options of command().';
  if (last === undefined) throw new SpindleError('VALUE_INVALID', `${asset}: ${commandText(argv)} sent no result.`, { asset, remedy });
  const parsed = result.safeParse(last.value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(describeIssue);
  throw new SpindleError(
    'VALUE_INVALID',
    `${asset}: ${commandText(argv)} sent a result that does not fit its schema: ${issues.join('; ')}.`,
    {
      asset,
      issues,
      remedy,
    },
  );
}
