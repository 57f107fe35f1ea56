import type { ObjectsHandle } from './objects-handle.ts';

/** Rows that a test gave in place of objects. */
export function givenObjects<T, Wire>(prefix: string, given: readonly T[], version: string): ObjectsHandle<T, Wire> {
  async function* rows(): AsyncIterable<T> {
    yield* given;
  }
  return { kind: 'objects', prefix, reader: undefined, version, rows, all: async () => [...given], count: async () => given.length };
}
