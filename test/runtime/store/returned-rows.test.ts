import { asset, materialize, objects, table, topic } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';

const Row = z.object({ n: z.int() });
const stores = [table('silver.n', Row), objects('n', Row), topic('n', Row)];

it.each(stores)('a function that returned nothing, or no rows, is told so ($spec.kind)', async (store) => {
  const forgotten = asset('n', { store }).run((() => undefined) as never);
  await expect(materialize([forgotten], ephemeral()).then((run) => run.orThrow())).rejects.toMatchObject({
    code: 'ROWS_INVALID',
    message: 'n failed: n returned nothing, and its store takes rows.',
  });
  const single = asset('n', { store }).run((() => ({ n: 1 })) as never);
  await expect(materialize([single], ephemeral()).then((run) => run.orThrow())).rejects.toMatchObject({
    code: 'ROWS_INVALID',
    message: 'n failed: n returned something that is no list of rows, and its store takes rows.',
  });
});
