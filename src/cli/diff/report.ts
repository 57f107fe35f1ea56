import type { Project } from '../../runtime/declare/project.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { changeText, worstOf, type Change, type ChangeClass } from '../../runtime/schema/evolution/change.ts';
import { compareSchemas, misfits } from '../../runtime/schema/evolution/compare-schemas.ts';
import { compareTables } from '../../runtime/schema/evolution/compare-tables.ts';
import type { Against, Base, BaseSchema } from './base.ts';
import { concernedBy, type ConcernedOf } from './concerned.ts';
import { compareModels, type DeclaredModel } from './declared-models.ts';
import type { DeclaredLanding, DeclaredTopic } from './declared-schemas.ts';
import type { DeclaredTable } from './declared-tables.ts';
import { dialectsOf, nextRun, type NextRun } from './next-run.ts';

/** A change with the assets downstream that it concerns, in the graph's order, and the tests of dbt that read what changed. */
export type ConcerningChange = Change & { readonly assets: readonly string[]; readonly tests?: readonly string[] };

/** What became of one part of the project. */
export interface DiffPart {
  readonly kind: 'topic' | 'landing' | 'table' | 'model';
  /** The topic's name, the table's, or the key of a landing or a model. */
  readonly name: string;
  readonly asset: string;
  /** `new`: there is nothing to compare it with. */
  readonly class: ChangeClass | 'new';
  readonly version: number | null;
  readonly changes: readonly ConcerningChange[];
  /** Of a table that changed: what the next run does with one that was made before. */
  readonly next?: NextRun;
}

export interface DiffReport {
  readonly against: Against;
  readonly parts: readonly DiffPart[];
  /** Topics of this project that are published and no longer declared. */
  readonly gone: readonly string[];
  readonly breaking: number;
}

/** What is compared, in so far as it is selected. */
export interface DiffInput {
  readonly graph: Graph;
  readonly project: Project;
  readonly environment: string | undefined;
  readonly topics: readonly DeclaredTopic[];
  readonly landings: readonly DeclaredLanding[];
  readonly tables: readonly DeclaredTable[];
  readonly models: readonly DeclaredModel[];
  /** Everything is selected. */
  readonly isWhole: boolean;
}

/** A part whose changes are not yet told of to anybody. */
interface RawPart extends Omit<DiffPart, 'changes'> {
  readonly changes: readonly Change[];
}

/** Compares topics, tables and contracts with what they were, and landings with the records of their topics. */
export async function diffReport(input: DiffInput, base: Base): Promise<DiffReport> {
  const { graph, project, topics, isWhole } = input;
  const topicParts = topics.map((topic) => topicPart(topic, base.topics.get(topic.topic)));
  const raw = [
    ...topicParts,
    ...input.landings.map((landing) => landingPart(landing, { topicParts, topics, base })),
    ...(base.tables === undefined ? [] : tableParts(input, base.tables)),
    ...(base.models === undefined ? [] : modelParts(input, base.models)),
  ];
  const concerned = await concernedBy(
    graph,
    raw.flatMap(({ changes }) => changes),
  );
  const parts = raw.map((part) => ({ ...part, changes: part.changes.map((change) => concerning(change, part, { graph, concerned })) }));
  const declared = new Set(topics.map(({ topic }) => topic));
  const gone = isWhole ? [...base.topics].filter(([topic, schema]) => schema.project === project.name && !declared.has(topic)) : [];
  const breaking = parts.flatMap(({ changes }) => changes).filter((change) => change.class === 'breaking').length;
  return { against: base.against, parts, gone: gone.map(([topic]) => topic).toSorted(), breaking };
}

function topicPart({ topic, asset, schema }: DeclaredTopic, base: BaseSchema | undefined): RawPart {
  const part = { kind: 'topic', name: topic, asset, version: base?.version ?? null } as const;
  if (base === undefined) return { ...part, class: 'new', changes: [] };
  return { ...part, ...compareSchemas(base.schema, schema) };
}

interface LandingScope {
  readonly topicParts: readonly RawPart[];
  readonly topics: readonly DeclaredTopic[];
  readonly base: Base;
}

/** What a landing would set aside of its topic's records, apart from what is told of the topic. */
function landingPart({ asset, source, topic, schema }: DeclaredLanding, { topicParts, topics, base }: LandingScope): RawPart {
  const own = topics.find((one) => one.asset === source);
  const told = topicParts.find((part) => part.asset === source)?.changes.map(changeText) ?? [];
  const given = [base.topics.get(topic)?.schema, own?.schema].filter((one) => one !== undefined);
  const refused = given.flatMap((one) => misfits(one, schema)).filter((change) => !told.includes(changeText(change)));
  const changes = [...new Map(refused.map((change) => [changeText(change), change])).values()];
  return { kind: 'landing', name: asset, asset, class: worstOf(changes), version: null, changes };
}

function tableParts({ graph, project, environment, tables, isWhole }: DiffInput, base: NonNullable<Base['tables']>): readonly RawPart[] {
  const present = tables.map((table): RawPart => {
    const part = { kind: 'table', name: table.name, asset: table.asset, version: null } as const;
    const before = base.get(table.name);
    if (before === undefined) return { ...part, class: 'new', changes: [] };
    const changes = compareTables(before, table);
    if (changes.length === 0) return { ...part, class: 'identical', changes };
    const asset = graph.get(table.asset);
    return { ...part, class: worstOf(changes), changes, next: nextRun(asset, before, dialectsOf(project, asset, environment)) };
  });
  const declared = new Set(tables.map(({ name }) => name));
  const gone = isWhole ? [...base].filter(([name]) => !declared.has(name)) : [];
  return [...present, ...gone.map(([name, { asset }]) => gonePart('table', name, asset))];
}

function modelParts({ models, isWhole }: DiffInput, base: NonNullable<Base['models']>): readonly RawPart[] {
  const present = models.map((model): RawPart => {
    const part = { kind: 'model', name: model.asset, asset: model.asset, version: null } as const;
    const before = base.get(model.asset);
    if (before === undefined) return { ...part, class: 'new', changes: [] };
    const changes = compareModels(before, model);
    return { ...part, class: worstOf(changes), changes };
  });
  const declared = new Set(models.map(({ asset }) => asset));
  const gone = isWhole ? [...base.keys()].filter((asset) => !declared.has(asset)) : [];
  return [...present, ...gone.map((asset) => gonePart('model', asset, asset))];
}

const gonePart = (kind: 'table' | 'model', name: string, asset: string): RawPart => ({
  kind,
  name,
  asset,
  class: 'breaking',
  version: null,
  changes: [
    {
      path: '',
      kind: 'removed',
      class: 'breaking',
      text: kind === 'table' ? 'is no longer declared' : 'is no longer there, or no longer held to its columns by a contract',
    },
  ],
});

function concerning(
  change: Change,
  { asset }: RawPart,
  { graph, concerned }: { readonly graph: Graph; readonly concerned: ConcernedOf },
): ConcerningChange {
  if (!graph.has(asset)) return { ...change, assets: [] };
  const { assets, tests } = concerned(change, asset);
  return { ...change, assets, ...(tests.length > 0 && { tests }) };
}
