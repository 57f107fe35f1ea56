// Declaring assets, and what functions receive.
import {
  after,
  allOf,
  anyOf,
  asset,
  assets,
  defineStore,
  eager,
  every,
  files,
  given,
  landed,
  mapped,
  not,
  onCron,
  onMissing,
  onUpdate,
  resource,
  source,
  table,
  value,
  window,
  type Asset,
  type Duration,
  type Rows,
  type TableHandle,
} from 'spindle';
import { z } from 'zod';
import { exactly } from '../exactly.ts';
import {
  api,
  bronze,
  daily,
  days,
  dbt,
  hourly,
  hours,
  type name,
  Play,
  regions,
  size,
  topSongs,
  total,
  Track,
  tracks,
  users,
  Visit,
} from '../pipeline.ts';

type Tracks = { trackId: string; title: string }[];
declare const either: typeof size | typeof name;
const pause: Duration = '1.5h';
const countOf = <Row>(rows: Rows<Row>): Promise<number> => rows.count();

// case: every option
asset('a', {
  description: 'x',
  group: 'g',
  owners: ['me'],
  tags: { tier: 'gold' },
  formerly: ['old'],
  automation: anyOf(allOf(eager(), not(onCron('0 * * * *', { timezone: 'Europe/Berlin' }))), onUpdate(size, bronze), onMissing()),
  freshness: { within: '2h' },
  retry: { attempts: 3, backoff: 'fixed', delay: '500ms' },
  timeout: pause,
  pool: 'p',
  codeVersion: '1',
  backfill: 'range',
  partitions: daily,
}).run(() => 1);
// case: the key is a literal
exactly<'size'>()(size.key);
// case: what a function returns is what dependents receive
const point = asset('a').run(async () => ({ x: 1 }));
asset('b', { deps: { point } }).run(({ point }) => exactly<{ x: number }>()(point));
// case: a function that returns nothing
const effect = asset('a').run(async () => {});
asset('b', { deps: { effect } }).run(({ effect }) => exactly<void>()(effect));
// case: dependencies that are spread
const common = { size, tracks };
asset('a', { deps: { ...common, bronze } }).run(({ size, tracks }) => [exactly<number>()(size), exactly<Tracks>()(tracks)]);
// case: one of two dependencies
asset('a', { deps: { either } }).run(({ either }) => exactly<number | string>()(either));
// case: an asset made by a function
function doubled<K extends string>(key: K, dep: Asset<string, number>) {
  return asset(key, { deps: { dep } }).run(({ dep }) => dep * 2);
}
exactly<'twice'>()(doubled('twice', size).key);
// case: the same function over tables of any row
asset('a', { deps: { bronze, hours } }).run(({ bronze, hours }) => Promise.all([countOf(bronze), countOf(hours)]));
// case: landed columns beside the schema's own
asset('a', { deps: { bronze } }).run(async ({ bronze }) => {
  const [row] = await bronze.all();
  if (row === undefined) return;
  exactly<number>()(row._offset);
  exactly<'play' | 'skip'>()(row.type);
  exactly<string | undefined>()(row.note);
});
// case: the schema of landed records can be built on
exactly<z.ZodString>()(landed(Play).shape.userId);
// case: rows of a query
asset('a', { deps: { bronze } }).run(async ({ bronze }) => exactly<Tracks>()(await bronze.sql(Track, 'select $1', [1])));
// case: a config with its defaults
asset('a', { config: z.object({ n: z.int().default(1), s: z.string().optional() }) }).run((_, { config }) =>
  exactly<{ n: number; s?: string | undefined }>()(config),
);
// case: no config
asset('a').run((_, { config }) => exactly<{}>()(config));
// case: the rest of the context
asset('a').run(async (_, { signal, now, random, log, metadata, progress }) => {
  exactly<AbortSignal>()(signal);
  exactly<Date>()(now());
  exactly<number>()(random());
  log('x', { n: 1 });
  metadata({ n: 1 });
  progress(1, 2);
});
// case: an own resource
asset('a', { resources: { api } }).run(async (_, { resources }) => exactly<string>()(await resources.api.get('/')));
// case: a resource under another name
asset('a', { resources: { client: api } }).run((_, { resources }) => resources.client.get('/'));
// case: an own store
const file = <T>(path: string) =>
  defineStore<T, T, {}>({
    kind: 'file',
    durable: true,
    resources: {},
    location: path,
    write: async () => ({ version: '1' }),
    read: () => undefined as T,
    version: async () => '1',
  });
const kept = asset('a', { store: file<number>('x') }).run(() => 1);
asset('b', { deps: { kept } }).run(({ kept }) => exactly<number>()(kept));
// case: an own store with a resource
const cache = resource<{ set(key: string, text: string): Promise<void> }>()('cache');
const cached = defineStore<string, string, { cache: typeof cache }>({
  kind: 'cache',
  durable: true,
  resources: { cache },
  async write(text, { assetKey, resources }) {
    await resources.cache.set(assetKey, text);
    return { version: text };
  },
  read: async () => '',
  version: async () => undefined,
});
asset('a', { store: cached }).run(() => 'x');
// case: several assets of one function
const both = assets({
  outputs: { rows: { key: 'both/rows', store: table('both.rows', Track) }, count: { key: 'both/count', store: value(z.int()) } },
  deps: { tracks, size },
}).run(async ({ tracks, size }) => ({ rows: tracks, count: size }));
exactly<'both/rows'>()(both.rows.key);
asset('a', { deps: both }).run(({ rows, count }) => [exactly<TableHandle<Tracks[number]>>()(rows), exactly<number>()(count)]);
// case: several assets of one generator each, with a literal
assets({ outputs: { kinds: { key: 'kinds', store: table('a.kinds', z.object({ kind: z.enum(['a', 'b']) })) } } }).run(() => ({
  kinds: [{ kind: 'a' }],
}));
// case: several assets with partitions and a config
assets({
  outputs: { n: { key: 'n', store: value(z.string()) } },
  partitions: hourly,
  config: z.object({ prefix: z.string().default('') }),
}).run((_, { partition, config }) => ({ n: config.prefix + partition.key }));
// case: a source of rows
asset('a', { deps: { users } }).run(async ({ users }) => exactly<{ user: string }[]>()(await users.all()));
// case: a source with partitions
const logs = source('raw/logs', { store: table('raw.logs', Track, { partitionBy: 'title' }), partitions: hourly });
asset('a', { deps: { logs: window(logs, { from: -1, to: 0 }) }, partitions: hourly }).run(({ logs }) => logs.count());
// case: files from elsewhere into a table
const dropped = source('inbox/visits', { store: files('inbox/visits', Visit) });
asset('a', { store: table('bronze.visits', Visit, { write: 'append' }), deps: { dropped } }).run(({ dropped }) => dropped);
// case: files from elsewhere into a table that keeps what their schema does not know
const VisitAndMore = Visit.extend({ _extra: z.record(z.string(), z.unknown()).optional() });
asset('a', { store: table('bronze.visits', VisitAndMore), deps: { dropped } }).run(async ({ dropped }) => dropped);
// case: the rows of files from elsewhere, decoded
asset('a', { deps: { dropped } }).run(async ({ dropped }) => exactly<{ user: string; at: Date }[]>()(await dropped.all()));
// case: rows in place of files from elsewhere
given(dropped, [{ user: 'ana', at: '2026-01-01T00:00:00Z' }]);
// case: a source that comes after an asset
source('raw/logs', { store: table('raw.logs', Track), deps: { order: after(size) } });
// case: a dbt model
asset('a', { deps: { topSongs } }).run(async ({ topSongs }) => exactly<{ song: string; plays: number }[]>()(await topSongs.all()));
// case: a dbt model with a codec
const stamped = dbt.model(
  'gold/stamped',
  z.object({ at: z.codec(z.string(), z.date(), { decode: (text) => new Date(text), encode: String }) }),
);
asset('a', { deps: { stamped } }).run(async ({ stamped }) => exactly<{ at: Date }[]>()(await stamped.all()));
// case: a window of values
asset('a', { deps: { week: window(days, { from: -6, to: 0 }) }, partitions: daily }).run(({ week }) => exactly<readonly number[]>()(week));
// case: a window of rows is one handle
asset('a', { deps: { day: window(hours, { from: -23, to: 0 }) }, partitions: hourly }).run(({ day }) =>
  exactly<TableHandle<{ hour: string; plays: number }>>()(day),
);
// case: every value by its key
asset('a', { deps: { all: every(days) } }).run(({ all }) => exactly<ReadonlyMap<string, number>>()(all));
// case: every slice of a table is one handle of it
asset('a', { deps: { all: every(hours) } }).run(({ all }) => exactly<TableHandle<{ hour: string; plays: number }>>()(all));
// case: partitions by a mapping
asset('a', { deps: { two: mapped(days, { upstream: (key) => [key, '2026-01-01'] }) }, partitions: regions }).run(({ two }) =>
  exactly<ReadonlyMap<string, number>>()(two),
);
// case: a mapping with its inverse
mapped(days, {
  upstream: (key) => new Set([key]),
  downstream: function* (key) {
    yield key;
  },
});
// case: an order
asset('a', { deps: { first: after(total) } }).run(({ first }) => exactly<void>()(first));
