import { didYouMean } from '../../closest.ts';
import type { AssetDefinition } from '../../declare/definition.ts';
import { SpindleError } from '../../errors.ts';
import { kindsOf } from '../kind.ts';
import type { Graph } from '../model.ts';
import { atomsOf, type AssetStatus, type Attribute, type Pattern, type Selection, type SelectionAtom } from './ast.ts';
import { keyMatcher, textMatcher } from './glob.ts';
import { parseSelection } from './parser.ts';

export interface SelectOptions {
  /** What the recorded state says of an asset; needed where `needsStatus` says so. */
  status?(key: string): ReadonlySet<AssetStatus>;
}

/** True where the recorded state decides what is selected. A `job:` atom needs it where that job's own selection does, which only `select` sees. */
export function needsStatus(selection: Selection): boolean {
  return atomsOf(selection).some(({ kind }) => kind === 'status');
}

/** The keys that a selection picks, in the graph's order; perhaps none. SELECTION_UNKNOWN names every key, glob and attribute that nothing in the graph answers to. */
export function select(graph: Graph, selection: Selection | string, options: SelectOptions = {}): readonly string[] {
  const picked = evaluateWithin(selection, { graph, options, jobs: [] });
  return graph.keys.filter((key) => picked.has(key));
}

interface Scope {
  readonly graph: Graph;
  readonly options: SelectOptions;
  /** The jobs whose selections are being evaluated, outermost first. */
  readonly jobs: readonly string[];
}

function evaluateWithin(selection: Selection | string, scope: Scope): ReadonlySet<string> {
  const parsed = typeof selection === 'string' ? parseSelection(selection) : selection;
  const picks = new Map<SelectionAtom, ReadonlySet<string>>();
  const unknown = new Set<string>();
  for (const atom of atomsOf(parsed)) {
    const picked = pick(atom, scope);
    picks.set(atom, picked);
    // No asset being stale is an answer; no asset being called so is a mistake.
    if (picked.size === 0 && atom.kind !== 'status' && !isEmptyJob(atom, scope)) unknown.add(unknownText(atom, scope.graph));
  }
  if (unknown.size > 0) {
    const issues = [...unknown];
    throw new SpindleError('SELECTION_UNKNOWN', issues.join('\n'), { issues, remedy: 'Run `spindle list` to see what there is.' });
  }
  return combine(parsed, picks, scope.graph);
}

function combine(selection: Selection, picks: ReadonlyMap<SelectionAtom, ReadonlySet<string>>, graph: Graph): ReadonlySet<string> {
  switch (selection.kind) {
    case 'key':
    case 'attribute':
    case 'status':
      return picks.get(selection)!;
    case 'traverse': {
      const start = combine(selection.of, picks, graph);
      return new Set([
        ...start,
        ...graph.reach(start, 'upstream', selection.upstream),
        ...graph.reach(start, 'downstream', selection.downstream),
      ]);
    }
    case 'union':
      return new Set(selection.of.flatMap((part) => [...combine(part, picks, graph)]));
    case 'intersection': {
      const [first, ...others] = selection.of.map((part) => combine(part, picks, graph));
      return new Set([...first!].filter((key) => others.every((other) => other.has(key))));
    }
    case 'not': {
      const excluded = combine(selection.of, picks, graph);
      return new Set(graph.keys.filter((key) => !excluded.has(key)));
    }
  }
}

function pick(atom: SelectionAtom, scope: Scope): ReadonlySet<string> {
  const { graph } = scope;
  switch (atom.kind) {
    case 'key': {
      if (atom.literal || !atom.text.includes('*')) return new Set(graph.has(atom.text) ? [atom.text] : []);
      return new Set(graph.keys.filter(keyMatcher(atom)));
    }
    case 'attribute': {
      if (atom.attribute === 'job') return pickJobs(atom, scope);
      const matches = textMatcher(atom);
      const named = atom.attribute === 'tag' && atom.text.includes('=') ? 'tag=value' : atom.attribute;
      return new Set(graph.assets.filter((asset) => valuesOf(asset, named).some(matches)).map(({ key }) => key));
    }
    case 'status': {
      const { status } = scope.options;
      if (status === undefined) {
        throw new SpindleError(
          'SELECTION_UNKNOWN',
          `"${atom.status}" depends on what was recorded of the assets, which is not read here.`,
          {
            remedy: 'Select by key, group, tag, kind, owner or job.',
          },
        );
      }
      return new Set(graph.keys.filter((key) => status(key).has(atom.status)));
    }
  }
}

function pickJobs(pattern: Pattern, scope: Scope): ReadonlySet<string> {
  const picked = new Set<string>();
  for (const { name, select: selection } of matchingJobs(pattern, scope)) {
    if (scope.jobs.includes(name)) {
      throw new SpindleError('SELECTION_UNKNOWN', `The selection of a job leads back to itself: ${[...scope.jobs, name].join(' → ')}.`, {
        remedy: 'Take one `job:` out of the selections.',
      });
    }
    for (const key of evaluateWithin(selection, { ...scope, jobs: [...scope.jobs, name] })) picked.add(key);
  }
  return picked;
}

const matchingJobs = (pattern: Pattern, { graph }: Scope) => graph.jobs.filter(({ name }) => textMatcher(pattern)(name));

/** A job that selects `stale`, say, may well be empty. */
function isEmptyJob(atom: SelectionAtom, scope: Scope): boolean {
  return atom.kind === 'attribute' && atom.attribute === 'job' && matchingJobs(atom, scope).length > 0;
}

type Named = Exclude<Attribute, 'job'> | 'tag=value';

function valuesOf(asset: AssetDefinition, named: Named): readonly string[] {
  switch (named) {
    case 'group':
      return asset.group === undefined ? [] : [asset.group];
    case 'tag':
      return Object.keys(asset.tags);
    case 'tag=value':
      return Object.entries(asset.tags).map(([name, value]) => `${name}=${value}`);
    case 'owner':
      return asset.owners;
    case 'kind':
      return kindsOf(asset);
  }
}

function unknownText(atom: Exclude<SelectionAtom, { kind: 'status' }>, graph: Graph): string {
  if (atom.kind === 'attribute') {
    const { attribute, text } = atom;
    const named = attribute === 'tag' && text.includes('=') ? 'tag=value' : attribute;
    const known = named === 'job' ? graph.jobs.map(({ name }) => name) : graph.assets.flatMap((asset) => valuesOf(asset, named));
    const what = attribute === 'job' ? `There is no job "${text}".` : `No asset has the ${attribute} "${text}".`;
    return what + didYouMean(text, new Set(known));
  }
  if (!atom.literal && atom.text.includes('*')) return `No asset's key matches "${atom.text}".`;
  const renamed = graph.assets.find(({ formerly }) => formerly.includes(atom.text));
  if (renamed !== undefined) return `There is no asset "${atom.text}" any more: it is now called ${renamed.key}.`;
  return `There is no asset "${atom.text}".${didYouMean(atom.text, graph.keys)}`;
}
