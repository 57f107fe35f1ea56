import { resolve } from 'node:path';
import type { RenderGraph } from '../../runtime/graph/render/model.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, SELECT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

const FORMATS = ['text', 'mermaid', 'dot', 'json', 'svg'] as const;
type Format = (typeof FORMATS)[number];

export const command = 'graph';
export const describe = 'Draw the graph of the assets';

export const builder = (yargs: CommandParser) =>
  yargs
    .options({
      ...SELECT_OPTION,
      ...ENVIRONMENT_OPTION,
      format: { choices: FORMATS, requiresArg: true, describe: 'What to draw; text by default, json with --json' },
      output: { type: 'string', alias: 'o', requiresArg: true, describe: 'The file to write, in place of printing' },
    })
    .example('spindle graph', 'the assets by level, with what they depend on')
    .example("spindle graph --format mermaid -s '+gold/top_songs'", 'a part of it, for a Markdown file')
    .example('spindle graph --format svg -o graph.svg', 'a picture');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { cwd, output } = context;
  const { json, format = json ? 'json' : 'text', output: file } = args;
  const { selectAssets } = await import('../select-assets.ts');
  const { graph, keys } = await selectAssets(args, context);
  if (keys.length === 0) output.notice(`No asset answers to "${args.select}" now.`);
  const { renderGraph } = await import('../../runtime/graph/render/model.ts');
  const text = await render(renderGraph(graph, { keys }), format);
  if (file === undefined) {
    output.print(text.trimEnd());
    return EXIT.ok;
  }
  const { writeFile } = await import('node:fs/promises');
  await writeFile(resolve(cwd, file), text);
  output.notice(`Wrote ${file}.`);
  return EXIT.ok;
}

/** Loads the one renderer that is asked for. */
async function render(graph: RenderGraph, format: Format): Promise<string> {
  switch (format) {
    case 'text':
      return (await import('../../runtime/graph/render/text.ts')).renderText(graph);
    case 'mermaid':
      return (await import('../../runtime/graph/render/mermaid.ts')).renderMermaid(graph);
    case 'dot':
      return (await import('../../runtime/graph/render/dot.ts')).renderDot(graph);
    case 'json':
      return (await import('../../runtime/graph/render/json.ts')).renderJson(graph);
    case 'svg':
      return (await import('../../runtime/graph/render/svg.ts')).renderSvg(graph);
  }
}
