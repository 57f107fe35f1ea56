import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, SELECT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export const command = 'list';
export const describe = 'List the assets';

export const builder = (yargs: CommandParser) =>
  yargs
    .options({ ...SELECT_OPTION, ...ENVIRONMENT_OPTION })
    .example('spindle list', 'every asset, in the order of a run')
    .example("spindle list -s '+gold/top_songs'", 'an asset and all that it depends on')
    .example('spindle list -s stale', 'what is stale by the record (the drivers are not asked)')
    .example("spindle list -s 'group:bronze or kind:dbt' --json", 'as JSON');

interface Row {
  readonly key: string;
  readonly kind: string;
  readonly group: string | null;
  readonly partitions: string | null;
  readonly automation: string | null;
  readonly description: string | null;
}

const COLUMNS = [
  { title: 'asset', text: ({ key }: Row) => key },
  { title: 'kind', text: ({ kind }: Row) => kind },
  { title: 'group', text: ({ group }: Row) => group ?? '' },
  { title: 'partitions', text: ({ partitions }: Row) => partitions ?? '' },
  { title: 'runs when', text: ({ automation }: Row) => automation ?? '' },
  { title: 'description', text: ({ description }: Row) => description ?? '' },
] as const;

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const { selectAssets } = await import('../select-assets.ts');
  const { graph, keys } = await selectAssets(args, context);
  const { renderGraph } = await import('../../runtime/graph/render/model.ts');
  const { nodes } = renderGraph(graph, { keys });
  const rows = nodes.map(({ key, kind, group = null, partitions = null, automation = null }): Row => {
    const { description = null } = graph.get(key);
    return { key, kind, group, partitions, automation, description };
  });
  if (args.json) {
    output.json(rows);
    return EXIT.ok;
  }
  if (rows.length === 0) {
    output.print(`No asset answers to "${args.select}" now.`);
    return EXIT.ok;
  }
  const { table } = await import('../table.ts');
  const automated = rows.some(({ automation }) => automation !== null);
  output.print(table(automated ? COLUMNS : COLUMNS.filter(({ title }) => title !== 'runs when'), rows, output.style.bold));
  return EXIT.ok;
}
