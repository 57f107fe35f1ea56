import { randomUUID } from 'node:crypto';
import { didYouMean } from '../../runtime/closest.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { isKeyText } from '../../runtime/partitions/key.ts';
import { dimensionsOf } from '../../runtime/partitions/pairing.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';
import { requireRunStore } from '../require-run-store.ts';
import type { Pipeline } from '../pipeline.ts';

export interface KeyChange {
  readonly action: 'add' | 'remove';
  /** Of the dynamic partitions. */
  readonly name: string;
  readonly keys: readonly string[];
}

export interface ChangedKeys {
  readonly json: unknown;
  readonly text: string;
}

/** Registers keys of dynamic partitions, or takes them out. PARTITION_UNKNOWN for a name that no asset uses, a text that is no key, or a key to remove that is not registered. */
export async function changeKeys(pipeline: Pipeline, { action, name, keys }: KeyChange): Promise<ChangedKeys> {
  requireName(pipeline.session.graph, name);
  const store = await requireRunStore(pipeline);
  const before = await registered(store, name);
  const known = new Set(before);
  const asked = [...new Set(keys)];
  if (action === 'add') for (const key of asked) requireKey(key);
  else for (const key of asked) if (!known.has(key)) throw unregistered(name, key, before);
  const changed = asked.filter((key) => known.has(key) === (action === 'remove'));
  if (changed.length > 0) {
    const type = action === 'add' ? 'partitions.added' : 'partitions.removed';
    await store.append([{ type, run: randomUUID(), at: new Date().toISOString(), name, keys: changed }]);
  }
  const after = await registered(store, name);
  const verb = action === 'add' ? 'Added' : 'Removed';
  const there = asked.length - changed.length;
  return {
    json: { name, changed, keys: after },
    text: `${verb} ${changed.length} of ${name}${there > 0 ? `; ${there} ${there === 1 ? 'was' : 'were'} there already` : ''}. It has ${after.length} keys now.`,
  };
}

const registered = async (store: RunStore, name: string): Promise<readonly string[]> => {
  const { dynamicKeys } = await store.state([]);
  return Object.hasOwn(dynamicKeys, name) ? (dynamicKeys[name] ?? []) : [];
};

function requireName(graph: Graph, name: string): void {
  const names = new Set(
    graph.assets.flatMap(({ partitions }) =>
      partitions === undefined
        ? []
        : Object.values(dimensionsOf(partitions)).flatMap((dimension) => (dimension.kind === 'dynamic' ? [dimension.name] : [])),
    ),
  );
  if (names.has(name)) return;
  throw new SpindleError('PARTITION_UNKNOWN', `No asset has dynamic partitions called "${name}".${didYouMean(name, names)}`, {
    field: 'name',
    remedy:
      names.size === 0
        ? 'No asset of the project has dynamic partitions: declare them with partitions.dynamic(name).'
        : `The dynamic partitions of the project are ${[...names].toSorted().join(', ')}.`,
  });
}

function requireKey(key: string): void {
  if (isKeyText(key)) return;
  throw new SpindleError('PARTITION_UNKNOWN', `${JSON.stringify(key)} cannot be the key of a partition.`, {
    partition: key,
    remedy: 'A key is not empty, has no space at its ends, and holds no "|", "=" or control character.',
  });
}

function unregistered(name: string, key: string, keys: readonly string[]): SpindleError {
  return new SpindleError('PARTITION_UNKNOWN', `"${key}" is no key of ${name}.${didYouMean(key, keys)}`, {
    partition: key,
    remedy: keys.length === 0 ? `${name} has no keys.` : 'Name keys that are registered.',
  });
}
