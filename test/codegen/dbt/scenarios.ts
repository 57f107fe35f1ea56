import {
  after,
  asset,
  defineProject,
  landed,
  landing,
  partitions,
  references,
  source,
  table,
  value,
  type Asset,
  type Project,
} from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { z } from 'zod';
import type { DbtProject } from '../../../src/runtime/declare/project.ts';

export interface Scenario {
  readonly project: Project;
  /** Folders other than `models` and `macros`, by the folder of the dbt project. */
  readonly folders?: Readonly<Record<string, { readonly models: string; readonly macros: string }>>;
}

const projectOf = (assets: readonly Asset[], dbt: readonly DbtProject[], name = 'shop'): Project =>
  defineProject({ name, assets, dbt, environments: { local: {} } });

/** A table that something else fills. */
function given<S extends z.ZodObject>(name: string, schema: S, options: Parameters<typeof table<S>>[2] = {}) {
  return source(name.replace('.', '/'), { store: table(name, schema, options) });
}

const Everything = z.object({
  id: z.uuid().describe('The key.'),
  text: z.string().optional(),
  email: z.email().nullable(),
  code: z.templateLiteral(['A-', z.int()]),
  kind: z.enum(['a', 'b', 'yes', 'no', '01', '']),
  level: z.literal([1, 2, 3]),
  share: z.union([z.literal(0.5), z.literal(1)]).nullable(),
  isOpen: z.literal(true),
  flag: z.boolean().default(false),
  count: z.int().min(0).max(100),
  positive: z.int().gt(0),
  ratio: z.number().min(-1.5).max(1e21),
  above: z.number().gt(0),
  unbounded: z.number().max(Infinity),
  at: z.iso.datetime(),
  at_zone: z.iso.datetime({ offset: true }).optional(),
  on: z.iso.date(),
  seen: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }),
  list: z.array(z.string()),
  record: z.record(z.string(), z.unknown()),
  nested: z.object({ a: z.int() }).nullable(),
  either: z.union([z.object({ a: z.int() }), z.array(z.int())]),
});

const everyType = (): Scenario => {
  const everything = given('bronze.everything', Everything, { key: ['id'], write: 'merge' });
  const replaced = given('bronze.replaced', Everything, { key: ['kind', 'level', 'list'] });
  const appended = given('bronze.appended', Everything, { key: ['id'], write: 'append' });
  return {
    project: projectOf(
      [everything, replaced, appended],
      [dbtProject({ name: 'shop', dir: 'dbt', sources: [everything, replaced, appended] })],
    ),
  };
};

const Hostile = z.object({
  order: z.string().describe('{{ config(enabled=false) }} {% raw %} {# gone #}'),
  Select: z.int().min(1).describe('  leading, trailing  '),
  group: z.enum(["it's", String.raw`back\slash`, '"quoted"', '{{ 1 }}', "ref('a')", 'ünïcödé', '🎵']),
  mixedCase: z.enum(['{% x %}', 'null', 'true', '1', '~', '- a', 'a: b', '# c']).describe('a: b # c\n- d\n\t"e"\r\n'),
  user: z.string().describe('…\u0085\u2028\u0007 null {{{{ }} %} {'),
});

const namesAndTexts = (): Scenario => {
  const events = source('landing/order', {
    description: '{{ ref("nothing") }}\nsecond line: {% endraw %}\n',
    owners: ['{{ owner }}', "d'Arc <a@b.example>"],
    tags: { team: 'a: b', '{{ tag }}': '' },
    store: table('order.table', Hostile, { key: ['order', 'mixedCase'] }),
  });
  const plain = given('order.plain', z.object({ a: z.int() }));
  const dbt = dbtProject({ name: 'shop', dir: 'dbt', sources: [events, plain] });
  const report = asset('reports/a-b', {
    description: '{{ x }}',
    owners: ['a@b.example'],
    store: value(z.int()),
    deps: { a: dbt.model('a', z.object({ a: z.int() })) },
  }).run(() => 1);
  const other = asset('reports/a.b', { tags: { '{{ tag }}': '' }, deps: { a: dbt.model('a', z.object({ a: z.int() })) } }).run(() => 1);
  return { project: projectOf([events, plain, report, other], [dbt], 'shop {{ of }} "things"') };
};

const User = z.object({ user_id: z.string(), group: z.string() });
const declaredReferences = (): Scenario => {
  const users = given('bronze.users', User, { key: ['user_id'] });
  const songs = given('elsewhere.songs', z.object({ song_id: z.string() }));
  const dbt = dbtProject({ name: 'shop', dir: 'dbt', sources: [] });
  const artists = dbt.model('gold/artists', z.object({ artist_id: z.int() }));
  const plays = given(
    'bronze.plays',
    z.object({ user_id: z.string(), group: z.string(), artist_id: z.int().optional(), song_id: z.string() }),
    {
      references: {
        user_id: references(users, 'user_id'),
        group: references(users, 'group'),
        artist_id: references(artists, 'artist_id'),
        song_id: references(songs, 'song_id'),
      },
    },
  );
  const withSources: DbtProject = { ...dbt, sources: [plays, users] };
  return { project: projectOf([users, songs, plays], [withSources]) };
};

const Timed = z.object({ day: z.iso.date(), at: z.iso.datetime(), name: z.string() });
const freshnessAndTime = (): Scenario => {
  const landedEvents = asset('lake/events', { store: landing('events', Timed) }).run(() => undefined as never);
  const bronze = asset('bronze/events', {
    description: 'Landed events.',
    group: 'bronze',
    owners: ['data', 'platform'],
    tags: { pii: '', tier: '1' },
    freshness: { within: '90s' },
    store: table('bronze.events', landed(Timed), { write: 'append', partitionBy: 'at', key: ['name'] }),
    deps: { landedEvents },
  }).run(({ landedEvents }) => landedEvents);
  const loaded = asset('bronze/loaded', {
    freshness: { within: '48h' },
    store: table('bronze.loaded', Timed, { loadedAt: 'at', partitionBy: 'day' }),
  }).run(() => []);
  const unknown = asset('bronze/unknown', {
    freshness: { within: '1.5h' },
    store: table('bronze.unknown', Timed, { partitionBy: 'name' }),
  }).run(() => []);
  const sliced = asset('bronze/sliced', {
    partitions: partitions.daily({ start: '2026-01-01' }),
    store: table('bronze.sliced', Timed, { partitionBy: 'day', key: ['name'] }),
  }).run(() => []);
  return {
    project: projectOf(
      [landedEvents, bronze, loaded, unknown, sliced],
      [dbtProject({ name: 'shop', dir: 'dbt', sources: [bronze, loaded, unknown, sliced] })],
    ),
  };
};

const severalProjects = (): Scenario => {
  const users = given('bronze.users', User);
  const first = dbtProject({ name: 'first', dir: 'dbt/first', sources: [users] });
  const second = dbtProject({ name: 'second', dir: 'dbt/second', sources: [users], keyPrefix: 'second' });
  const neither = dbtProject({ name: 'third', dir: 'dbt/third', sources: [] });
  const a = first.model('gold/a', User);
  const b = second.model('second/gold/b', User);
  const page = asset('page', { owners: ['web'], store: value(z.string()), deps: { a, b, users } }).run(() => '');
  const export_ = asset('exports/users', { store: table('exports.users', User), deps: { b } }).run(() => []);
  const alerts = asset('alerts', { deps: { page, b } }).run(() => 1);
  const later = asset('later', { deps: { page: after(page) } }).run(() => 1);
  return {
    project: projectOf([users, page, export_, alerts, later], [first, second, neither]),
    folders: { 'dbt/second': { models: 'transformations/sql', macros: 'own' } },
  };
};

/** What is generated for dbt, by what it shows. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'every-type': everyType(),
  'names-and-texts': namesAndTexts(),
  references: declaredReferences(),
  'freshness-and-time': freshnessAndTime(),
  'several-projects': severalProjects(),
};
