import { z } from 'zod';
import { SpindleError } from '../runtime/errors.ts';

// dbt's manifest, version 12, reduced to what Spindle reads: parsing strips everything else, and that is how it is trimmed.

const DependsOn = z.object({ nodes: z.array(z.string()).default([]), macros: z.array(z.string()).default([]) });

/** The configuration that changes what is built, besides `materialized` and the contract. */
export const buildConfig = {
  incremental_strategy: z.unknown().optional(),
  unique_key: z.unknown().optional(),
  on_schema_change: z.unknown().optional(),
  batch_size: z.unknown().optional(),
  begin: z.unknown().optional(),
  lookback: z.unknown().optional(),
  'pre-hook': z.unknown().optional(),
  'post-hook': z.unknown().optional(),
  sql_header: z.unknown().optional(),
};

const Node = z.object({
  unique_id: z.string(),
  resource_type: z.enum(['model', 'seed', 'snapshot']),
  fqn: z.array(z.string()),
  original_file_path: z.string(),
  schema: z.string(),
  alias: z.string(),
  description: z.string(),
  config: z.object({
    materialized: z.string(),
    tags: z.array(z.string()),
    meta: z.object({ owner: z.unknown().optional(), owners: z.unknown().optional() }),
    group: z.string().nullish(),
    event_time: z.string().nullish(),
    contract: z.object({ enforced: z.boolean() }).optional(),
    ...buildConfig,
  }),
  columns: z.record(z.string(), z.object({ name: z.string(), data_type: z.string().nullish(), description: z.string() })),
  depends_on: DependsOn,
  checksum: z.object({ checksum: z.string() }),
});
export type ManifestNode = z.infer<typeof Node>;

const Test = z.object({
  unique_id: z.string(),
  resource_type: z.literal('test'),
  name: z.string(),
  fqn: z.array(z.string()),
  description: z.string(),
  config: z.object({ severity: z.string() }),
  attached_node: z.string().nullish(),
  column_name: z.string().nullish(),
  /** `model` is how the test reads what it is written at: of a source nothing else tells which one that is. */
  test_metadata: z.object({ name: z.string(), kwargs: z.object({ model: z.string().optional() }).optional() }).nullish(),
  depends_on: DependsOn.pick({ nodes: true }),
});
export type ManifestTest = z.infer<typeof Test>;

const UnitTest = z.object({
  unique_id: z.string(),
  name: z.string(),
  fqn: z.array(z.string()),
  description: z.string().nullish(),
  depends_on: DependsOn.pick({ nodes: true }),
});

const Source = z.object({
  unique_id: z.string(),
  source_name: z.string(),
  name: z.string(),
  schema: z.string(),
  identifier: z.string(),
  description: z.string(),
});

const Macro = z.object({ package_name: z.string(), macro_sql: z.string(), depends_on: DependsOn.pick({ macros: true }) });

const Manifest = z.object({
  /** The hash of the project's files that it was parsed from; only a trimmed one has it. */
  files: z.string().optional(),
  metadata: z.object({ dbt_schema_version: z.string(), dbt_version: z.string(), project_name: z.string() }),
  sources: z.record(z.string(), Source),
  nodes: z.record(z.string(), z.discriminatedUnion('resource_type', [Node, Test])),
  unit_tests: z.record(z.string(), UnitTest).default({}),
  /** Those of the project itself: dbt's own change with dbt alone. */
  macros: z.record(z.string(), Macro),
});
export type Manifest = z.infer<typeof Manifest>;

const Untrimmed = z.looseObject({
  metadata: z.looseObject({ project_name: z.string() }),
  nodes: z.record(z.string(), z.looseObject({ resource_type: z.string() })),
  macros: z.record(z.string(), z.looseObject({ package_name: z.string() })),
});

/** What Spindle needs of dbt's manifest, itself a manifest: sorted, without times, paths of this machine and dbt's own macros, so that equal projects give equal bytes. `files` is the hash of the project's files. */
export function trimManifest(json: unknown, files?: string): Manifest {
  const whole = parse(Untrimmed, json);
  const trimmed = parse(Manifest, {
    ...whole,
    files: files ?? whole['files'],
    nodes: sorted(whole.nodes, (node) => ['model', 'seed', 'snapshot', 'test'].includes(node.resource_type)),
    macros: sorted(whole.macros, (macro) => macro.package_name === whole.metadata.project_name),
  });
  const nodes = Object.fromEntries(
    Object.entries(trimmed.nodes).map(([id, node]) => [id, node.resource_type === 'test' ? briefly(node) : node]),
  );
  return { ...trimmed, nodes, sources: sorted(trimmed.sources), unit_tests: sorted(trimmed.unit_tests) };
}

/** Without its call where the node that it is written at is known. */
function briefly(test: ManifestTest): ManifestTest {
  const { attached_node: node, test_metadata: metadata } = test;
  return metadata && node ? { ...test, test_metadata: { name: metadata.name } } : test;
}

/** The text of a trimmed manifest as it is committed. */
export const printManifest = (manifest: Manifest): string => `${JSON.stringify(manifest, undefined, 1)}\n`;

function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new SpindleError('DBT_FAILED', 'This is not a manifest of dbt 1.8 or later, version 12.', {
    remedy: 'Have it written anew by `dbt parse`.',
    issues: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  });
}

function sorted<T>(record: Readonly<Record<string, T>>, keep: (value: T) => boolean = () => true): Record<string, T> {
  const entries = Object.entries(record).filter(([, value]) => keep(value));
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
