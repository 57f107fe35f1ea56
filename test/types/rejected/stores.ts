// Options of stores.
import { broker, landed, landing, objects, references, table, topic } from 'spindle';
import { z } from 'zod';
import { Hour, hours, Play, tracks } from '../pipeline.ts';

// @ts-expect-error TS2820 "Type '"hours"' is not assignable to type '"hour" | "plays"'. Did you mean '"hour"'?": a key that is no column
table('silver.hours', Hour, { key: ['hours'] });
// @ts-expect-error TS2322 "Type '"region"' is not assignable to type '"hour" | "plays"'": a second key that is no column
table('silver.hours', Hour, { key: ['hour', 'region'] });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'readonly ("hour" | "plays")[]'": a key that is no list
table('silver.hours', Hour, { key: 'hour' });
// @ts-expect-error TS2322 "Type '"day"' is not assignable to type 'PartitionBy<"hour" | "plays"> | undefined'": partitioned by what is no column
table('silver.hours', Hour, { partitionBy: 'day' });
// @ts-expect-error TS2322 "Type '"upsert"' is not assignable to type 'WriteMode | undefined'": an unknown way to write
table('silver.hours', Hour, { write: 'upsert' });
// @ts-expect-error TS2353 "'primaryKey' does not exist in type 'TableOptions": a misspelled option of a table
table('silver.hours', Hour, { primaryKey: ['hour'] });
// @ts-expect-error TS2375 "Type 'Broker' is missing the following properties from type 'Warehouse'": a warehouse that is a broker
table('silver.hours', Hour, { on: broker });
// @ts-expect-error TS2379 "is missing the following properties from type 'ZodObject<": a schema that is no object
table('silver.hours', z.array(Hour));
// @ts-expect-error TS2353 "'hour' does not exist in type 'ZodObject": columns without a schema
table('silver.hours', { hour: 'string' });
// @ts-expect-error TS2322 "Type 'number' is not assignable to type 'string'": a topic's key that is no text
topic('plays', Play, { key: (play) => play.msPlayed });
// @ts-expect-error TS2551 "Property 'userid' does not exist": a topic's key of a misspelled column
topic('plays', Play, { key: (play) => play.userid });
// @ts-expect-error TS2322 "Type 'string' is not assignable to type 'number'": a count that is a text
topic('plays', Play, { partitions: '6' });
// @ts-expect-error TS2561 "'partition' does not exist in type 'TopicOptions": a misspelled option of a topic
topic('plays', Play, { partition: 6 });
// @ts-expect-error TS2379 "required in type 'ZodDiscriminatedUnion<": a topic of lists
topic('plays', z.array(Play));
// @ts-expect-error TS2322 "Type '"10"' is not assignable to type '`${number}": a rotation without a unit
landing('plays', Play, { rotate: { every: '10' } });
// @ts-expect-error TS2322 "Type '"parquet"' is not assignable to type '"ndjson.gz"'": an unknown format of objects
objects('plays', Play, { format: 'parquet' });
// @ts-expect-error TS2379 "Type 'ZodString' is missing the following properties from type 'ZodObject<": landed columns of what is no row
landed(z.string());
// @ts-expect-error TS2820 "Type '"hours"' is not assignable to type '"hour" | "plays" | undefined'": loadedAt that is no column
table('silver.hours', Hour, { loadedAt: 'hours' });
// @ts-expect-error TS2345 "Argument of type '"day"' is not assignable to parameter of type '"hour" | "plays"'": a reference to what is no column of the other table
table('silver.days', Hour, { references: { hour: references(hours, 'day') } });
// @ts-expect-error TS2353 "'day' does not exist in type": a reference of what is no column
table('silver.days', Hour, { references: { day: references(hours, 'hour') } });
// @ts-expect-error TS2379 "is missing the following properties from type 'TableHandle<": a reference to an asset that is no table
table('silver.days', Hour, { references: { hour: references(tracks, 'trackId') } });
// @ts-expect-error TS2739 "is missing the following properties from type 'ColumnReference'": a reference that names no column
table('silver.days', Hour, { references: { hour: hours } });
