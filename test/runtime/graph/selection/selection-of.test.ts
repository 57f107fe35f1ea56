import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../../../src/runtime/graph/graph.ts';
import { select } from '../../../../src/runtime/graph/selection/evaluate.ts';
import { selectionOf } from '../../../../src/runtime/graph/selection/selection-of.ts';
import { asset, value } from 'spindle';

const keys = ['bronze/plays', 'and', 'or', 'not', 'stale', 'missing', 'failed', 'overdue', 'android'];

describe('the selection of some keys', () => {
  const assets = keys.map((key) => asset(key, { store: value() }).run(async () => 1).definition);
  const graph = buildGraph({ assets, checks: [], jobs: [] });

  it('selects just these, also where a key is a word of the language', () => {
    for (const key of keys) expect(select(graph, selectionOf([key]))).toEqual([key]);
    expect(new Set(select(graph, selectionOf(keys)))).toEqual(new Set(keys));
  });

  it('quotes only what has to be', () => {
    expect(selectionOf(['bronze/plays', 'stale', 'android'])).toBe('bronze/plays or "stale" or android');
  });
});
