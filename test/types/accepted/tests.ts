// What tests write: materialize, given, configure, output.
import { asset, configure, given, materialize, resource, table, topic, value, type Asset, type Run, type RunEvent } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { z } from 'zod';
import { exactly } from '../exactly.ts';
import {
  bronze,
  days,
  Hour,
  hours,
  landedPlays,
  lakeClient,
  name,
  perRegion,
  plays,
  reads,
  size,
  topSongs,
  total,
  tracks,
  Visit,
  visits,
  warehouseClient,
} from '../pipeline.ts';

const snow = resource<typeof warehouseClient>()('snow');
const snowTable = asset('snow', { store: table('a.a', Hour, { on: snow }) }).run(() => []);
const loaded: (typeof warehouseClient)[] = [warehouseClient];

// case: nothing is needed
exactly<readonly 'size'[]>()((await materialize([size], { resources: {} })).ran);
// case: memory resources for whatever is needed
const run = await materialize([tracks, hours, size, days, perRegion], { ...ephemeral({ seed: 3 }), partition: '2026-01-01T00:00Z' });
// case: options beside the memory resources
await materialize([tracks], { ...ephemeral(), now: '2026-01-01T00:00Z', seed: 7, concurrency: 1, select: '*' });
// case: just what is needed
await materialize([bronze, tracks], { resources: { warehouse: warehouseClient, lake: lakeClient } });
// case: also the resource of an upstream that is read
await materialize([bronze], { resources: { warehouse: warehouseClient, lake: lakeClient } });
// case: an own resource, given
await materialize([reads], { resources: { api: { get: async () => '' } } });
// case: two warehouses
await materialize([snowTable, bronze], { resources: { snow: warehouseClient, warehouse: warehouseClient } });
// case: the value of an output
exactly<{ trackId: string; title: string }[]>()(await run.output(tracks));
// case: the rows of an output
exactly<{ hour: string; plays: number }[]>()(await (await run.output(hours)).all());
// case: the rows of one partition
exactly<number>()(await (await run.output(hours, { partition: '2026-01-01T00:00Z' })).count());
// case: the value of one partition
exactly<number>()(await run.output(days, { partition: '2026-01-01' }));
// case: the value of one key
for (const region of ['eu', 'us']) exactly<'eu' | 'us'>()(await run.output(perRegion, { partition: region }));
// case: a run of a declared type
const typed: Run<readonly [typeof size]> = await materialize([size], { resources: {} });
exactly<number>()(await typed.output(size));
// case: a list of constants
const list = [size, tracks] as const;
exactly<readonly ('size' | 'catalogue/tracks')[]>()((await materialize(list, ephemeral())).skipped);
// case: a list that grows
const growing = [size, tracks];
growing.push(size);
await materialize(growing, ephemeral());
// case: an untyped list
const untyped: Asset[] = [size, tracks];
exactly<readonly string[]>()((await materialize(untyped, { resources: { lake: lakeClient } })).ran);
// case: assets made in a loop
const made = (['eu', 'us'] as const).map((region) => asset(`made/${region}`).run(() => region));
exactly<('made/eu' | 'made/us')[]>()((await materialize([size, ...made], { resources: {} })).ran.filter((key) => key !== 'size'));
// case: events by their type
const failed = (event: RunEvent): string | undefined => (event.type === 'step.failed' ? event.error.message : undefined);
await materialize([size], { resources: {}, listen: (event) => void failed(event) });
// case: given rows of a topic, as they lie there
given(plays, [{ eventId: '', type: 'skip', userId: 'u', msPlayed: 1, playedAt: '' }]);
// case: given records as they were landed
given(landedPlays, [
  { eventId: '', type: 'skip', userId: 'u', msPlayed: 1, playedAt: '', _topic: 't', _partition: 0, _offset: 0, _recorded_at: '' },
]);
// case: given rows of a table, decoded
given(visits, [{ user: 'u', at: new Date() }]);
// case: given rows of a topic with a codec, as they lie there
given(
  asset('a', { store: topic('visits', Visit) }).run(() => []),
  [{ user: 'u', at: '2026-01-01T00:00:00Z' }],
);
// case: given rows of a dbt model
given(topSongs, [{ song: 'x', plays: 1 }]);
// case: a given value
given(size, 4);
// case: a given value with a codec, decoded
given(
  asset('a', { store: value(z.object({ visits: z.array(Visit) })) }).run(() => ({ visits: [] })),
  { visits: [{ user: 'u', at: new Date() }] },
);
// case: no given rows
given(bronze, []);
// case: given rows of a partition
given(hours, [{ hour: '', plays: 1 }], { partition: '2026-01-01T00:00Z' });
// case: a given value of a key
given(perRegion, 'eu', { partition: 'eu' });
// case: fixtures made by a function
const fixtures = (n: number) => [given(size, n), given(name, 'x'), given(total, n)];
await materialize([tracks], { ...ephemeral(), given: fixtures(3), config: [configure(tracks, { size: 3 }), configure(tracks, {})] });
export const used = loaded;
