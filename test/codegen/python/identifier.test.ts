import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifiersOf } from '../../../src/codegen/python/identifier.ts';

const entries = (names: readonly string[], reserved: readonly string[] = []) => Object.fromEntries(identifiersOf(names, reserved));

describe('identifiersOf', () => {
  it('keeps names readable', () => {
    expect(entries(['bronze/listening-events', 'plays', '2026', 'größe', ''])).toEqual({
      'bronze/listening-events': 'bronze_listening_events',
      plays: 'plays',
      '2026': '_2026',
      größe: 'gr__e',
      '': '_',
    });
  });

  it('numbers names that would come out the same, and leaves identifiers as they are', () => {
    expect(entries(['a.b', 'a_b_2', 'a/b', 'a-b', 'a_b'])).toEqual({
      a_b: 'a_b',
      a_b_2: 'a_b_2',
      'a-b': 'a_b_3',
      'a.b': 'a_b_4',
      'a/b': 'a_b_5',
    });
  });

  it('avoids keywords, builtins and reserved names', () => {
    expect(entries(['class', 'match', 'list', 'None', 'dag', 'dag_', 'DAG'], ['dag', 'DAG'])).toEqual({
      class: 'class_',
      match: 'match_',
      list: 'list_',
      None: 'None_',
      dag_: 'dag_',
      dag: 'dag__2',
      DAG: 'DAG_',
    });
  });

  it('cuts long names and tells them apart by a digest', () => {
    const [one, other] = Object.values(entries([`${'x'.repeat(100)}a`, `${'x'.repeat(100)}b`]));
    expect(one).toMatch(/^x{71}_[0-9a-f]{8}$/);
    expect(other).not.toBe(one);
  });

  it('gives any names distinct identifiers that are not reserved, whatever their order', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a', 'a_2', 'a-2', 'a/2', 'class', 'class_', 'x'.repeat(90), 'x'.repeat(80)),
    );
    fc.assert(
      fc.property(fc.array(name), fc.array(name), (names, reserved) => {
        const found = identifiersOf(names, reserved);
        const identifiers = [...found.values()];
        expect([...found.keys()].toSorted()).toEqual([...new Set(names)].toSorted());
        expect(new Set(identifiers).size).toBe(identifiers.length);
        for (const identifier of identifiers) expect(identifier).toMatch(/^[A-Za-z_]\w{0,79}$/);
        expect(identifiers.filter((identifier) => reserved.includes(identifier))).toEqual([]);
        expect(identifiersOf(names.toReversed(), reserved)).toEqual(found);
      }),
      { numRuns: 2000 },
    );
  });
});
