// Dependencies, and what a function receives of them.
import { after, asset, assets, check, every, mapped, partitions, source, table, window, type Asset } from 'spindle';
import { z } from 'zod';
import {
  bronze,
  days,
  dump,
  happenings,
  hourly,
  hours,
  type name,
  perRegion,
  plays,
  size,
  topSongs,
  Track,
  tracks,
  users,
  visits,
} from '../pipeline.ts';

declare const perhaps: typeof size | undefined;
declare const either: typeof size | typeof name;
declare const untyped: Asset;

// @ts-expect-error TS2339 "Property 'bronzee' does not exist": a misspelled input
asset('a', { deps: { bronze } }).run(({ bronzee }) => bronzee);
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Asset<": a dependency by its key
asset('a', { deps: { size: 'size' } });
// @ts-expect-error TS2322 "Index signature for type 'string' is missing": a list of dependencies
asset('a', { deps: [size] });
// @ts-expect-error TS2322 "Type 'Declared<": a dependency without its function
asset('a', { deps: { raw: asset('raw') } });
// @ts-expect-error TS2322 "Type 'undefined' is not assignable to type 'Asset<": a dependency that may be missing
asset('a', { deps: { perhaps } });
// @ts-expect-error TS2322 "Type 'Promise<Asset<": a dependency that is a promise
asset('a', { deps: { size: Promise.resolve(size) } });
// @ts-expect-error TS2322 "Property 'key' is missing in type 'Check'": a check is no dependency
asset('a', { deps: { sane: check(size, 'sane').run(() => ({ passed: true })) } });
// @ts-expect-error TS2322 "Type '{ readonly n: Asset<": all outputs of a function at once
asset('a', { deps: { all: assets({ outputs: { n: { key: 'n', store: table('a.n', Track) } } }).run(() => ({ n: [] })) } });
// @ts-expect-error TS2769 "Property 'dependency' is missing in type 'Asset<": a source takes no values
source('raw/x', { store: table('raw.x', Track), deps: { size } });
// @ts-expect-error TS2339 "Property 'length' does not exist": a value taken for another type
asset('a', { deps: { size } }).run(({ size }) => size.length);
// @ts-expect-error TS2339 "Property 'length' does not exist": either of two values taken for one of them
asset('a', { deps: { either } }).run(({ either }) => either.length);
// @ts-expect-error TS18046 "'untyped' is of type 'unknown'": an untyped asset gives an unknown value
asset('a', { deps: { untyped } }).run(({ untyped }) => untyped.length);
// @ts-expect-error TS2339 "Property 'trackId' does not exist": inputs are fixed
asset('a', { deps: { tracks } }).run(({ tracks }) => (tracks.trackId = 'x'));
// @ts-expect-error TS2551 "Property 'msplayed' does not exist": a column that does not exist
asset('a', { deps: { bronze } }).run(async ({ bronze }) => (await bronze.all()).map((row) => row.msplayed));
// @ts-expect-error TS2339 "Property 'length' does not exist": a landed column taken for another type
asset('a', { deps: { bronze } }).run(async ({ bronze }) => (await bronze.all()).map((row) => row._offset.length));
// @ts-expect-error TS2339 "Property 'length' does not exist": the rows of a handle before they are read
asset('a', { deps: { bronze } }).run(({ bronze }) => bronze.all().length);
// @ts-expect-error TS2339 "Property 'map' does not exist": a handle is no list
asset('a', { deps: { bronze } }).run(({ bronze }) => bronze.map((row: unknown) => row));
// @ts-expect-error TS2488 "must have a '[Symbol.iterator]()' method": a handle is not iterable
asset('a', { deps: { bronze } }).run(({ bronze }) => [...bronze]);
// @ts-expect-error TS2488 "must have a '[Symbol.iterator]()' method": rows are read asynchronously
asset('a', { deps: { bronze } }).run(({ bronze }) => [...bronze.rows()]);
// @ts-expect-error TS2532 "Object is possibly 'undefined'": a first row that may be missing
asset('a', { deps: { bronze } }).run(async ({ bronze }) => (await bronze.all())[0].msPlayed);
// @ts-expect-error TS2339 "Property 'length' does not exist": a decoded column is no longer text
asset('a', { deps: { visits } }).run(async ({ visits }) => (await visits.all()).map((row) => row.at.length));
// @ts-expect-error TS2339 "Property 'amount' does not exist": a column of one variant, for all of them
asset('a', { deps: { happenings } }).run(async ({ happenings }) => (await happenings.all()).map((row) => row.amount));
// @ts-expect-error TS2339 "Property 'sql' does not exist": SQL over a topic
asset('a', { deps: { plays } }).run(({ plays }) => plays.sql(Track, 'select 1'));
// @ts-expect-error TS2339 "Property 'sql' does not exist": SQL over objects
asset('a', { deps: { dump } }).run(({ dump }) => dump.sql(Track, 'select 1'));
// @ts-expect-error TS2554 "Expected 2-3 arguments, but got 1": SQL without a schema of its rows
asset('a', { deps: { bronze } }).run(({ bronze }) => bronze.sql('select 1'));
// @ts-expect-error TS2339 "Property 'hour' does not exist": a column that the query does not have
asset('a', { deps: { bronze } }).run(async ({ bronze }) => (await bronze.sql(Track, 'select 1')).map((row) => row.hour));
// @ts-expect-error TS2339 "Property 'artist' does not exist": a column that the model's reference does not have
asset('a', { deps: { topSongs } }).run(async ({ topSongs }) => (await topSongs.all()).map((row) => row.artist));
// @ts-expect-error TS2339 "Property 'email' does not exist": a column that the source does not have
asset('a', { deps: { users } }).run(async ({ users }) => (await users.all()).map((row) => row.email));
// @ts-expect-error TS2339 "Property 'rows' does not exist": an order carries no value
asset('a', { deps: { order: after(bronze) } }).run(({ order }) => order.rows());
// @ts-expect-error TS2345 "'string' is not assignable to parameter of type 'Asset<": an order by key
after('bronze/plays');
// @ts-expect-error TS2379 "Type 'undefined' is not assignable to type 'TimePartitions'": a window over an asset without partitions
window(size, { from: -1, to: 0 });
// @ts-expect-error TS2379 "Type 'string' is not assignable to type 'object'": a window over keys that have no neighbors
window(perRegion, { from: -1, to: 0 });
window(
  // @ts-expect-error TS2379 "Type 'string' is not assignable to type 'object'": a window over dynamic keys
  asset('a', { partitions: partitions.dynamic('tenants') }).run(() => 1),
  { from: -1, to: 0 },
);
// @ts-expect-error TS2741 "Property 'to' is missing": a window without an end
window(days, { from: -6 });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number'": a window of texts
window(days, { from: '-6', to: 0 });
// @ts-expect-error TS2353 "'step' does not exist": a window with a step
window(days, { from: -6, to: 0, step: 2 });
// @ts-expect-error TS2345 "Type 'Dep<readonly number[]>' is missing the following properties from type 'Asset<": a window over a window
window(window(days, { from: -6, to: 0 }), { from: -6, to: 0 });
// @ts-expect-error TS2379 "Type 'undefined' is not assignable to type 'AnyPartitions'": every partition of an asset without any
every(size);
// @ts-expect-error TS2379 "Type 'undefined' is not assignable to type 'AnyPartitions'": every partition of a source without any
every(source('raw/x', { store: table('raw.x', Track) }));
// @ts-expect-error TS2345 "Type 'unknown' is not assignable to type 'AnyPartitions'": every partition of who knows what
every(untyped);
// @ts-expect-error TS2379 "Type 'undefined' is not assignable to type 'AnyPartitions'": every partition of a dbt model
every(topSongs);
// @ts-expect-error TS2339 "Property 'get' does not exist": a window of values is a list
asset('a', { deps: { week: window(days, { from: -6, to: 0 }) }, partitions: hourly }).run(({ week }) => week.get('2026-01-01'));
// @ts-expect-error TS2339 "Property 'push' does not exist": a window of values cannot be changed
asset('a', { deps: { week: window(days, { from: -6, to: 0 }) }, partitions: hourly }).run(({ week }) => week.push(1));
// @ts-expect-error TS7053 "Property '0' does not exist": every value by its key
asset('a', { deps: { all: every(days) } }).run(({ all }) => all[0]);
// @ts-expect-error TS2532 "Object is possibly 'undefined'": a value by its key may be missing
asset('a', { deps: { all: every(days) } }).run(({ all }) => all.get('2026-01-01').toFixed());
// @ts-expect-error TS2339 "Property 'get' does not exist": every slice of a table is one handle
asset('a', { deps: { all: every(hours) } }).run(({ all }) => all.get('2026-01-01T00:00Z'));
// @ts-expect-error TS2741 "Property 'upstream' is missing": a mapping without its function
mapped(days, {});
// @ts-expect-error TS2322 "Type 'number' is not assignable to type 'Iterable<string>'": a mapping to one key in place of keys
mapped(days, { upstream: () => 3 });
// @ts-expect-error TS2379 "Type 'undefined' is not assignable to type 'AnyPartitions'": a mapping over an asset without partitions
mapped(size, { upstream: (key) => [key] });
export const used = z;
