import { SpindleError } from '../../runtime/errors.ts';
import type { Warehouse } from '../../runtime/resource/warehouse.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wholeNumber } from '../option-values.ts';
import type { Pipeline } from '../pipeline.ts';

export const command = 'query [what]';
export const describe = 'Show the rows of a table, or of an SQL statement';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('what', {
      type: 'string',
      describe: 'A table, the key of its asset, or SQL (recognized by its spaces); without it, the tables',
    })
    .options(ENVIRONMENT_OPTION)
    .option('limit', { ...wholeNumber('limit', 0, 'Rows of a table; 20 by default'), alias: 'n' })
    .option('write', { type: 'boolean', default: false, describe: 'Let the statement write' })
    .option('order', { type: 'string', requiresArg: true, describe: 'Columns to sort a table by, each with asc or desc' })
    .example('spindle query', 'the tables, with their rows')
    .example("spindle query gold.top_songs --order 'plays desc' --limit 10", 'the ten top songs')
    .epilogue('A statement that writes needs --write.')
    .example('spindle query "select country, count(*) from silver.listening_events group by 1"', 'SQL on the warehouse');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output, signal } = context;
  const { what, json, limit, order } = args;
  const isSql = what !== undefined && /\s/.test(what.trim());
  if ((isSql || what === undefined) && (limit !== undefined || order !== undefined)) {
    throw new SpindleError('USAGE', '--limit and --order are for the rows of a table.', {
      field: limit === undefined ? '--order' : '--limit',
      remedy: isSql ? 'Write them into the statement: … order by … limit …' : 'Name a table: spindle query <table>',
    });
  }
  if (isSql && !args.write) (await import('../query/read-only.ts')).requireReadOnly(what);
  const { openPipeline } = await import('../pipeline.ts');
  const pipeline = await openPipeline({ project: args.project, env: args.env }, context);
  try {
    const warehouse = (await pipeline.environment.open('warehouse')) as Warehouse;
    const rows = isSql
      ? await warehouse.query(what, [], { signal })
      : what === undefined
        ? await tablesOf(warehouse)
        : await tableRows(warehouse, pipeline, { what, limit, order, signal });
    if (json) output.json(rows);
    else {
      const { rowsText } = await import('../query/rows-text.ts');
      output.print(rowsText(rows, output.style.bold));
    }
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}

async function tablesOf(warehouse: Warehouse) {
  const rows: { readonly name: string; readonly kind: string; readonly rows: number }[] = [];
  for (const { name, kind } of await warehouse.tables()) rows.push({ name, kind, rows: await warehouse.count(name) });
  if (rows.length > 0) return rows;
  throw new SpindleError('TABLE_UNKNOWN', 'The warehouse has no tables yet.', { remedy: 'Run: spindle materialize' });
}

interface Wanted {
  readonly what: string;
  readonly limit: number | undefined;
  readonly order: string | undefined;
  readonly signal: AbortSignal;
}

async function tableRows(warehouse: Warehouse, { session }: Pipeline, { what, limit = 20, order, signal }: Wanted) {
  const [{ findTable }, { tableStatement }] = await Promise.all([import('../query/find-table.ts'), import('../query/table-statement.ts')]);
  const table = await findTable(warehouse, session.graph, what);
  return warehouse.query(tableStatement(table, { dialect: warehouse.dialect, limit, order }), [], { signal });
}
