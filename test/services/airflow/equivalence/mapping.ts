import type { AssetDefinition, Mapping } from '../../../../src/runtime/declare/definition.ts';
import { mappingProblem } from '../../../../src/runtime/partitions/mapping-problem.ts';
import { downstreamKeys, upstreamSlice } from '../../../../src/runtime/partitions/mapping.ts';
import type { MappedKeys, Mapping as Answer } from '../timetable.ts';
import type { LocalJob } from './local.ts';
import { EXISTING, someKeys } from './spans.ts';

/** How the assets of a job read one that starts it. */
interface Reading {
  readonly reader: AssetDefinition;
  readonly mapping: Mapping;
}

/** The ways in which the job reads the asset. Where it does not, its partitions stand for those of the same key or time, if that has a meaning. */
function readingsOf({ graph, made }: LocalJob, upstream: string): readonly Reading[] {
  const found = made.flatMap((key) =>
    Object.values(graph.get(key).dependencies).flatMap(({ upstream: { key: read }, mapping }) =>
      read === upstream && mapping.kind !== 'order' ? [{ reader: graph.get(key), mapping }] : [],
    ),
  );
  if (found.length > 0) return found;
  const same: Mapping = { kind: 'same' };
  const { partitions, store } = graph.get(upstream);
  const holdsRows = store?.spec.readsRows === true;
  return made.flatMap((key) => {
    const reader = graph.get(key);
    const problem = mappingProblem({ mapping: same, downstream: reader.partitions, upstream: partitions, holdsRows });
    return problem === undefined ? [{ reader, mapping: same }] : [];
  });
}

export interface SomeKeys {
  readonly upstream: readonly string[];
  readonly downstream: readonly string[];
}

/** Keys to ask the mapper of an asset about. */
export function keysToAsk({ graph, made }: LocalJob, key: string): SomeKeys {
  const of = (asset: string | undefined) => {
    const definition = asset === undefined ? undefined : graph.get(asset).partitions;
    return definition === undefined ? [] : someKeys(definition);
  };
  return { upstream: of(key), downstream: of(made[0]) };
}

/** Where a mapper of Airflow leads from and to other keys than the runtime's own mapping. */
export function mappingProblems(local: LocalJob, key: string, { toDownstream, toUpstream }: Answer): readonly string[] {
  const { graph } = local;
  const readings = readingsOf(local, key);
  if (readings.length === 0) return [];
  const upstream = graph.get(key).partitions;
  const down = (changed: string): readonly string[] => {
    // A window starts the partition of the same key; those around it are made again by its run where they were made.
    if (readings.some(({ mapping }) => mapping.kind === 'window')) return [changed];
    return readings.flatMap(({ reader, mapping }) => [
      ...downstreamKeys({
        mapping,
        downstream: reader.partitions,
        upstream: { asset: key, definition: upstream },
        changed: { key: changed },
        existing: EXISTING,
      }),
    ]);
  };
  const up = (own: string): readonly string[] =>
    readings.flatMap(({ reader, mapping }) => [
      ...upstreamSlice({ mapping, downstream: { asset: reader.key, definition: reader.partitions, key: own }, upstream }).keys(EXISTING),
    ]);
  return [...differences(`${key} to the job`, toDownstream, down), ...differences(`the job to ${key}`, toUpstream, up)];
}

function differences(way: string, answers: MappedKeys, wantedOf: (key: string) => readonly string[]): readonly string[] {
  const wrong = Object.entries(answers).flatMap(([from, found]) => {
    const wanted = [...new Set(wantedOf(from))].toSorted();
    // A key that the mapper refuses starts nothing.
    const keys = typeof found === 'string' ? [] : found;
    return keys.toSorted().join() === wanted.join()
      ? []
      : [`${way}: ${from} leads to ${typeof found === 'string' ? found : short(found)} in place of ${short(wanted)}`];
  });
  return wrong.length <= 3 ? wrong : [...wrong.slice(0, 3), `${way}: ${wrong.length - 3} more`];
}

const short = (keys: readonly string[]): string =>
  keys.length > 4 ? `${keys.slice(0, 4).join(' ')} … (${keys.length})` : keys.join(' ') || 'nothing';
