import { compare } from '../../../runtime/graph/model.ts';
import { identifiersOf } from '../../python/identifier.ts';
import { idsOf, type DagModel } from '../model.ts';
import { keysOfExpression } from '../schedule.ts';

/** Every asset that the file names, in order. */
export function assetKeys({ tasks, schedule }: DagModel): readonly string[] {
  const awaited = 'assets' in schedule ? keysOfExpression(schedule.assets) : [];
  return [...new Set([...awaited, ...tasks.flatMap(({ inlets, outlets }) => [...inlets, ...outlets])])].toSorted(compare);
}

export interface Variables {
  readonly assets: ReadonlyMap<string, string>;
  readonly tasks: ReadonlyMap<string, string>;
}

/** Names that a DAG file has for itself or imports, as far as they are all lower case or all upper case, and letters that look like digits. */
const RESERVED = ['dag', 'json', 'os', 'partial', 'pendulum', 'timedelta', 'report', 'SPINDLE', 'TASK_ENVIRONMENT', 'DAG', 'l', 'O', 'I'];

/** Constants for assets, in upper case, and names for tasks, in lower case: all different in one file, and none the name of a class. */
export function variablesOf({ tasks, onFailure }: DagModel, keys: readonly string[], taken: readonly string[] = []): Variables {
  const reserved = [...RESERVED, ...taken, ...(onFailure?.split('.').slice(-1) ?? [])];
  const ofTasks = namesOf(tasks.flatMap(idsOf), (id) => id.toLowerCase(), reserved);
  const constantCase = (key: string): string => key.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
  return { tasks: ofTasks, assets: namesOf(keys, constantCase, [...reserved, ...ofTasks.values()]) };
}

/** An identifier for each, in the case that `cased` gives it; of those that it makes the same, the later ones are numbered. */
function namesOf(names: readonly string[], cased: (name: string) => string, reserved: readonly string[]): ReadonlyMap<string, string> {
  const identifiers = identifiersOf(names.map(cased), reserved);
  const taken = new Set([...reserved, ...identifiers.values()]);
  const used = new Set<string>();
  return new Map(
    names.toSorted(compare).map((name) => {
      const wanted = identifiers.get(cased(name))!;
      let free = wanted;
      for (let number = 2; used.has(wanted) && taken.has(free); number++) free = `${wanted}__${number}`;
      taken.add(free);
      used.add(wanted);
      return [name, free];
    }),
  );
}
