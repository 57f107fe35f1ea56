import { SpindleError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { GivenTable, StatementOrigin, Warehouse } from '../resource/warehouse.ts';
import type { Given } from './fixture.ts';

/** The tables that given rows stand in for, by the name of their warehouse. */
export function givenTables(graph: Graph, given: readonly Given[]): ReadonlyMap<string, readonly GivenTable[]> {
  const tables = new Map<string, readonly GivenTable[]>();
  for (const key of new Set(given.map(({ asset }) => asset))) {
    const store = graph.has(key) ? graph.get(key).store : undefined;
    if (store?.spec.standIn === undefined) continue;
    const rows = given.flatMap((fixture) => (fixture.asset === key ? (fixture.rows as readonly unknown[]) : []));
    const { warehouse, given: table } = store.spec.standIn(rows, key);
    tables.set(warehouse, [...(tables.get(warehouse) ?? []), table]);
  }
  return tables;
}

/** The warehouse as a run with given rows sees it: its queries find them, and never what they stand in for. RESOURCE_MISSING where it cannot do that. */
export function overGivenTables(client: Warehouse, tables: readonly GivenTable[]): Warehouse {
  const query: Warehouse['query'] = (sql, params, options) => {
    if (client.queryGiven !== undefined) return client.queryGiven(tables, sql, params, options);
    const named = tables.find(({ table }) => sql.toLowerCase().includes(table.name.split('.').at(-1) ?? ''));
    if (named === undefined) return client.query(sql, params, options);
    const problem = `The warehouse cannot query rows given in place of ${named.table.name} with SQL.`;
    return Promise.reject(
      new SpindleError('RESOURCE_MISSING', problem, { remedy: 'Use the warehouse of ephemeral(), or give your driver queryGiven().' }),
    );
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === 'query') return query;
      const { onBehalfOf } = target;
      if (name === 'onBehalfOf' && onBehalfOf !== undefined)
        return (origin: StatementOrigin) => overGivenTables(onBehalfOf.call(target, origin), tables);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
