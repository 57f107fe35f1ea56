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
  // of snapshots
  strategy: z.unknown().optional(),
  updated_at: z.unknown().optional(),
  check_cols: z.unknown().optional(),
  hard_deletes: z.unknown().optional(),
  dbt_valid_to_current: z.unknown().optional(),
  snapshot_meta_column_names: z.unknown().optional(),
  // of seeds
  column_types: z.unknown().optional(),
  delimiter: z.unknown().optional(),
  quote_columns: z.unknown().optional(),
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
  /** 'path' where dbt did not read the file: a seed of more than a megabyte. */
  checksum: z.object({ name: z.string().optional(), checksum: z.string() }),
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

const ExposureMeta = z.object({ spindle: z.unknown().optional() });

const Exposure = z.object({
  unique_id: z.string(),
  name: z.string(),
  fqn: z.array(z.string()),
  type: z.string(),
  owner: z.object({ name: z.string().nullish(), email: z.union([z.string(), z.array(z.string())]).nullish() }),
  description: z.string().nullish(),
  maturity: z.string().nullish(),
  url: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  meta: ExposureMeta.default({}),
  config: z.object({ meta: ExposureMeta.default({}) }).default({ meta: {} }),
  depends_on: DependsOn.pick({ nodes: true }),
});
export type ManifestExposure = z.infer<typeof Exposure>;

const Macro = z.object({ package_name: z.string(), macro_sql: z.string(), depends_on: DependsOn.pick({ macros: true }) });

const Manifest = z.object({
  /** The hash of the project's files that it was parsed from; only a trimmed one has it. */
  files: z.string().optional(),
  metadata: z.object({ dbt_schema_version: z.string(), dbt_version: z.string(), project_name: z.string() }),
  sources: z.record(z.string(), Source),
  nodes: z.record(z.string(), z.discriminatedUnion('resource_type', [Node, Test])),
  unit_tests: z.record(z.string(), UnitTest).default({}),
  exposures: z.record(z.string(), Exposure).default({}),
  /** Those of the project itself, and those of packages that its nodes use: dbt's own change with dbt alone. */
  macros: z.record(z.string(), Macro),
});
export type Manifest = z.infer<typeof Manifest>;

const Untrimmed = z.looseObject({
  metadata: z.looseObject({ project_name: z.string(), adapter_type: z.string().nullish() }),
  nodes: z.record(z.string(), z.looseObject({ resource_type: z.string(), depends_on: DependsOn.optional() })),
  macros: z.record(z.string(), z.looseObject({ package_name: z.string(), depends_on: DependsOn.optional() })),
});
type Untrimmed = z.infer<typeof Untrimmed>;

const BUILT: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot']);

/** What Spindle needs of dbt's manifest, itself a manifest: sorted, without times, paths of this machine and dbt's own macros, so that equal projects give equal bytes. `files` is the hash of the project's files. */
export function trimManifest(json: unknown, files?: string): Manifest {
  const whole = parse(Untrimmed, json);
  const trimmed = parse(Manifest, {
    ...whole,
    files: files ?? whole['files'],
    nodes: sorted(whole.nodes, (node) => BUILT.has(node.resource_type) || node.resource_type === 'test'),
    macros: sorted(whole.macros, keepsMacro(whole)),
  });
  const nodes = Object.fromEntries(
    Object.entries(trimmed.nodes).map(([id, node]) => [id, node.resource_type === 'test' ? briefly(node) : node]),
  );
  return {
    ...trimmed,
    nodes,
    sources: sorted(trimmed.sources),
    unit_tests: sorted(trimmed.unit_tests),
    exposures: sorted(trimmed.exposures),
  };
}

/** Without its call where the node that it is written at is known. */
function briefly(test: ManifestTest): ManifestTest {
  const { attached_node: node, test_metadata: metadata } = test;
  return metadata && node ? { ...test, test_metadata: { name: metadata.name } } : test;
}

function keepsMacro({ metadata, nodes, macros }: Untrimmed): (macro: Untrimmed['macros'][string], id: string) => boolean {
  const used = new Set(Object.values(nodes).flatMap((node) => (BUILT.has(node.resource_type) ? (node.depends_on?.macros ?? []) : [])));
  for (const id of used) for (const other of macros[id]?.depends_on?.macros ?? []) used.add(other);
  const own = new Set(['dbt', 'dbt_postgres', 'dbt_duckdb', 'dbt_snowflake', `dbt_${metadata.adapter_type}`]);
  return ({ package_name }, id) => package_name === metadata.project_name || (used.has(id) && !own.has(package_name));
}

/** The text of a trimmed manifest as it is committed. */
export const printManifest = (manifest: Manifest): string => `${JSON.stringify(manifest, undefined, 1)}\n`;

function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new SpindleError('DBT_FAILED', 'This is not a manifest of dbt 1.8 or later, version 12.', {
    remedy: 'Run `spindle plan`: it has dbt write it anew.',
    issues: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  });
}

function sorted<T>(record: Readonly<Record<string, T>>, keep: (value: T, id: string) => boolean = () => true): Record<string, T> {
  const entries = Object.entries(record).filter(([id, value]) => keep(value, id));
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
