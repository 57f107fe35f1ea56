import { COMMANDS } from './commands/index.ts';
import { padTo } from './display-width.ts';
import type { Style } from './style.ts';

/** The page of `spindle --help`, made from the list of commands alone: no command and no parser is loaded for it. */
export function helpText(style: Style): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return `Spindle: a typed asset graph in TypeScript.

${style.bold('Usage')}
  spindle <command> [options]

${style.bold('Commands')}
${COMMANDS.map(({ name, describe }) => `  ${style.cyan(padTo(name, width))}  ${describe}`).join('\n')}

${style.bold('Options')}
  --project <path>  The project: its module, or the folder of its package.json
  --json            Print JSON
  --no-color        Print no colors
  --version         Print the version
  --help            Print this page, or that of a command

${style.bold('Examples')}
  spindle list                              every asset
  spindle graph --format mermaid            the graph, for a Markdown file
  spindle materialize                       bring everything up to date
  spindle materialize -s '+gold/top_songs'  an asset and what it depends on
  spindle backfill -s gold/digest --missing partitions that are not there yet
  spindle runs resume                       finish a run that failed or was stopped
  spindle query gold.top_songs              the rows of a table
  spindle generate all --check              whether the generated files are up to date
  spindle <command> --help                  the options of a command

${style.bold('Ends with')}
  0  done   1  a step or a check failed   2  used wrongly   3  generated files are out of date   99  a task had nothing to do`;
}
