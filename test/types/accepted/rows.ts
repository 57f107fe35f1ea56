// What functions may return for the store of their asset.
import { asset, objects, table, topic, value, type ObjectsHandle, type RowsIn, type TableHandle } from 'spindle';
import { z } from 'zod';
import { exactly } from '../exactly.ts';
import { bronze, dump, Happening, Hour, hours, Instant, landedPlays, Play, size, Track, Visit } from '../pipeline.ts';

const hourTable = table('silver.hours', Hour);
const kindTable = table('silver.kinds', z.object({ kind: z.enum(['play', 'skip']), n: z.int() }));
const fixedRows: readonly { readonly hour: string; readonly plays: number }[] = [];
const lazyRows = (): RowsIn<{ hour: string; plays: number }> => [];
declare const handle: ObjectsHandle<unknown, { hour: string; plays: number }>;

// case: a list of rows
asset('a', { store: hourTable }).run(() => [{ hour: '', plays: 1 }]);
// case: no rows
asset('a', { store: hourTable }).run(() => []);
// case: no rows, later
asset('a', { store: hourTable }).run(async () => []);
// case: readonly rows
asset('a', { store: hourTable }).run(() => fixedRows);
// case: a set of rows
asset('a', { store: hourTable }).run(async () => new Set([{ hour: '', plays: 1 }]));
// case: the values of a map
asset('a', { store: hourTable }).run(() => new Map([['a', { hour: '', plays: 1 }]]).values());
// case: a generator
asset('a', { store: hourTable }).run(function* () {
  yield { hour: '', plays: 1 };
});
// case: an async generator
asset('a', { store: hourTable, deps: { hours } }).run(async function* ({ hours }) {
  yield* hours.rows();
  yield { hour: '', plays: 1 };
});
// case: a generator with a literal of an enum
asset('a', { store: kindTable }).run(function* () {
  for (let n = 0; n < 3; n++) yield { kind: n > 1 ? 'play' : 'skip', n };
});
// case: an async generator with a literal of an enum
asset('a', { store: kindTable }).run(async function* () {
  yield { kind: 'play', n: 1 };
});
// case: mapped rows with a literal of an enum
asset('a', { store: kindTable }).run(() => [1, 2].map((n) => ({ kind: 'play', n })));
// case: made rows with a literal of an enum
asset('a', { store: kindTable }).run(() => Array.from({ length: 3 }, (_, n) => ({ kind: 'skip', n })));
// case: rows flattened, later, with a literal of an enum
asset('a', { store: kindTable, deps: { hours } }).run(async ({ hours }) =>
  (await hours.all()).flatMap(({ plays }) => (plays > 0 ? [{ kind: 'play', n: plays }] : [])),
);
// case: rows of either branch
asset('a', { store: kindTable, deps: { size } }).run(async ({ size }) => {
  if (size > 1) return [{ kind: 'skip', n: 1 }];
  return [{ kind: 'play', n: 1 }];
});
// case: the rows of another asset
asset('a', { store: hourTable, deps: { hours } }).run(({ hours }) => hours.rows());
// case: all rows of another asset
asset('a', { store: hourTable, deps: { hours } }).run(({ hours }) => hours.all());
// case: rows of another asset with one column more
asset('a', { store: table('silver.x', Hour.extend({ region: z.string() })), deps: { hours } }).run(async ({ hours }) =>
  (await hours.all()).map((row) => ({ ...row, region: 'eu' })),
);
// case: rows of a declared type
asset('a', { store: hourTable }).run(lazyRows);
// case: a function that throws
asset('a', { store: hourTable }).run(() => {
  throw new Error('not today');
});
// case: objects loaded in bulk
asset('a', { store: hourTable, deps: { dump } }).run(async ({ dump }) => dump);
// case: objects or rows
asset('a', { store: hourTable, deps: { dump, size } }).run(({ dump, size }) => (size > 1 ? dump : []));
// case: an objects handle of a declared type
asset('a', { store: hourTable }).run(() => handle);
// case: landed records in a table of their columns
asset('a', { store: table('silver.p', Play), deps: { landedPlays } }).run(({ landedPlays }) => landedPlays);
// case: a column with a default is left out and read
const filled = asset('a', { store: table('silver.f', z.object({ region: z.string().default('eu'), n: z.int() })) }).run(() => [{ n: 1 }]);
asset('b', { deps: { filled } }).run(async ({ filled }) => exactly<{ region: string; n: number }[]>()(await filled.all()));
// case: an optional column is given and left out
asset('a', { store: topic('notes', z.object({ note: z.string().optional() })) }).run(() => [{ note: 'x' }, {}]);
// case: null in a nullable column
asset('a', { store: table('silver.n', z.object({ note: z.string().nullable() })) }).run(() => [{ note: null }]);
// case: a codec is written as text and read as a Date
const visits = asset('a', { store: table('silver.visits', Visit) }).run(() => [{ user: 'u', at: '2026-01-01T00:00:00Z' }]);
asset('b', { deps: { visits } }).run(async ({ visits }) => exactly<{ user: string; at: Date }[]>()(await visits.all()));
// case: a topic of a codec
asset('a', { store: topic('visits', Visit) }).run(() => [{ user: 'u', at: '2026-01-01T00:00:00Z' }]);
// case: a branded column is read with its brand
const branded = asset('a', { store: table('silver.b', z.object({ id: z.string().brand<'Id'>() })) }).run(() => [{ id: 'x' }]);
asset('b', { deps: { branded } }).run(async ({ branded }) => (await branded.all()).map(({ id }) => id satisfies string & z.$brand<'Id'>));
// case: picked and extended columns
asset('a', { store: table('silver.p', Play.pick({ eventId: true }).extend({ n: z.int() })) }).run(() => [{ eventId: '', n: 1 }]);
// case: a strict object
asset('a', { store: table('silver.s', z.strictObject({ n: z.int() })) }).run(() => [{ n: 1 }]);
// case: the variants of a union
const events = asset('a', { store: topic('happenings', Happening, { key: (row) => row.kind }) }).run(function* () {
  yield { kind: 'login', user: 'u' };
  yield { kind: 'sale', amount: 1 };
});
asset('b', { deps: { events } }).run(async ({ events }) => {
  for await (const event of events.rows()) if (event.kind === 'sale') exactly<number>()(event.amount);
});
// case: a generator that can go on
asset('a', { store: topic('tracks', Track) }).run(() => ({
  generator: 'tracks',
  start: (resume) => ({ state: '', records: [{ sequence: (resume?.sequence ?? -1) + 1, value: { trackId: '1', title: 'x' } }] }),
}));
// case: rows in objects
asset('a', { store: objects('tracks', Track) }).run(async function* () {
  yield { trackId: '1', title: 'x' };
});
// case: a value
asset('a', { store: value(z.array(Track)) }).run(() => [{ trackId: '1', title: 'x' }]);
// case: a value with a literal
asset('a', { store: value(z.object({ kind: z.enum(['a', 'b']) })) }).run(async () => ({ kind: 'a' }));
// case: a tuple
asset('a', { store: value(z.tuple([z.string(), z.int()])) }).run(() => ['a', 1]);
// case: a value of a codec is a Date on both sides
const moment = asset('a', { store: value(Instant) }).run((_, { now }) => now());
asset('b', { deps: { moment } }).run(({ moment }) => exactly<Date>()(moment));
// case: a value of a type without a schema
asset('a', { store: value<Map<string, number>>() }).run(() => new Map());
// case: a value of what was inferred
const either = value(z.union([z.string(), z.int()]));
asset('a', { store: either }).run(() => 'x');
// case: a function declared elsewhere
async function* mean({ bronze }: { bronze: TableHandle<{ msPlayed: number }> }, { signal }: { signal: AbortSignal }) {
  for await (const { msPlayed } of bronze.rows()) {
    signal.throwIfAborted();
    yield { hour: '', plays: msPlayed };
  }
}
asset('a', { store: hourTable, deps: { bronze } }).run(mean);
