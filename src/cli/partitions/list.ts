import { SpindleError } from '../../runtime/errors.ts';
import type { PartitionSet } from '../../runtime/partitions/set.ts';
import { candidateSet } from '../../runtime/plan/candidates.ts';
import { formatCount } from '../format.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Style } from '../style.ts';
import { padTo } from '../display-width.ts';

export type PartitionKind = 'materialized' | 'missing' | 'failed';

export interface PartitionReport {
  json(): unknown;
  /** Lazily: there may be millions. */
  lines(style: Style): Iterable<string>;
}

export interface PartitionListing {
  /** The kinds to list; all of them where none is named. */
  readonly wanted: readonly PartitionKind[];
  /** Every key, in place of ranges. */
  readonly all: boolean;
}

/** Ranges of one kind that are shown; the others are counted. */
const SHOWN = 10;
const KINDS: readonly PartitionKind[] = ['materialized', 'missing', 'failed'];

/** The partitions of an asset by what was recorded of them: PARTITION_UNSUPPORTED where it has none. Counted as sets, and not one by one. */
export async function listPartitions(pipeline: Pipeline, key: string, { wanted, all }: PartitionListing): Promise<PartitionReport> {
  const asset = pipeline.session.graph.get(key);
  const run = await pipeline.startRecorded({ request: { keys: [key], partitions: { only: 'missing' } } });
  const { record } = run;
  const space = record.space(key);
  if (space === undefined) {
    throw new SpindleError('PARTITION_UNSUPPORTED', `The asset ${key} has no partitions.`, {
      asset: key,
      remedy: '`spindle list` shows which assets have partitions.',
    });
  }
  const sets: Readonly<Record<PartitionKind, PartitionSet>> = {
    materialized: record.made(key),
    // What `spindle backfill --missing` would make.
    missing: candidateSet(run, asset, run.request) ?? space.empty,
    failed: record.failed(key),
  };
  const kinds = wanted.length === 0 ? KINDS : wanted;
  return {
    json: () => ({ asset: key, ...Object.fromEntries(kinds.map((kind) => [kind, setJson(sets[kind], all)])) }),
    *lines(style) {
      const width = Math.max(...kinds.map((kind) => kind.length));
      for (const kind of kinds) {
        // One kind and every key: what a pipe wants.
        if (all && kinds.length === 1) yield* sets[kind].keys();
        else yield* setLines(sets[kind], style.bold(padTo(kind, width)), all);
      }
    },
  };
}

function setJson(set: PartitionSet, all: boolean): unknown {
  return { count: set.count(), ...(all ? { keys: [...set.keys()] } : { ranges: [...set.rangeKeys()] }) };
}

function* setLines(set: PartitionSet, title: string, all: boolean): Generator<string> {
  yield `${title}  ${formatCount(set.count())}`;
  if (all) {
    for (const key of set.keys()) yield `  ${key}`;
    return;
  }
  let shown = 0;
  for (const range of set.rangeKeys()) {
    if (shown === SHOWN) return void (yield '  … (--all lists every key)');
    shown += 1;
    yield `  ${range}`;
  }
}
