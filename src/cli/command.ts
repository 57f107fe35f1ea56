import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { CommonArguments } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import type { Redactor } from './redact.ts';

/** What a command is given beside its arguments. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
  /** Learns the secrets of the environment as it is opened; hides them in events, notices and errors. */
  readonly redactor: Redactor;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a builder gets: the options of every command are declared already. */
export type CommandParser = Argv<CommonArguments>;

/** A part of a command with options of its own: `spindle generate airflow`. */
export interface Subcommand {
  readonly name: string;
  readonly describe: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- arguments of any shape
  readonly builder: (yargs: CommandParser) => Argv<any>;
}

/** What each file in `commands` exports. Its imports stay light: a handler imports what it needs when it runs, so that `--help` is quick. */
export interface Command {
  /** Name and positional arguments, as yargs writes them: `explain <asset>`. */
  readonly command: string;
  readonly describe: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- arguments of any shape; the handler's are inferred from the builder's
  readonly builder: (yargs: CommandParser) => Argv<any>;
  /** One of them has to be named: the second of the arguments `_`. */
  readonly subcommands?: readonly Subcommand[];
  /** Its options whose value is the next word, where all words that it does not know are another program's: they reach the handler as they were typed, as the argument `--`. */
  readonly passesOn?: readonly string[];
  readonly handler: (args: never, context: CommandContext) => Promise<ExitCode>;
}

/** The arguments that a builder declares. */
export type ArgsOf<B extends (yargs: CommandParser) => unknown> = B extends (yargs: CommandParser) => Argv<infer A>
  ? ArgumentsCamelCase<A>
  : never;
