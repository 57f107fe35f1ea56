// Resources, environments, projects, checks and jobs.
import { asset, check, defineProject, job, resource } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { api, bronze, brokerClient, good, size, Track, tracks, warehouseClient } from '../pipeline.ts';

// @ts-expect-error TS2339 "Property 'post' does not exist": a method that the resource does not have
asset('a', { resources: { api } }).run((_, { resources }) => resources.api.post('/'));
// @ts-expect-error TS2339 "Property 'warehouse' does not exist": a resource that was not asked for
asset('a', { resources: { api } }).run((_, { resources }) => resources.warehouse);
// @ts-expect-error TS2353 "'get' does not exist in type 'Resource": an open connection in place of the resource
asset('a', { resources: { api: { get: async () => '' } } });
// @ts-expect-error TS2322 "is not assignable to type 'Resource<string, unknown>'": a resource without its name
asset('a', { resources: { api: resource<string>() } });
// @ts-expect-error TS2322 "Index signature for type 'string' is missing": a list of resources
asset('a', { resources: [api] });
// @ts-expect-error TS2322 "Type 'number' is not assignable to type 'Warehouse'": a provider of the wrong type
defineProject({ name: 'p', assets: [bronze], environments: { local: { warehouse: { open: async () => 42 } } } });
// @ts-expect-error TS2322 "Type 'Promise<Broker>' is not assignable to type 'Promise<Warehouse>'": a provider of another resource
defineProject({ name: 'p', assets: [bronze], environments: { local: { warehouse: { open: async () => brokerClient } } } });
// @ts-expect-error TS2322 "Type 'Promise<Broker>' is not assignable to type 'Promise<Warehouse>'": a provider of the wrong type, in the second environment
defineProject({ name: 'p', assets: [bronze], environments: { a: {}, b: { warehouse: { open: async () => brokerClient } } } });
// @ts-expect-error TS2739 "Type 'Warehouse' is missing the following properties from type 'Promise<Warehouse>'": a provider that does not wait
defineProject({ name: 'p', assets: [bronze], environments: { local: { warehouse: { open: () => warehouseClient } } } });
// @ts-expect-error TS2741 "Property 'open' is missing": a connection in place of its provider
defineProject({ name: 'p', assets: [bronze], environments: { local: { warehouse: warehouseClient } } });
// @ts-expect-error TS2561 "'opens' does not exist in type 'Provider": a misspelled method of a provider
defineProject({ name: 'p', assets: [bronze], environments: { local: { warehouse: { opens: async () => warehouseClient } } } });
// @ts-expect-error TS2322 "Type 'number' is not assignable to type 'Provider<any>'": something that is no provider, for a resource that no asset names
defineProject({ name: 'p', assets: [bronze], environments: { local: { other: 42 } } });
// @ts-expect-error TS2741 "Property 'environments' is missing": a project without environments
defineProject({ name: 'p', assets: [bronze] });
// @ts-expect-error TS2353 "'bronze' does not exist in type 'readonly": assets by name
defineProject({ name: 'p', assets: { bronze }, environments: {} });
// @ts-expect-error TS2739 "is missing the following properties from type 'Asset<string, unknown, unknown, unknown, unknown>': key, definition": an asset without its function
defineProject({ name: 'p', assets: [asset('a')], environments: {} });
// @ts-expect-error TS2741 "Property 'definition' is missing": a check without its function
defineProject({ name: 'p', assets: [size], checks: [check(size, 'sane')], environments: {} });
// @ts-expect-error TS2322 "Type 'Asset<"size", number, {}, undefined, never>' is not assignable to type 'Check'": an asset in place of a check
defineProject({ name: 'p', assets: [size], checks: [size], environments: {} });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Job'": a job by its name
defineProject({ name: 'p', assets: [size], jobs: ['hourly'], environments: {} });
// @ts-expect-error TS2339 "Property 'length' does not exist": a check of another type of value
check(size, 'sane').run((size) => ({ passed: size.length > 0 }));
// @ts-expect-error TS2339 "Property 'duration' does not exist": a check of a column that does not exist
check(bronze, 'sane').run(async (rows) => ({ passed: (await rows.all()).every((row) => row.duration > 0) }));
// @ts-expect-error TS2322 "Type 'boolean' is not assignable to type 'CheckResult | Promise<CheckResult>'": a check that says true
check(size, 'sane').run((size) => size > 0);
// @ts-expect-error TS2322 "Type '{ pased: boolean; }' is not assignable to type 'CheckResult | Promise<CheckResult>'": a misspelled result of a check
check(size, 'sane').run((size) => ({ pased: size > 0 }));
// @ts-expect-error TS2322 "Type '"fatal"' is not assignable to type '"error" | "warn" | undefined'": an unknown severity
check(size, 'sane', { severity: 'fatal' });
// @ts-expect-error TS2561 "'bloking' does not exist in type 'CheckSpec": a misspelled option of a check
check(size, 'sane', { bloking: true });
// @ts-expect-error TS2554 "Expected 2-3 arguments, but got 1": a check without a name
check(size);
// @ts-expect-error TS2345 "'string' is not assignable to parameter of type 'AssetOf<": a check of an asset by its key
check('size', 'sane');
// @ts-expect-error TS2339 "Property 'config' does not exist": a check has no config
check(tracks, 'sane').run((_, { config }) => ({ passed: config }));
// @ts-expect-error TS2741 "Property 'select' is missing": a job without a selection
job('hourly', {});
// @ts-expect-error TS2322 "Type 'string[]' is not assignable to type 'string'": a selection that is a list
job('hourly', { select: ['bronze/plays'] });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Automation'": a schedule that is no condition
job('hourly', { select: '*', automation: '5 * * * *' });
// @ts-expect-error TS2353 "'cron' does not exist": a misspelled option of a job
job('hourly', { select: '*', cron: '5 * * * *' });
// @ts-expect-error TS2741 "Property 'sources' is missing": a dbt project without its sources
dbtProject({ name: 'd', dir: 'dbt' });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Asset<": a dbt source by its key
dbtProject({ name: 'd', dir: 'dbt', sources: ['bronze/plays'] });
// @ts-expect-error TS2554 "Expected 2 arguments, but got 1": a dbt model without a schema
dbtProject({ name: 'd', dir: 'dbt', sources: [] }).model('gold/x');
export const used = [good, Track];
