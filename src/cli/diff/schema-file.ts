import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { fileError } from '../../drivers/disk/file-error.ts';
import { writeAtomically } from '../../project/atomic-file.ts';
import { SpindleError } from '../../runtime/errors.ts';
import { schemaFingerprint } from '../../runtime/schema/evolution/wire-json-schema.ts';
import type { DeclaredTopic } from './declared-schemas.ts';
import type { BaseSchema } from './report.ts';

/** What the file holds; later parts of a project may stand beside the topics. */
const SchemaFile = z.object({
  project: z.string(),
  topics: z.record(z.string(), z.object({ asset: z.string(), schema: z.union([z.boolean(), z.record(z.string(), z.unknown())]) })),
});

/** As it was typed, and from where. */
interface FilePath {
  readonly cwd: string;
  readonly path: string;
}

interface Written {
  readonly project: string;
  readonly topics: readonly DeclaredTopic[];
}

/** Writes what the topics are declared as: the same bytes for the same schemas. */
export function writeSchemaFile({ cwd, path }: FilePath, { project, topics }: Written): void {
  const byTopic = topics
    .toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
    .map(({ topic, asset, schema }) => [topic, { asset, schema }] as const);
  try {
    writeAtomically(resolve(cwd, path), `${JSON.stringify({ project, topics: Object.fromEntries(byTopic) }, null, 2)}\n`);
  } catch (error) {
    throw fileError(error, `writing ${path}`);
  }
}

/** The schemas of such a file, by topic: USAGE where it is not there or is another file. */
export function readSchemaFile({ cwd, path }: FilePath): ReadonlyMap<string, BaseSchema> {
  const parsed = SchemaFile.safeParse(parseFile(resolve(cwd, path), path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(`${path} holds no schemas of topics: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { project, topics } = parsed.data;
  return new Map(
    Object.entries(topics).map(([topic, { schema }]) => [
      topic,
      { schema, fingerprint: schemaFingerprint(schema), version: null, project },
    ]),
  );
}

function parseFile(file: string, path: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(error, `reading ${path}`);
    throw refused(`There is no file ${path}`);
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
