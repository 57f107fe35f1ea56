// Resources, environments, projects, checks and jobs.
import {
  asset,
  check,
  defineProject,
  eager,
  isSpindleError,
  job,
  onCron,
  parseDuration,
  table,
  type Check,
  type Job,
  type ObjectStore,
  type Project,
  type Provider,
} from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { exactly } from '../exactly.ts';
import {
  bronze,
  brokerClient,
  dbt,
  good,
  lakeClient,
  plays,
  reads,
  size,
  topSongs,
  total,
  Track,
  tracks,
  users,
  warehouseClient,
} from '../pipeline.ts';

const perRegion = ['eu', 'us'].map((region) => asset(`region/${region}`).run(() => region));
const local: { readonly lake: Provider<ObjectStore> } = { lake: { open: async () => lakeClient, close: async () => {} } };

// case: a check of rows
check(bronze, 'sane', { blocking: true, severity: 'warn', description: 'x' }).run(async (rows, { now, signal }) => {
  for await (const { msPlayed } of rows.rows())
    if (msPlayed > now().getTime() || signal.aborted) return { passed: false, metadata: { msPlayed } };
  return { passed: true };
});
// case: a check of a value, at once
check(tracks, 'many').run((tracks) => ({ passed: tracks.length > 0 }));
// case: a check of a dbt model
check(topSongs, 'many').run(async (songs) => ({ passed: (await songs.sql(Track, 'select 1')).length > 0 }));
// case: a check of a source
check(users, 'many').run(async (users) => ({ passed: (await users.count()) > 0 }));
// case: checks and jobs in lists
const checks: readonly Check[] = [check(size, 'sane').run((size) => ({ passed: size > 0 }))];
const jobs: readonly Job[] = [
  job('hourly', { select: '+bronze/*', automation: onCron('5 * * * *'), tags: ['a'] }),
  job('all', { select: '*', automation: eager() }),
];
// case: a whole project
const project: Project = defineProject({
  name: 'p',
  assets: [tracks, plays, bronze, good, total, users, ...perRegion],
  dbt: [dbt],
  checks,
  jobs,
  environments: {
    local: {
      broker: { open: async () => brokerClient },
      lake: { open: async () => lakeClient },
      warehouse: { open: async () => warehouseClient },
    },
    loading: {
      lake: { open: async () => lakeClient },
      warehouse: { open: async ({ directory }) => (directory === '' ? warehouseClient : warehouseClient) },
    },
    nothing: {},
  },
});
exactly<Project>()(project);
// case: an environment of its own
defineProject({ name: 'p', assets: [tracks], environments: { local } });
// case: a resource that no asset names
defineProject({ name: 'p', assets: [size], environments: { local: { transformer: { open: async () => 1 } } } });
// case: an own resource in an environment
defineProject({
  name: 'p',
  assets: [reads],
  environments: { local: { api: { open: async () => ({ get: async (path: string) => path }) } } },
});
// case: no assets
defineProject({ name: 'p', assets: [], environments: {} });
// case: assets of an object
defineProject({ name: 'p', assets: Object.values({ good, total }), environments: { local } });
// case: a dbt project
const other = dbtProject({ name: 'other', dir: 'dbt', sources: [bronze, users], keyPrefix: 'dbt' });
exactly<'gold/x'>()(other.model('gold/x', Track).key);
// case: a provider that reads variables
const provider: Provider<number> = {
  open: async ({ variables, signal, open }) => (signal.aborted ? Number(await open('lake')) : Number(variables['PORT'])),
};
// case: errors by their code
const code = (error: unknown): string | undefined => (isSpindleError(error) && error.code === 'RESOURCE_MISSING' ? error.code : undefined);
// case: a duration in milliseconds
exactly<number>()(parseDuration('90s'));
export const used = [table, provider, code];
