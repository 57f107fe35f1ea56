import { COMMANDS } from '../../src/cli/commands/index.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';

/** The command lines of a block of shell: no comments, no blank lines; a line that ends with a backslash goes on. */
export function commandLines(text: string): readonly string[] {
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** The arguments of `npx spindle …`, `spindle …` or `VARIABLE=value spindle …`; undefined for a line that calls something else. */
export function spindleArguments(line: string): readonly string[] | undefined {
  const [, rest] = /^(?:\w+=\S+ )*(?:npx )?spindle(?: (.*))?$/.exec(line) ?? [];
  return rest === undefined ? undefined : words(rest);
}

/** As a shell splits them; of quoting, single and double quotes around (parts of) words are all that the pages use. */
export function words(text: string): readonly string[] {
  return [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}

/** Parses the arguments as the command line does; rejects where it would refuse them. */
export async function parseCommand(argv: readonly string[]): Promise<void> {
  if (argv.every((word) => word.startsWith('-'))) return;
  const entry = COMMANDS.find(({ name }) => name === argv[0]);
  if (entry === undefined) throw new Error(`There is no command "${argv[0]}".`);
  await parseArguments(await entry.load(), argv, 80);
}
