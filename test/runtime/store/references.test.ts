import { asset, references, source, table, value } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AssetDefinition } from '../../../src/runtime/declare/definition.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { thrownBy } from '../../thrown-by.ts';

const User = z.object({ user_id: z.string(), age: z.int(), at: z.iso.datetime() });
const users = source('bronze/users', { store: table('bronze.users', User) });

const issuesOf = (...assets: readonly { readonly definition: AssetDefinition }[]) =>
  thrownBy(() => buildGraph({ assets: assets.map(({ definition }) => definition), checks: [], jobs: [] }));

describe('references of a table', () => {
  it('name the column of another table, or of a model of dbt', () => {
    const dbt = dbtProject({ name: 'shop', dir: 'dbt', sources: [] });
    const model = dbt.model('gold/ages', z.object({ age: z.int() }));
    const plays = source('bronze/plays', {
      store: table('bronze.plays', User, {
        references: { user_id: references(users, 'user_id'), age: references(model, 'age') },
        loadedAt: 'at',
      }),
    });
    const graph = buildGraph({ assets: [plays.definition], checks: [], jobs: [] });
    expect(graph.keys).toEqual(['bronze/plays']);
    expect(plays.definition.store?.spec.table?.references).toEqual({
      user_id: { asset: users.definition, column: 'user_id' },
      age: { asset: model.definition, column: 'age' },
    });
  });

  it('are refused where the graph is built, all of those that cannot be resolved', () => {
    const note = asset('note', { store: value(z.string()) }).run(() => 'a');
    const plays = source('bronze/plays', {
      store: table('bronze.plays', User, {
        references: {
          user_id: references(users, 'age'),
          // what only a compiler that is not asked lets through
          age: references(users, 'name' as 'age'),
          at: references(note as never, 'x' as never),
          ...({ other: references(users, 'age') } as object),
        },
        loadedAt: 'age',
      }),
    });
    expect(issuesOf(plays)).toMatchObject({
      code: 'GRAPH_INVALID',
      issues: [
        'STORE: bronze/plays: its column "age" is integer, and loadedAt is an instant: name one of z.iso.datetime()',
        'STORE: bronze/plays: its column "user_id" is string, and references bronze/users.age, which is integer: give both the same type',
        'STORE: bronze/plays: its column "age" references bronze/users.name, and bronze/users has no such column',
        'STORE: bronze/plays: its column "at" references note, which is no table: name an asset with a table store',
        'STORE: bronze/plays: it declares a reference of the column "other", which its schema does not have',
      ],
    });
  });
});
