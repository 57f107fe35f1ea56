import type { AssetDefinition, CheckDefinition, JobDefinition } from '../declare/definition.ts';
import { isSpindleError, SpindleError } from '../errors.ts';
import type { Resources } from '../resource/resource.ts';
import { findCycles } from './cycles.ts';
import { compare, createGraph, upstreamKeys, type Graph } from './model.ts';
import { levelsOf, type Edges } from './order.ts';
import { assetProblems, checkProblems, createProblemScope, dependencyProblems, jobProblems, sharedProblems } from './problems.ts';
import { select } from './selection/evaluate.ts';

export type { Graph } from './model.ts';

export interface GraphSpec {
  /** What they depend on need not be listed. */
  readonly assets: readonly AssetDefinition[];
  readonly checks: readonly CheckDefinition[];
  readonly jobs: readonly JobDefinition[];
  /** Problems that were found before. */
  readonly issues?: readonly string[];
}

const MOST_CYCLES = 10;
const LONGEST_PATH = 20;

/** Builds the graph of a project, or throws GRAPH_INVALID with every problem there is among its `issues`. */
export function buildGraph({ assets, checks, jobs, issues: known = [] }: GraphSpec): Graph {
  const issues: string[] = [...known];
  const byKey = collect(assets, issues);
  const sorted = [...byKey.values()].toSorted((a, b) => compare(a.key, b.key));
  issues.push(...nameClashes(sorted), ...tableClashes(sorted), ...prefixClashes(sorted), ...filesClashes(sorted));

  const scope = createProblemScope((key) => byKey.get(key));
  for (const asset of sorted) issues.push(...assetProblems(asset, scope), ...dependencyProblems(asset, scope));
  issues.push(...sharedProblems(sorted), ...checkProblems(checks, scope));
  issues.push(...jobs.flatMap((job) => jobProblems(job, scope)), ...jobClashes(jobs));

  const edges: Edges = new Map(sorted.map((asset) => [asset.key, upstreamKeys(asset)]));
  const levels = levelsOf(edges);
  if (levels === undefined) issues.push(...findCycles(edges, MOST_CYCLES).map(cycleText));

  // Without levels the order is by key: good enough to try the jobs' selections, so that their mistakes are reported with the rest.
  const level = (asset: AssetDefinition) => levels?.get(asset.key) ?? 0;
  const ordered = sorted.toSorted((a, b) => level(a) - level(b));
  const graph = createGraph({ assets: ordered, checks, jobs, levels: levels ?? new Map() });
  for (const job of graph.jobs) issues.push(...selectionProblems(job, graph));

  if (issues.length > 0) throw invalid([...new Set(issues)]);
  return graph;
}

/** The definition of each key, those reached by dependencies included. Where a key has two, the first listed one counts, and the clash is an issue. */
function collect(listed: readonly AssetDefinition[], issues: string[]): ReadonlyMap<string, AssetDefinition> {
  const byKey = new Map<string, AssetDefinition>();
  const clashing = new Set<string>();
  const add = (asset: AssetDefinition): boolean => {
    const known = byKey.get(asset.key);
    if (known === undefined) byKey.set(asset.key, asset);
    else if (known !== asset && !isReference(asset, known)) clashing.add(asset.key);
    return known === undefined;
  };
  const pending = listed.filter(add);
  for (let asset = pending.pop(); asset !== undefined; asset = pending.pop()) {
    for (const { upstream } of Object.values(asset.dependencies)) if (add(upstream)) pending.push(upstream);
  }
  for (const key of [...clashing].toSorted()) issues.push(`KEY_CLASH: Two assets have the key ${key}: rename one of them.`);
  return byKey;
}

/** A typed reference to a model stands for the model that the transformer's own project declares under the key. */
function isReference(asset: AssetDefinition, known: AssetDefinition): boolean {
  return asset.transform !== undefined && asset.transform.project === known.transform?.project;
}

/** Keys that only differ by case, and former keys that are in use or are claimed twice. */
function nameClashes(sorted: readonly AssetDefinition[]): readonly string[] {
  const issues: string[] = [];
  const live = new Set(sorted.map(({ key }) => key));
  const folded = new Map<string, string>();
  const former = new Map<string, string>();
  for (const { key, formerly } of sorted) {
    const same = folded.get(key.toLowerCase());
    if (same !== undefined)
      issues.push(
        `KEY_CLASH: ${same} and ${key} only differ by case, which not every file system and warehouse can tell apart: rename one.`,
      );
    folded.set(key.toLowerCase(), key);
    for (const old of formerly) {
      const other = former.get(old);
      if (live.has(old))
        issues.push(
          `KEY_CLASH: ${key} was formerly called ${old}, but there is an asset ${old}: take it out of formerly, or rename that asset.`,
        );
      else if (other !== undefined)
        issues.push(`KEY_CLASH: ${other} and ${key} both claim the history of ${old}: take it out of one formerly.`);
      former.set(old, key);
    }
  }
  return issues;
}

/** Tables that two assets would write: each would replace, or refuse, the rows of the other. A source writes nothing. */
function tableClashes(sorted: readonly AssetDefinition[]): readonly string[] {
  const writers = new Map<string, string>();
  return sorted.flatMap(({ key, store, run, transform }) => {
    if (store?.kind !== 'table' || (run === undefined && transform === undefined)) return [];
    const { location, resources } = store.spec;
    const place = [location, ...Object.values(resources as Resources).map(({ name }) => name)].join(' ');
    const other = writers.get(place);
    writers.set(place, key);
    return other === undefined ? [] : [`TABLE_CLASH: ${other} and ${key} both write the table ${location}: name another one.`];
  });
}

/** Landings whose prefixes do not lie apart: each would take the chains of the other for its own. */
function prefixClashes(sorted: readonly AssetDefinition[]): readonly string[] {
  const landings = sorted.flatMap(({ key, store, run }) =>
    store?.kind === 'landing' && run !== undefined ? [{ key, folder: `${store.spec.location}/` }] : [],
  );
  let outer: (typeof landings)[number] | undefined;
  return landings
    .toSorted((a, b) => compare(a.folder, b.folder))
    .flatMap((landing) => {
      if (outer === undefined || !landing.folder.startsWith(outer.folder)) {
        outer = landing;
        return [];
      }
      const [of, within] = [outer.folder.slice(0, -1), landing.folder.slice(0, -1)];
      return [
        of === within
          ? `PREFIX_CLASH: ${outer.key} and ${landing.key} both land under the prefix ${of}: give one another prefix.`
          : `PREFIX_CLASH: ${landing.key} lands under the prefix ${within}, within ${of}, where ${outer.key} lands: give one another prefix.`,
      ];
    });
}

/** Folders of files from elsewhere within one that the project itself writes to, or around one: the source would take what is written for its own. */
function filesClashes(sorted: readonly AssetDefinition[]): readonly string[] {
  const folderOf = ({ store }: AssetDefinition) => `${store?.spec.location}/`;
  const writers = sorted.filter(({ store, run }) => run !== undefined && (store?.kind === 'landing' || store?.kind === 'objects'));
  return sorted
    .filter(({ store }) => store?.kind === 'files')
    .flatMap((source) =>
      writers
        .filter((writer) => folderOf(writer).startsWith(folderOf(source)) || folderOf(source).startsWith(folderOf(writer)))
        .map(
          (writer) =>
            `PREFIX_CLASH: ${writer.key} writes below ${folderOf(writer)}, and ${source.key} reads below ${folderOf(source)} what something else writes: give one another prefix.`,
        ),
    );
}

function jobClashes(jobs: readonly JobDefinition[]): readonly string[] {
  const names = jobs.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(twice)].toSorted().map((name) => `JOB_CLASH: Two jobs are called "${name}": rename one.`);
}

function selectionProblems(job: JobDefinition, graph: Graph): readonly string[] {
  try {
    select(graph, job.select, { status: () => new Set() });
    return [];
  } catch (error) {
    if (!isSpindleError(error)) throw error;
    return [`JOB_SELECTION: The selection of the job "${job.name}" is wrong: ${error.message}`];
  }
}

function cycleText(path: readonly string[]): string {
  const shown = path.length > LONGEST_PATH ? [...path.slice(0, LONGEST_PATH - 2), '…', path.at(-1)!] : path;
  return `CYCLE: ${shown.join(' → ')}: an asset cannot depend on itself, take one of these dependencies out.`;
}

function invalid(issues: readonly string[]): SpindleError {
  const count = issues.length === 1 ? 'a problem' : `${issues.length} problems`;
  return new SpindleError('GRAPH_INVALID', `The graph has ${count}:\n${issues.map((issue) => `- ${issue}`).join('\n')}`, { issues });
}
