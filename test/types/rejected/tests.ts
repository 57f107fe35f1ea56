// What tests write: materialize, given, configure, output.
import { asset, configure, given, materialize, resource, table, type Asset, type TableHandle } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { z } from 'zod';
import {
  bronze,
  brokerClient,
  days,
  Hour,
  hours,
  lakeClient,
  perRegion,
  plays,
  reads,
  size,
  topSongs,
  total,
  tracks,
  users,
  visits,
  warehouseClient,
} from '../pipeline.ts';

declare const models: readonly Asset<`gold/${string}`, TableHandle<unknown>, {}>[];
const snow = resource<typeof warehouseClient>()('snow');
const run = await materialize([size, days, tracks, hours], ephemeral());
const list: Asset[] = [size];
const loose = await materialize(list, ephemeral());

// @ts-expect-error TS2322 "is missing the following properties from type '{ broker: Broker; lake: ObjectStore; }': broker, lake": a resource is missing
await materialize([tracks, plays], { resources: {} });
// @ts-expect-error TS2322 "Property 'broker' is missing": one of two resources is missing
await materialize([tracks, plays], { resources: { lake: lakeClient } });
// @ts-expect-error TS2322 "Property 'warehouse' is missing": a dynamic list does not switch the check off
await materialize([bronze, ...models], { resources: {} });
// @ts-expect-error TS2740 "Type 'Broker' is missing the following properties from type 'Warehouse'": a resource of the wrong type
await materialize([bronze], { resources: { warehouse: brokerClient } });
// @ts-expect-error TS2322 "Property 'api' is missing": an own resource is missing
await materialize([reads], { resources: {} });
// @ts-expect-error TS2322 "Property 'snow' is missing": another warehouse is meant
await materialize([asset('a', { store: table('a.a', Hour, { on: snow }) }).run(() => [])], { resources: { warehouse: warehouseClient } });
// @ts-expect-error TS2322 "Property 'lake' is missing": the resource of one of several outputs is missing
await materialize([total], { resources: {} });
// @ts-expect-error TS2322 "Property 'warehouse' is missing": the resource of a source is missing
await materialize([users], { resources: {} });
// @ts-expect-error TS2554 "Expected 2 arguments, but got 1": no options
await materialize([size]);
// @ts-expect-error TS2740 "Type 'Asset<"size", number, {}, undefined, never>' is missing the following properties from type 'readonly Asset<": one asset in place of a list
await materialize(size, { resources: {} });
// @ts-expect-error TS2739 "is missing the following properties from type 'Asset<string, unknown, unknown, unknown, unknown>': key, definition": an asset that is materialized without its function
await materialize([asset('a', { store: table('a.a', Hour) })], { resources: { warehouse: warehouseClient } });
// @ts-expect-error TS2353 "'sead' does not exist in type 'MaterializeOptions": a misspelled option of a run
await materialize([size], { resources: {}, sead: 1 });
// @ts-expect-error TS2322 "Type 'Date' is not assignable to type 'string'": a moment that is a Date
await materialize([size], { resources: {}, now: new Date() });
// @ts-expect-error TS2322 "Type 'string[]' is not assignable to type 'string'": a selection of a run that is a list
await materialize([size], { resources: {}, select: ['size'] });
// @ts-expect-error TS2353 "'size' does not exist in type 'Given": a fixture without given()
await materialize([size], { resources: {}, given: [{ size: 1 }] });
// @ts-expect-error TS2353 "'size' does not exist in type 'Configured": a config without configure()
await materialize([tracks], { ...ephemeral(), config: [{ size: 1 }] });
// @ts-expect-error TS2322 "Type 'number' is not assignable to type 'string'": a fixture row of the wrong type
given(plays, [{ eventId: 1, type: 'play', userId: 'u', msPlayed: 1, playedAt: '' }]);
// @ts-expect-error TS2322 "Type '"stop"' is not assignable to type '"play" | "skip"'": a fixture row with a misspelled literal
given(plays, [{ eventId: '', type: 'stop', userId: 'u', msPlayed: 1, playedAt: '' }]);
// @ts-expect-error TS2739 "_topic, _partition, _offset, _recorded_at": a fixture row that lacks columns
given(bronze, [{ eventId: '', type: 'play', userId: 'u', msPlayed: 1, playedAt: '' }]);
// @ts-expect-error TS2353 "'region' does not exist": a fixture row with a column too many
given(hours, [{ hour: '', plays: 1, region: 'eu' }]);
// @ts-expect-error TS2353 "'hour' does not exist in type 'readonly": one given row in place of rows
given(hours, { hour: '', plays: 1 });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Date'": given rows are those that dependents get: decoded
given(visits, [{ user: 'u', at: '2026-01-01T00:00:00Z' }]);
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number'": a given row of a dbt model
given(topSongs, [{ song: 'x', plays: 'many' }]);
// @ts-expect-error TS2345 "Argument of type 'string' is not assignable to parameter of type 'number'": a given value of the wrong type
given(size, '3');
// @ts-expect-error TS2345 "'string' is not assignable to parameter of type 'AssetOf<": a fixture by key
given('size', 3);
// @ts-expect-error TS2345 "Type 'Declared<": a fixture of an asset without its function
given(asset('a'), 3);
// @ts-expect-error TS2554 "Expected 2 arguments, but got 3": a partition of an asset that has none
given(size, 3, { partition: '2026-01-01' });
// @ts-expect-error TS2322 "Type 'Date' is not assignable to type 'string'": a partition that is no key
given(days, 3, { partition: new Date() });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number'": a config value of the wrong type
configure(tracks, { size: 'many' });
// @ts-expect-error TS2353 "'sise' does not exist": a misspelled config value
configure(tracks, { sise: 3 });
// @ts-expect-error TS2345 "Argument of type '{}' is not assignable to parameter of type 'never'": a config of an asset that has none
configure(size, {});
// @ts-expect-error TS2345 "Argument of type '{ size: number; }' is not assignable to parameter of type 'never'": a config of a source
configure(users, { size: 3 });
// @ts-expect-error TS2345 "Argument of type '{ size: number; }' is not assignable to parameter of type 'never'": a config of a dbt model
configure(topSongs, { size: 3 });
// @ts-expect-error TS2345 "Argument of type '{ size: number; }' is not assignable to parameter of type 'never'": a config of one of several outputs that have none
configure(total, { size: 3 });
configure(
  asset('a', { config: z.object({ since: z.string() }) }).run(() => 1),
  // @ts-expect-error TS2741 "Property 'since' is missing": a config value without a default
  {},
);
// @ts-expect-error TS2379 "Type '"stream/plays"' is not assignable to type '"catalogue/tracks" |": the output of an asset that is not part of the run
await run.output(plays);
// @ts-expect-error TS2345 "Argument of type 'string' is not assignable to parameter of type 'Asset<": an output by key
await run.output('size');
// @ts-expect-error TS2339 "Property 'length' does not exist": an output taken for another type
void (await run.output(size)).length;
// @ts-expect-error TS2554 "Expected 1 arguments, but got 2": a partition of an output that has none
await run.output(size, { partition: '2026-01-01' });
// @ts-expect-error TS2554 "Expected 2 arguments, but got 1": a value of which partition
await run.output(days);
// @ts-expect-error TS2339 "Property 'map' does not exist": rows of an output that are not read yet
void (await run.output(hours)).map((row: unknown) => row);
// @ts-expect-error TS2345 "Argument of type '"stream/plays"' is not assignable": a key that is not part of the run
run.ran.includes('stream/plays');
// @ts-expect-error TS2345 "Argument of type '"stream/plays"' is not assignable": a key that is not part of the run, among those that were skipped
run.skipped.includes('stream/plays');
// @ts-expect-error TS1360 "Type 'string' is not assignable to type '"size"'": the keys of an untyped list are any text
loose.ran[0] satisfies 'size' | undefined;
// @ts-expect-error TS2345 "Argument of type 'string' is not assignable to parameter of type 'Asset<": an asset by its key
run.explain('size');
// @ts-expect-error TS2322 "Type 'Date' is not assignable to type 'string'": a moment of the test resources that is a Date
ephemeral({ now: new Date() });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number'": a seed that is a text
ephemeral({ seed: '7' });
export const used = perRegion;
