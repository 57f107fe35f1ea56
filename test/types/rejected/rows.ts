// What functions return, against the store of their asset.
import { asset, defineStore, landing, objects, table, topic, value } from 'spindle';
import { z } from 'zod';
import { bronze, dump, happenings, Happening, Hour, hours, Instant, landedPlays, Play, plays, size, Track, Visit } from '../pipeline.ts';

const hourTable = table('silver.hours', Hour);
const Kind = z.object({ kind: z.enum(['play', 'skip']) });

// @ts-expect-error TS2741 "Property 'plays' is missing": a row that lacks columns
asset('a', { store: hourTable }).run(() => [{ hour: '' }]);
// @ts-expect-error TS2741 "Property 'plays' is missing": a row that lacks a column, later
asset('a', { store: hourTable }).run(async () => [{ hour: '' }]);
// @ts-expect-error TS2322 "Property 'hour' is missing in type '{ our: string; plays: number; }'": a row that lacks a column, mapped
asset('a', { store: hourTable, deps: { size } }).run(({ size }) => [size].map((plays) => ({ our: '', plays })));
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number'": a column of the wrong type
asset('a', { store: hourTable }).run(() => [{ hour: '', plays: '1' }]);
// @ts-expect-error TS2345 "Types of property 'plays' are incompatible": a column of the wrong type, in a generator
asset('a', { store: hourTable }).run(function* () {
  yield { hour: '', plays: '1' };
});
// @ts-expect-error TS2345 "Types of property 'plays' are incompatible": a column of the wrong type, in an async generator
asset('a', { store: hourTable }).run(async function* () {
  yield { hour: '', plays: '1' };
});
// @ts-expect-error TS2322 "Type '"stop"' is not assignable to type '"play" | "skip"'": a literal that the enum does not have
asset('a', { store: table('silver.kinds', Kind) }).run(() => [{ kind: 'stop' }]);
// @ts-expect-error TS2322 "Type '"stop"' is not assignable to type '"play" | "skip"'": a literal that the enum does not have, mapped
asset('a', { store: table('silver.kinds', Kind), deps: { size } }).run(({ size }) => [size].map(() => ({ kind: 'stop' })));
// @ts-expect-error TS2322 "Type 'null' is not assignable to type 'string'": null in a column that is not nullable
asset('a', { store: hourTable }).run(() => [{ hour: null, plays: 1 }]);
// @ts-expect-error TS2322 "Type 'undefined' is not assignable to type 'string'": undefined in a column that is required
asset('a', { store: hourTable }).run(() => [{ hour: undefined, plays: 1 }]);
// @ts-expect-error TS2322 "Type 'Date' is not assignable to type 'string'": the decoded side of a codec: what lies at rest is text
asset('a', { store: table('silver.visits', Visit) }).run(() => [{ user: 'u', at: new Date() }]);
// @ts-expect-error TS2322 "Type 'bigint' is not assignable to type 'number'": a bigint in a column of safe integers
asset('a', { store: hourTable }).run(() => [{ hour: '', plays: 1n }]);
// @ts-expect-error TS2322 "Type '{ hour: string; plays: number; }' is not assignable to type 'Returned<TableRows<": one row in place of rows
asset('a', { store: hourTable }).run(() => ({ hour: '', plays: 1 }));
// @ts-expect-error TS2345 "Type 'void' is not assignable to type 'Returned<TableRows<": nothing in place of rows
asset('a', { store: hourTable }).run(() => {});
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Returned<TableRows<": a text, which is iterable too
asset('a', { store: hourTable }).run(() => 'rows');
// @ts-expect-error TS2322 "Type 'Map<string, { hour: string; plays: number; }>' is not assignable to type 'Returned<TableRows<": a map, whose items are pairs
asset('a', { store: hourTable }).run(() => new Map([['a', { hour: '', plays: 1 }]]));
// @ts-expect-error TS2322 "Type 'Promise<{ hour: string; plays: number; }>' is missing the following properties": a list of promises of rows
asset('a', { store: hourTable }).run(() => [1].map(async (plays) => ({ hour: '', plays })));
// @ts-expect-error TS2345 "Type '{ hour: string; plays: number; }[]' is missing the following properties": a generator of lists of rows
asset('a', { store: hourTable }).run(function* () {
  yield [{ hour: '', plays: 1 }];
});
// @ts-expect-error TS2322 "Type 'TableHandle<{ hour: string; plays: number; }>' is not assignable to type 'Returned<TableRows<": the handle of another table: its rows are meant
asset('a', { store: hourTable, deps: { hours } }).run(({ hours }) => hours);
// @ts-expect-error TS2322 "is missing the following properties from type '{ hour: string; plays: number; }': hour, plays": the rows of another table
asset('a', { store: hourTable, deps: { bronze } }).run(({ bronze }) => bronze.all());
// @ts-expect-error TS2322 "is missing the following properties from type '{ trackId: string; title: string; }': trackId, title": objects whose columns are not those of the table
asset('a', { store: table('silver.tracks', Track), deps: { dump } }).run(({ dump }) => dump);
// @ts-expect-error TS2322 "is missing the following properties from type '{ hour: string; plays: number; }': hour, plays": landed records whose columns are not those of the table
asset('a', { store: hourTable, deps: { landedPlays } }).run(({ landedPlays }) => landedPlays);
// @ts-expect-error TS2322 "Property 'prefix' is missing in type 'TopicHandle<": a topic does not load a table: it is landed first
asset('a', { store: table('bronze.plays', Play), deps: { plays } }).run(({ plays }) => plays);
// @ts-expect-error TS2322 ": topic, reader": a table cannot be landed
asset('a', { store: landing('plays', Play), deps: { bronze } }).run(({ bronze }) => bronze);
// @ts-expect-error TS2322 "Type '{ trackId: string; title: string; }[]' is not assignable to type 'Returned<TopicHandle<": rows cannot be landed
asset('a', { store: landing('tracks', Track) }).run(() => [{ trackId: '1', title: 'x' }]);
// @ts-expect-error TS2322 "is missing the following properties from type '{ trackId: string; title: string; }': trackId, title": the topic of another schema
asset('a', { store: landing('tracks', Track), deps: { plays } }).run(({ plays }) => plays);
// @ts-expect-error TS2353 "'user' does not exist in type '{ kind: "sale"; amount: number; }'": a variant without its own column
asset('a', { store: topic('happenings', Happening) }).run(() => [{ kind: 'sale', user: 'u' }]);
// @ts-expect-error TS2322 "Type '"logout"' is not assignable to type '"login" | "sale"'": a variant that the union does not have
asset('a', { store: topic('happenings', Happening) }).run(() => [{ kind: 'logout', user: 'u' }]);
// @ts-expect-error TS2322 "Type 'number' is not assignable to type 'string'": a column of the wrong type, in a topic
asset('a', { store: topic('tracks', Track) }).run(() => [{ trackId: 1, title: 'x' }]);
// @ts-expect-error TS2322 "Type 'number' is not assignable to type 'string'": a column of the wrong type, in objects
asset('a', { store: objects('tracks', Track) }).run(() => [{ trackId: 1, title: 'x' }]);
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Returned<number>'": a value of the wrong type
asset('a', { store: value(z.int()) }).run(() => 'x');
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number'": a value of the wrong type, later
asset('a', { store: value(z.int()) }).run(async () => 'x');
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number'": an item of the wrong type
asset('a', { store: value(z.array(z.int())) }).run(() => [1, 'x']);
// @ts-expect-error TS2322 "Property 'title' is missing": a value that lacks a field
asset('a', { store: value(Track) }).run(() => ({ trackId: '1' }));
// @ts-expect-error TS2345 "Type 'Generator<number, void, unknown>' is missing the following properties from type 'number[]'": a generator in place of a list: a value is kept as it is
asset('a', { store: value(z.array(z.int())) }).run(function* () {
  yield 1;
});
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Returned<Date>'": a value is returned decoded
asset('a', { store: value(Instant) }).run(() => '2026-01-01T00:00:00Z');
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Returned<number>'": a value of a type without a schema
asset('a', { store: value<number>() }).run(() => 'x');
// @ts-expect-error TS2353 "'trackId' does not exist in type 'ValueSchema": a value of what is no schema
value({ trackId: 'string' });
defineStore<number, number, {}>({
  kind: 'own',
  durable: true,
  resources: {},
  write: async () => ({ version: '' }),
  // @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number | Promise<number>'": an own store that reads another type
  read: () => 'x',
  version: async () => '',
});
defineStore<number, number, {}>({
  kind: 'own',
  durable: true,
  resources: {},
  // @ts-expect-error TS2322 "Property 'version' is missing": an own store that does not tell the version that it wrote
  write: async () => ({ rows: 1 }),
  read: () => 1,
  version: async () => '',
});
export const used = happenings;
