import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { DbtDependency, DbtGraph } from '../../../src/dbt/graph.ts';
import { rowsOf } from '../bronze.ts';

/** What is built of a dbt project: the warehouse's file, and the folder of compiled SQL. */
export interface BuiltProject {
  readonly graph: DbtGraph;
  readonly path: string;
  readonly compiled: string;
}

interface Reader {
  readonly name: string;
  /** `schema.table` of what it makes; undefined of a test. */
  readonly relation: string | undefined;
  readonly reads: readonly string[];
  readonly sql: string;
}

const Column = z.object({ relation: z.string(), name: z.string(), type: z.string() });

/**
 * Who reads a column of a relation, asked of DuckDB: whose compiled SQL it cannot bind any more once the column has another name there, and from models that make
 * a column of that name, whose in turn.
 */
export async function openBoundReaders({ graph, path, compiled }: BuiltProject) {
  const columns = z
    .array(Column)
    .parse(
      await rowsOf(
        path,
        `select table_schema || '.' || table_name as relation, column_name as name, data_type as type from information_schema.columns`,
      ),
    );
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  // The same tables, empty, in a catalog of the file's name.
  await connection.run(`attach ':memory:' as ${JSON.stringify(catalogOf(path))}; use ${JSON.stringify(catalogOf(path))}`);
  for (const relation of new Set(columns.map((column) => column.relation))) {
    const own = columns.filter((column) => column.relation === relation);
    const [schema = '', table = ''] = relation.split('.');
    await connection.run(`create schema if not exists "${schema}"`);
    await connection.run(`create table "${schema}"."${table}" (${own.map(({ name, type }) => `"${name}" ${type}`).join(', ')})`);
  }
  const readers = readersOf(graph, compiled);
  for (const { name, sql } of readers) if (!(await binds(connection, sql))) throw new Error(`${name} does not bind as it is: ${sql}`);

  const readersFrom = async (relation: string, column: string): Promise<readonly string[]> => {
    if (!columns.some((known) => known.relation === relation && known.name === column)) return [];
    await connection.run(`alter table ${relation} rename column "${column}" to "${column}_renamed"`);
    const broken: Reader[] = [];
    for (const reader of readers) if (reader.reads.includes(relation) && !(await binds(connection, reader.sql))) broken.push(reader);
    await connection.run(`alter table ${relation} rename column "${column}_renamed" to "${column}"`);
    const further = [];
    for (const reader of broken) further.push(...(reader.relation === undefined ? [] : await readersFrom(reader.relation, column)));
    return [...broken.map(({ name }) => name), ...further];
  };
  return {
    readersOf: async (relation: string, column: string) => [...new Set(await readersFrom(relation, column))].toSorted(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const catalogOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace('.duckdb', '');

function readersOf({ nodes, tests, sources, name: project }: DbtGraph, compiled: string): readonly Reader[] {
  const relations = new Map([
    ...nodes.map(({ uniqueId, relation }) => [uniqueId, relation] as const),
    ...sources.map(({ name, relation }) => [name, relation] as const),
  ]);
  const relationsOf = (dependsOn: readonly DbtDependency[]) =>
    dependsOn.flatMap((dependency) => relations.get(dependency.kind === 'node' ? dependency.id : dependency.name) ?? []);
  const sqlOf = (path: string) => readFileSync(join(compiled, project, path), 'utf8');
  return [
    ...nodes.map(({ key, relation, dependsOn, path }) => ({ name: key, relation, reads: relationsOf(dependsOn), sql: sqlOf(path) })),
    ...tests
      .filter(({ kind }) => kind === 'singular')
      .map(({ name, dependsOn }) => ({
        name: `test ${name}`,
        relation: undefined,
        reads: relationsOf(dependsOn),
        sql: sqlOf(`tests/${name}.sql`),
      })),
  ];
}

async function binds(connection: DuckDBConnection, sql: string): Promise<boolean> {
  try {
    await connection.run(`explain ${sql}`);
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Binder Error')) return false;
    throw error;
  }
}
