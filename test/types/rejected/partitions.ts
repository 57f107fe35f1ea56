// Partitions, and what a function gets as its own.
import { asset, partitions, value } from 'spindle';
import { z } from 'zod';
import { daily, hourly, regions } from '../pipeline.ts';

const cross = partitions.cross({ hour: hourly, region: regions });

// @ts-expect-error TS2339 "Property 'partition' does not exist": an asset without partitions has none
asset('a').run((_, { partition }) => partition);
// @ts-expect-error TS2339 "Property 'partition' does not exist": an asset with a store and without partitions has none
asset('a', { store: value(z.string()) }).run((_, { partition }) => partition.key);
// @ts-expect-error TS2367 "the types '"eu" | "us"' and '"asia"' have no overlap": a key that is none of them
asset('a', { partitions: regions }).run((_, { partition }) => partition === 'asia');
// @ts-expect-error TS2367 "the types 'TimeWindow' and 'string' have no overlap": a window taken for its key
asset('a', { partitions: daily }).run((_, { partition }) => partition === '2026-01-01');
// @ts-expect-error TS2339 "Property 'slice' does not exist": a window's start taken for text
asset('a', { partitions: daily }).run((_, { partition }) => partition.start.slice(0, 10));
// @ts-expect-error TS2339 "Property 'country' does not exist": a dimension that does not exist
asset('a', { partitions: cross }).run((_, { partition }) => partition.country);
// @ts-expect-error TS2367 "the types '"eu" | "us"' and '"asia"' have no overlap": a key that its dimension does not have
asset('a', { partitions: cross }).run((_, { partition }) => partition.region === 'asia');
// @ts-expect-error TS2339 "Property 'toUpperCase' does not exist": the dimensions of a cross taken for one key
asset('a', { partitions: cross }).run((_, { partition }) => partition.toUpperCase());
// @ts-expect-error TS2339 "Property 'slice' does not exist": a dimension of time taken for its key
asset('a', { partitions: cross }).run((_, { partition }) => partition.hour.slice(0, 10));
// @ts-expect-error TS2540 "Cannot assign to 'partition' because it is a read-only property": the partition is fixed
asset('a', { partitions: regions }).run((_, context) => (context.partition = 'eu'));
// @ts-expect-error TS2322 "Type 'number' is not assignable to type 'string'": keys that are numbers
partitions.of([2025, 2026]);
// @ts-expect-error TS2345 "Argument of type 'string' is not assignable to parameter of type 'readonly string[]'": one key
partitions.of('eu');
// @ts-expect-error TS2741 "Property 'start' is missing": time without a start
partitions.daily({});
// @ts-expect-error TS2322 "Type 'Date' is not assignable to type 'string'": a start that is a Date
partitions.daily({ start: new Date() });
// @ts-expect-error TS2561 "'timeZone' does not exist in type 'TimeOptions": a misspelled option of time
partitions.daily({ start: '2026-01-01', timeZone: 'Europe/Berlin' });
// @ts-expect-error TS2554 "Expected 1 arguments, but got 0": dynamic keys without a name
partitions.dynamic();
// @ts-expect-error TS2741 "Property 'definition' is missing": a dimension that is a list of keys
partitions.cross({ hour: hourly, region: ['eu', 'us'] });
// @ts-expect-error TS2353 "'kind' does not exist in type 'Partitions": a definition in place of partitions
asset('a', { partitions: { kind: 'static', keys: ['eu'] } });
// @ts-expect-error TS2322 "is not assignable to type 'Partitions<": partitions that are not called
asset('a', { partitions: partitions.daily });
