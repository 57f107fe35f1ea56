import type { Argv } from 'yargs';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { ArgsOf, CommandContext } from '../command.ts';
import { SELECT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export const command = 'list';
export const describe = 'List the assets';

export const builder = (yargs: Argv) =>
  yargs
    .options(SELECT_OPTION)
    .example('spindle list', 'every asset, in the order in which a run goes')
    .example("spindle list -s '+gold/top_songs'", 'an asset and all that it depends on')
    .example("spindle list -s 'group:bronze or kind:dbt' --json", 'as JSON');

export async function handler(args: ArgsOf<typeof builder>, { cwd, output }: CommandContext): Promise<ExitCode> {
  const [{ openSession }, { selectKeys }, { table }, { kindsOf }] = await Promise.all([
    import('../session.ts'),
    import('../select-keys.ts'),
    import('../table.ts'),
    import('../../runtime/graph/kind.ts'),
  ]);
  const { graph } = await openSession(cwd, args['project'] as string | undefined);
  const rows = selectKeys(graph, args.select).map((key) => row(graph.get(key), kindsOf));
  if (args['json'] === true) output.json(rows);
  else {
    const columns = [
      { title: 'asset', text: ({ key }: Row) => key },
      { title: 'kind', text: ({ kind }: Row) => kind.join(' ') },
      { title: 'group', text: ({ group }: Row) => group ?? '' },
      { title: 'partitions', text: ({ partitions }: Row) => partitions ?? '' },
      { title: 'description', text: ({ description }: Row) => description ?? '' },
    ];
    output.print(table(columns, rows, output.style.bold));
  }
  return EXIT.ok;
}

interface Row {
  readonly key: string;
  readonly kind: readonly string[];
  readonly group: string | null;
  readonly partitions: string | null;
  readonly description: string | null;
}

function row(asset: AssetDefinition, kindsOf: (asset: AssetDefinition) => readonly string[]): Row {
  const { key, group = null, description = null } = asset;
  return { key, kind: kindsOf(asset), group, partitions: partitionsText(asset), description };
}
