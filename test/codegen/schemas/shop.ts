import {
  after,
  asset,
  check,
  files,
  job,
  landed,
  landing,
  onCron,
  partitions,
  references,
  resource,
  source,
  table,
  topic,
  value,
  type Warehouse,
} from 'spindle';
import { z } from 'zod';
import { buildGraph, type Graph } from '../../../src/runtime/graph/graph.ts';
import type { Origin } from '../../../src/codegen/generated-file.ts';

const HOSTILE =
  'It\'s a | pipe, `code`, <b>HTML</b> & [link](http://x), *stars*, _under_, a\nline, "quotes" and \u202e more \\ | -- ; DROP';

const Device = z.object({ os: z.string().describe(HOSTILE), version: z.string().optional() });
const Sale = z.object({
  id: z.uuid().describe(HOSTILE),
  kind: z.enum(['sale', 'return|"x"']),
  cents: z.int().min(1).max(500),
  rate: z.number().gt(0).nullable(),
  sold_at: z.iso.datetime(),
  day: z.iso.date().optional(),
  device: Device,
  tags: z.array(z.enum(['a', 'b'])).max(3),
  extra: z.record(z.string(), z.unknown()).optional(),
});
interface Tree {
  name: string;
  parts: Tree[];
}
const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), parts: z.array(Tree) }));
const Change = z.discriminatedUnion('type', [
  z.object({ type: z.literal('created'), name: z.string().length(2) }),
  z.object({ type: z.literal('moved'), to: z.union([z.string(), z.int()]), tree: Tree }),
]);

const second = resource<Warehouse>()('second "warehouse"');

const sales = asset('stream/sales', {
  description: HOSTILE,
  group: 'stream',
  owners: ['shop|keepers', 'data'],
  tags: { tier: '1', pii: '' },
  store: topic('sales', Sale),
  automation: onCron('5 * * * *'),
}).run(() => []);
const changes = source('stream/changes', { group: 'stream', store: topic('Shop.Changes', Change) });
const more = source('stream/more', { group: 'stream', store: topic('shop.changes', Change) });
const landedSales = asset('lake/sales', { group: 'lake', store: landing('sales', Sale), deps: { sales } }).run(
  ({ sales: topicHandle }) => topicHandle,
);
const bronze = asset('bronze/sales', {
  description: 'Sales; all of them.',
  store: table('bronze.sales', landed(Sale), { write: 'append', partitionBy: 'sold_at' }),
  deps: { landedSales },
  freshness: { within: '2h' },
}).run(({ landedSales: handle }) => handle);
const inbox = source('inbox/prices', { group: 'README', store: files('inbox/prices', Device) });
const prices = asset('prices', { group: 'README', store: table('shop.prices', Device), deps: { inbox } }).run(
  ({ inbox: handle }) => handle,
);
const Total = z.object({ kind: z.string(), cents: z.int() });
const totals = asset('gold/totals', {
  group: 'Gold <b>|</b>',
  store: table('gold.totals', Total, { write: 'merge', key: ['kind', 'cents'] }),
  deps: { bronze },
  formerly: ['gold/sums'],
}).run(() => []);
const copy = asset('gold/totals_copy', {
  group: 'Gold <b>|</b>',
  store: table('gold.totals', Total, { on: second, references: { kind: references(totals, 'kind') } }),
  deps: { totals },
}).run(() => []);
const letters = source('bronze/dead_letters', {
  store: table('bronze.dead_letters', z.object({ raw: z.string() })),
  deps: { bronze: after(bronze) },
});
const digest = asset('gold/digest', { store: value(Total), deps: { totals }, partitions: partitions.daily({ start: '2026-01-01' }) }).run(
  () => ({
    kind: '',
    cents: 0,
  }),
);
const note = asset('note').run(() => '');

const checks = [
  check(totals, 'is|positive', { description: HOSTILE, blocking: true }).run(() => ({ passed: true })),
  check(totals, 'warns', { severity: 'warn' }).run(() => ({ passed: true })),
];

/** A shop whose names and descriptions are as bad as they come. */
export const shop: Graph = buildGraph({
  assets: [sales, changes, more, landedSales, bronze, inbox, prices, totals, copy, letters, digest, note].map(
    ({ definition }) => definition,
  ),
  checks: checks.map(({ definition }) => definition),
  jobs: [job('all | of it', { select: '**', automation: onCron('0 * * * *') }).definition],
});

export const originOf = (generator: string): Origin => ({
  generator,
  project: 'shop -- "of" |<b>',
  edit: 'src/project.ts',
  command: `npx spindle generate ${generator}`,
});
