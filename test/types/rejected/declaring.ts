// Options of assets, and what the function gets beside its inputs.
import { asset, assets, eager, files, onCron, onUpdate, not, parseDuration, source, table, value } from 'spindle';
import { z } from 'zod';
import { Hour, hourly, name, size, Track, tracks } from '../pipeline.ts';

const trackTable = table('silver.tracks', Track);
const dropped = source('inbox/tracks', { store: files('inbox/tracks', Track) });

// @ts-expect-error TS2345 "Argument of type 'number' is not assignable to parameter of type 'string'": a key that is no text
asset(1);
// @ts-expect-error TS2561 "'descripton' does not exist in type 'AssetSpec": a misspelled option
asset('a', { descripton: 'x' });
// @ts-expect-error TS2353 "'schedule' does not exist in type 'AssetSpec": an option that does not exist
asset('a', { schedule: '5 * * * *' });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'readonly string[]'": owners that are no list
asset('a', { owners: 'me' });
// @ts-expect-error TS2322 "Index signature for type 'string' is missing in type 'string[]'": tags that are a list
asset('a', { tags: ['daily'] });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'readonly string[]'": a former key that is no list
asset('a', { formerly: 'old' });
// @ts-expect-error TS2322 "Type '"10"' is not assignable to type '`${number}": a duration without a unit
asset('a', { timeout: '10' });
// @ts-expect-error TS2322 "Type '"10 minutes"' is not assignable to type '`${number}": a duration in words
asset('a', { timeout: '10 minutes' });
// @ts-expect-error TS2322 "Type 'number' is not assignable to type '`${number}": a duration that is a number
asset('a', { retry: { attempts: 2, delay: 1000 } });
// @ts-expect-error TS2322 "Type '"24"' is not assignable to type '`${number}": freshness without a unit
asset('a', { freshness: { within: '24' } });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type '{ within: ": freshness without its field
asset('a', { freshness: '24h' });
// @ts-expect-error TS2322 "Type '"linear"' is not assignable to type '"exponential" | "fixed" | undefined'": an unknown backoff
asset('a', { retry: { attempts: 3, backoff: 'linear' } });
// @ts-expect-error TS2741 "Property 'attempts' is missing": a retry that does not say how often
asset('a', { retry: { backoff: 'fixed' } });
// @ts-expect-error TS2561 "'delai' does not exist": a misspelled field of retry
asset('a', { retry: { attempts: 3, delai: '1s' } });
// @ts-expect-error TS2322 "Type '"all"' is not assignable to type '"each" | "range" | undefined'": an unknown way to backfill
asset('a', { backfill: 'all' });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'Automation'": a cron expression in place of a condition
asset('a', { automation: '5 * * * *' });
// @ts-expect-error TS2322 "Type '() => Automation' is not assignable to type 'Automation'": a condition that is not called
asset('a', { automation: eager });
// @ts-expect-error TS2353 "'tz' does not exist": a misspelled option of a condition
onCron('5 * * * *', { tz: 'UTC' });
// @ts-expect-error TS2345 "'string' is not assignable to parameter of type 'Asset<": a condition on an asset by its key
onUpdate('size');
// @ts-expect-error TS2554 "Expected 1 arguments, but got 2": the negation of two conditions
not(eager(), eager());
// @ts-expect-error TS2740 "Type 'ZodString' is missing the following properties from type 'ZodObject<": a config that is no object
asset('a', { config: z.string() });
// @ts-expect-error TS2739 "is missing the following properties from type 'Store<": a schema in place of a store
asset('a', { store: Track });
// @ts-expect-error TS2322 "is not assignable to type 'Store<": a store that is not made yet
asset('a', { store: table });
// @ts-expect-error TS2339 "Property 'size' does not exist": an asset without a config has none of its fields
asset('a').run((_, { config }) => config.size);
// @ts-expect-error TS2339 "Property 'length' does not exist": a config field of another type
asset('a', { config: z.object({ days: z.int() }) }).run((_, { config }) => config.days.length);
// @ts-expect-error TS2339 "Property 'nowe' does not exist": a misspelled part of the context
asset('a').run((_, { nowe }) => nowe);
// @ts-expect-error TS2345 "Argument of type 'number' is not assignable to parameter of type 'string'": a log message that is no text
asset('a').run((_, { log }) => log(3));
// @ts-expect-error TS2345 "Argument of type 'string' is not assignable to parameter of type 'Record<string, unknown>'": metadata without names
asset('a').run((_, { metadata }) => metadata('x'));
// @ts-expect-error TS2345 "Target signature provides too few arguments. Expected 3 or more, but got 2": a third argument
asset('a').run((_inputs, _context, third) => third);
// @ts-expect-error TS2345 "Argument of type 'number' is not assignable to parameter of type '(inputs: ": a value in place of a function
asset('a', { store: value(z.int()) }).run(42);
asset('a')
  .run(() => 1)
  // @ts-expect-error TS2339 "Property 'run' does not exist": a second function
  .run(() => 2);
// @ts-expect-error TS2540 "Cannot assign to 'key' because it is a read-only property": the fields of an asset are fixed
size.key = 'other';
// @ts-expect-error TS2339 "Property 'run' does not exist": a source has no function
source('raw/tracks', { store: trackTable }).run(() => []);
// @ts-expect-error TS2375 "Type 'any' is not assignable to type 'never'": an asset that writes files from elsewhere
asset('a', { store: files('inbox/tracks', Track) }).run(() => [{ trackId: '', title: '' }]);
// @ts-expect-error TS2379 "Type 'ZodString' is missing the following properties from type 'ZodObject<": files from elsewhere that hold no rows
files('inbox/tracks', z.string());
// @ts-expect-error TS2322 "is missing the following properties from type '{ hour: string; plays: number; }': hour, plays": files from elsewhere into a table of other columns
asset('a', { store: table('bronze.hours', Hour), deps: { dropped } }).run(({ dropped }) => dropped);
// @ts-expect-error TS2769 "Property 'observe' is missing": a source has a store, or is observed
source('raw/tracks', {});
// @ts-expect-error TS2741 "Property 'key' is missing": an output without a key
assets({ outputs: { good: { store: trackTable } } });
// @ts-expect-error TS2322 "Type '{ good: never[]; }' is not assignable to type 'Returned<Values<": an output that is left out
assets({ outputs: { good: { key: 'good', store: trackTable }, bad: { key: 'bad', store: trackTable } } }).run(() => ({ good: [] }));
// @ts-expect-error TS2322 "Type 'number' is not assignable to type 'string'": a row of one of several outputs
assets({ outputs: { good: { key: 'good', store: trackTable } } }).run(() => ({ good: [{ trackId: 1, title: 'x' }] }));
// @ts-expect-error TS2339 "Property 'bad' does not exist": an output that was not declared
void assets({ outputs: { good: { key: 'good', store: trackTable } } }).run(() => ({ good: [] })).bad;
// @ts-expect-error TS2339 "Property 'partition' does not exist": several outputs of a function without partitions have none
assets({ outputs: { good: { key: 'good', store: trackTable } } }).run((_, { partition }) => ({ good: [partition] }));
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number'": the partition of several outputs is what it was declared to be
assets({ outputs: { n: { key: 'n', store: value(z.int()) } }, partitions: hourly }).run((_, { partition }) => ({ n: partition.key }));
// @ts-expect-error TS2345 "Argument of type 'number' is not assignable to parameter of type 'string'": a duration without a unit, parsed
parseDuration(10);
export const used = [name, tracks];
