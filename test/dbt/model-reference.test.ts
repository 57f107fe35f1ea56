import { describe, expect, it } from 'vitest';
import { guessedReference, referenceTo } from '../../src/dbt/model-reference.ts';
import { readManifest } from '../../src/dbt/read-manifest.ts';
import { manifestOf, nodeOf } from './manifest.ts';

describe('how dbt names a model', () => {
  it.each([
    ['of the project', 'model.shop.sales', ['shop', 'gold', 'sales'], "ref('sales')"],
    ['outside of folders', 'model.shop.loose', ['shop', 'loose'], "ref('loose')"],
    ['with a version', 'model.shop.top.v2', ['shop', 'gold', 'top', 'v2'], "ref('top', v=2)"],
    ['with a version that is text', 'model.shop.top.vbeta', ['shop', 'gold', 'top', 'vbeta'], "ref('top', v='beta')"],
    ['called like a version', 'model.shop.v2', ['shop', 'top', 'v2'], "ref('v2')"],
    ['of a package', 'model.util.days', ['util', 'gold', 'days'], "ref('util', 'days')"],
    ['of a package, called like a version', 'model.util.v2', ['util', 'v2'], "ref('util', 'v2')"],
    ['of a package, with a version', 'model.util.days.v1', ['util', 'days', 'v1'], "ref('util', 'days', v=1)"],
    ['that is a seed', 'seed.shop.countries', ['shop', 'countries'], "ref('countries')"],
  ])('%s, by its manifest', (_, uniqueId, fqn, ref) => {
    const node = nodeOf(uniqueId, fqn, { original_file_path: `models/${fqn.at(-1)}.sql` });
    const graph = readManifest(manifestOf({ nodes: { [uniqueId]: node }, unit_tests: {} }));
    expect(referenceTo(graph.nodes[0]!, graph.name)).toBe(ref);
  });

  it.each([
    ['gold/sales', "ref('sales')"],
    ['gold/top/v2', "ref('top', v=2)"],
    ['v2', "ref('v2')"],
    ['gold/views', "ref('views')"],
  ])('by the key %s alone', (key, ref) => {
    expect(guessedReference(key)).toBe(ref);
  });
});
