import { identifiersOf } from '../../python/identifier.ts';
import type { DagModel } from '../model.ts';
import { keysOfExpression } from '../schedule.ts';
import { entryOf } from './task.ts';

/** Every asset that the file names, in order. */
export function assetKeys({ tasks, schedule }: DagModel): readonly string[] {
  const awaited = 'assets' in schedule ? keysOfExpression(schedule.assets) : [];
  return [...new Set([...awaited, ...tasks.flatMap(({ inlets, outlets }) => [...inlets, ...outlets])])].toSorted();
}

export interface Variables {
  readonly assets: ReadonlyMap<string, string>;
  readonly tasks: ReadonlyMap<string, string>;
}

/** Names that a DAG file has for itself, beside those that it imports. */
const RESERVED = ['dag', 'json', 'os', 'pendulum', 'timedelta', 'report', 'SPINDLE', 'SPINDLE_ENVIRONMENT', 'DAG'];

/** Constants for assets, and names for tasks: all different in one file. */
export function variablesOf({ tasks }: DagModel, keys: readonly string[]): Variables {
  const ids = tasks.flatMap((task) => [task.id, ...(task.kind === 'cosmos' ? [entryOf(task)] : [])]);
  const ofTasks = identifiersOf(ids, RESERVED);
  const taken = [...RESERVED, ...ofTasks.values()];
  const upper = new Map(keys.map((key) => [key, constantCase(key)]));
  const ofAssets = identifiersOf([...new Set(upper.values())], taken);
  const counts = new Map<string, number>();
  const assets = new Map(
    keys.map((key) => {
      const constant = upper.get(key)!;
      const count = (counts.get(constant) ?? 0) + 1;
      counts.set(constant, count);
      const identifier = ofAssets.get(constant)!;
      return [key, count === 1 ? identifier : `${identifier}__${count}`];
    }),
  );
  return { assets, tasks: ofTasks };
}

const constantCase = (key: string): string => key.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
