import yargs, { type Argv } from 'yargs';
import { didYouMean } from '../runtime/closest.ts';
import { SpindleError } from '../runtime/errors.ts';
import type { Command, CommandParser, Subcommand } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { ownWordsFirst } from './own-words.ts';

export type Parsed = { readonly kind: 'help'; readonly text: string } | { readonly kind: 'arguments'; readonly args: never };

/** Parses the arguments of one command, its name included: strictly, with USAGE errors that suggest what was meant. */
export async function parseArguments(command: Command, argv: readonly string[], columns: number): Promise<Parsed> {
  let known: readonly string[] = [];
  let repeatable: readonly string[] = [];
  const { subcommands = [] } = command;
  const declare = (build: Command['builder'], parser: CommandParser) => {
    const declared = build(parser);
    const { key, array } = optionsOf(declared);
    known = Object.keys(key).filter((name) => name.length > 1 && !/[A-Z]/.test(name));
    repeatable = array;
    return declared;
  };
  const parser = yargs([])
    .scriptName('spindle')
    .locale('en')
    .updateStrings({ string: 'value', array: 'values', boolean: 'flag' })
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': command.passesOn !== undefined,
    })
    .command(
      command.command,
      command.describe,
      (builder) => {
        const declared = declare(command.builder, builder.options(COMMON_OPTIONS).strict());
        for (const { name, describe, builder: build } of subcommands)
          declared.command(
            name,
            describe,
            (inner) => declare(build, inner),
            () => {},
          );
        return declared;
      },
      () => {},
    )
    .version(false)
    .help()
    .wrap(Math.min(columns, 110));
  return new Promise((resolve, reject) => {
    const words = command.passesOn === undefined ? inOrder(argv, subcommands) : ownWordsFirst(argv, command.passesOn);
    void parser.parse([...words], {}, (error, args, text) => {
      const repeated = known.find((name) => Array.isArray(args[name]) && !repeatable.includes(name));
      if (error) reject(usageError(error.message, { argv, known, command }));
      else if (text !== '') resolve({ kind: 'help', text });
      else if (repeated !== undefined)
        reject(usageError(`--${repeated} is given more than once, and takes one value`, { argv, known, command }));
      else resolve({ kind: 'arguments', args: args as never });
    });
  });
}

/** The part that is named comes behind the command: an option before it might take it for its value. */
function inOrder([name = '', ...others]: readonly string[], subcommands: readonly Subcommand[]): readonly string[] {
  const at = others.findIndex((argument) => subcommands.some((subcommand) => subcommand.name === argument));
  return at < 0 ? [name, ...others] : [name, others[at] ?? '', ...others.slice(0, at), ...others.slice(at + 1)];
}

interface DeclaredOptions {
  readonly key: Readonly<Record<string, unknown>>;
  readonly array: readonly string[];
}

/** Not among the types of yargs, but what its own completion reads. */
const optionsOf = (parser: Argv): DeclaredOptions => (parser as unknown as { getOptions(): DeclaredOptions }).getOptions();

interface Failure {
  readonly argv: readonly string[];
  readonly known: readonly string[];
  readonly command: Command;
}

function usageError(message: string, { argv, known, command }: Failure): SpindleError {
  const name = command.command.split(' ', 1)[0] ?? '';
  const remedy = `Run: spindle ${name} --help`;
  const [, list] = /^Unknown arguments?: (.+)$/.exec(message) ?? [];
  if (list === undefined) return new SpindleError('USAGE', `${message}.`.replace(/\.\.$/, '.'), { remedy });
  // yargs names an option also in camel case, which was not typed.
  const unknown = list.split(', ').find((word) => argv.some((argument) => argument.replace(/^-+/, '').split('=', 1)[0] === word));
  const typed = unknown ?? list;
  const parts = (command.subcommands ?? []).map((part) => part.name);
  if (parts.length > 0 && argv.includes(typed) && !parts.some((part) => argv.includes(part)))
    return new SpindleError('USAGE', `spindle ${name} has no "${typed}".${didYouMean(typed, parts)}`, { remedy });
  const sentence = argv.includes(typed)
    ? `spindle ${name} does not take the argument "${typed}".`
    : `spindle ${name} has no option ${typed.length === 1 ? '-' : '--'}${typed}.${didYouMean(
        `--${typed}`,
        known.map((option) => `--${option}`),
      )}`;
  return new SpindleError('USAGE', sentence, { remedy });
}
