import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { fileError } from '../../drivers/disk/file-error.ts';
import { writeAtomically } from '../../project/atomic-file.ts';
import { SpindleError } from '../../runtime/errors.ts';
import { COLUMN_TYPES } from '../../runtime/schema/column.ts';
import { schemaFingerprint } from '../../runtime/schema/evolution/wire-json-schema.ts';
import type { Base } from './base.ts';
import type { DeclaredModel } from './declared-models.ts';
import type { DeclaredTopic } from './declared-schemas.ts';
import type { DeclaredTable } from './declared-tables.ts';

const JsonSchemaOf = z.union([z.boolean(), z.record(z.string(), z.unknown())]);
const Columns = z.array(z.object({ name: z.string(), type: z.enum(COLUMN_TYPES), nullable: z.boolean() }));
const ModelColumns = z.array(z.object({ name: z.string(), type: z.string().nullable() }));

/** What the file holds. One that was written before tables were compared holds topics alone. */
const SchemaFile = z.object({
  project: z.string(),
  topics: z.record(z.string(), z.object({ asset: z.string(), schema: JsonSchemaOf })),
  tables: z.record(z.string(), z.object({ asset: z.string(), columns: Columns, schema: JsonSchemaOf })).optional(),
  models: z.record(z.string(), z.object({ columns: ModelColumns })).optional(),
});

/** As it was typed, and from where. */
interface FilePath {
  readonly cwd: string;
  readonly path: string;
}

interface Written {
  readonly project: string;
  readonly topics: readonly DeclaredTopic[];
  readonly tables: readonly DeclaredTable[];
  readonly models: readonly DeclaredModel[];
}

/** Writes what topics, tables and contracts are declared as: the same bytes for the same schemas. */
export function writeSchemaFile({ cwd, path }: FilePath, { project, topics, tables, models }: Written): void {
  const content = {
    project,
    topics: sorted(topics.map(({ topic, asset, schema }) => [topic, { asset, schema }])),
    tables: sorted(tables.map(({ name, asset, columns, schema }) => [name, { asset, columns, schema }])),
    models: sorted(models.map(({ asset, columns }) => [asset, { columns }])),
  };
  try {
    writeAtomically(resolve(cwd, path), `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw fileError(error, `writing ${path}`);
  }
}

const sorted = (entries: readonly (readonly [name: string, value: unknown])[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** The schemas of such a file: USAGE where it is not there or is another file. */
export function readSchemaFile({ cwd, path }: FilePath): Base {
  const parsed = SchemaFile.safeParse(parseFile(resolve(cwd, path), path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(`${path} holds no schemas of topics and tables: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { project, topics, tables, models } = parsed.data;
  return {
    against: { kind: 'file' },
    topics: new Map(
      Object.entries(topics).map(([topic, { schema }]) => [
        topic,
        { schema, fingerprint: schemaFingerprint(schema), version: null, project },
      ]),
    ),
    tables: tables && new Map(Object.entries(tables)),
    models: models && new Map(Object.entries(models).map(([asset, { columns }]) => [asset, { asset, columns }])),
  };
}

function parseFile(file: string, path: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(error, `reading ${path}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(`${path} is no JSON: ${(error as SyntaxError).message}`);
  }
}

const refused = (what: string): SpindleError =>
  new SpindleError('USAGE', `${what}.`, {
    field: '--against',
    remedy: 'Write the file where the schemas are as they are deployed: spindle diff --write <file>',
  });
