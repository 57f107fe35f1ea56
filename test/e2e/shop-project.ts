import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dir as ownProject } from './dbt-project.ts';
import { userProject } from './user-project.ts';

const schemaOfFolder = readFileSync(join(ownProject, 'macros/generate_schema_name.sql'), 'utf8');
const profiles = readFileSync(join(ownProject, 'profiles.yml'), 'utf8').replace(/^spotify:/, 'models:');

const PROJECT = `
import { asset, defineProject, table } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { dbt, duckDb, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const Order = z.object({ id: z.int(), country: z.string(), amount: z.number() });
const orders = asset('raw/orders', { store: table('raw.orders', Order) }).run(() => [
  { id: 1, country: 'SE', amount: 10 },
  { id: 2, country: 'US', amount: 5.5 },
]);
const shop = dbtProject({ name: 'shop', dir: 'dbt', sources: [orders] });
const goldOrders = shop.model('gold/orders', z.object({ id: z.int(), country: z.string(), amount: z.number() }));
const report = dbtProject({ name: 'report', dir: 'report', sources: [goldOrders], keyPrefix: 'report' });
const poster = asset('page/poster', { store: table('page.poster', z.object({ text: z.string() })), deps: { goldOrders } }).run(
  async ({ goldOrders }) => (await goldOrders.all()).map(({ country, amount }) => ({ text: country + ' ' + amount })),
);
export const project = defineProject({
  name: 'shop',
  assets: [orders, poster],
  // The reader before the one that it reads.
  dbt: [report, shop],
  environments: { local: { warehouse: duckDb(), transformer: dbt(), runStore: sqliteRunStore() } },
});
`;

/** A project with two dbt projects, the second of which reads a model of the first: a seed, snapshots, versions, a package, exposures, and what Spindle has no place for. */
export const shopProject = (): Promise<string> =>
  userProject({
    'src/project.ts': PROJECT,
    'dbt/dbt_project.yml': JSON.stringify({
      name: 'shop',
      profile: 'models',
      flags: { require_generic_test_arguments_property: true },
      models: { shop: { gold: { '+schema': 'gold', '+materialized': 'table' } } },
    }),
    'dbt/macros/generate_schema_name.sql': schemaOfFolder,
    'dbt/seeds/countries.csv': 'code,name\nSE,Sweden\nUS,United States\n',
    'dbt/seeds/seeds.yml': `
seeds:
  - name: countries
    description: Countries by code.
    columns: [{ name: code, data_tests: [unique, not_null] }]
`,
    'dbt/models/gold/orders.sql': `
select cast(o.id as bigint) as id, cast(o.country as varchar) as country, cast(o.amount as decimal(18, 2)) as amount
from {{ source('raw', 'orders') }} as o left join {{ ref('countries') }} as c on c.code = o.country
`,
    'dbt/models/gold/gold.yml': `
sources:
  - name: raw
    tables:
      - name: orders
        config: { loaded_at_field: current_timestamp, freshness: { warn_after: { count: 1, period: day } } }
models:
  - name: orders
    description: Orders.
    config: { contract: { enforced: true } }
    columns:
      - { name: id, data_type: bigint, description: Names the order., data_tests: [unique] }
      - name: country
        data_type: varchar
        data_tests:
          - relationships: { arguments: { to: "ref('countries')", field: code } }
      - { name: amount, data_type: "decimal(18, 2)" }
  - name: ranked
    latest_version: 2
    versions: [{ v: 1 }, { v: 2 }]
  - name: closed
    config: { enabled: false }
snapshots:
  - name: order_states
    relation: ref('orders')
    description: States of orders.
    config: { unique_key: id, strategy: check, check_cols: [amount], schema: history }
    columns: [{ name: id, data_tests: [not_null] }]
exposures:
  - name: weekly_report
    type: dashboard
    url: https://example.com/weekly
    description: What the shop sold.
    owner: { name: Ann, email: ann@example.com }
    depends_on: ["ref('orders')", "ref('countries')", "source('raw', 'orders')"]
groups:
  - { name: sales, owner: { name: Ann } }
`,
    'dbt/snapshots/countries.sql': `
{% snapshot countries_history %}
{{ config(unique_key='code', strategy='check', check_cols='all', schema='history') }}
select * from {{ ref('countries') }}
{% endsnapshot %}
`,
    'dbt/models/gold/ranked_v1.sql': "select id, 1 as n from {{ ref('orders') }}",
    'dbt/models/gold/ranked_v2.sql': "select id, 2 as n from {{ ref('orders') }}",
    'dbt/models/gold/closed.sql': 'select 1 as n',
    'dbt/models/loose.sql': "select id from {{ ref('ranked') }}",
    'dbt/tests/no_negative.sql': "select * from {{ ref('orders') }} where amount < 0",
    'dbt/dbt_packages/util/dbt_project.yml': 'name: util\nversion: "1.0"\n',
    'dbt/dbt_packages/util/models/staging/util_days.sql': 'select 1 as day',
    'report/profiles.yml': profiles,
    'report/dbt_project.yml': JSON.stringify({
      name: 'report',
      profile: 'models',
      models: { report: { '+schema': 'report', '+materialized': 'table' } },
    }),
    'report/macros/generate_schema_name.sql': schemaOfFolder,
    'report/models/marts/sources.yml': 'sources: [{ name: shop, schema: gold, tables: [{ name: orders }] }]\n',
    'report/models/marts/by_country.sql': "select country, sum(amount) as amount from {{ source('shop', 'orders') }} group by country",
  });
