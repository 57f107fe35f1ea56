import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** What a command is given beside its arguments. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What each file in `commands` exports. Its imports stay light: a handler imports what it needs when it runs, so that `--help` is quick. */
export interface Command {
  /** Name and positional arguments, as yargs writes them: `explain <asset>`. */
  readonly command: string;
  readonly describe: string;
  readonly builder: (yargs: Argv) => Argv<never>;
  readonly handler: (args: never, context: CommandContext) => Promise<ExitCode>;
}

/** The arguments that a builder declares. */
export type ArgsOf<B extends (yargs: Argv) => unknown> = B extends (yargs: Argv) => Argv<infer A> ? ArgumentsCamelCase<A> : never;
