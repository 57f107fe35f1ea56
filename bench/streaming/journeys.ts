import { DuckDBInstance } from '@duckdb/node-api';
import type { StoredObject } from './rig.ts';

/** When the records of a stream arrived where. */
export interface Journeys {
  /** All records that were loaded, dead letters included; `distinct` counts each place of a topic once. */
  readonly rows: number;
  readonly distinct: number;
  /** Of the time that counts. */
  readonly seconds: number;
  /** Records a second in it, by their own time. */
  readonly rate: number;
  /** Seconds from a record's own time to when the lake had its object. S3 tells the whole second of that, of which the end is taken. */
  readonly toObject: { readonly p50: number; readonly p99: number };
  /** Seconds to the beginning of its load into bronze. */
  readonly toBronze: { readonly p99: number };
  /** Records that exist and lie in no object yet: the medians, over the seconds of the first and of the last quarter. */
  readonly lag: { readonly first: number; readonly last: number };
}

export interface JourneysOptions {
  readonly database: string;
  readonly objects: readonly StoredObject[];
  /** The time that counts, in milliseconds since the epoch: whole seconds. */
  readonly begin: number;
  readonly end: number;
}

const RECORDS = `
  CREATE TABLE records AS
  SELECT _partition AS part, _offset AS place, epoch_ms(_recorded_at) AS recorded, _object AS object, epoch_ms(_loaded_at) AS loaded FROM w.bronze.listening_events
  UNION ALL SELECT partition, "offset", epoch_ms(recorded_at), object, epoch_ms(loaded_at) FROM w.bronze.dead_letters`;
const ARRIVED = `
  CREATE TABLE arrived AS SELECT recorded, loaded, stored FROM records JOIN objects USING (object)`;
const LAG = `
  CREATE TABLE lag AS
  WITH seconds AS (SELECT unnest(range($begin + 1000, $end + 1000, 1000)) AS second),
    come AS (SELECT second, count(recorded) AS records FROM seconds LEFT JOIN (SELECT recorded // 1000 * 1000 + 1000 AS second, recorded FROM arrived) USING (second) GROUP BY second),
    gone AS (SELECT second, count(stored) AS records FROM seconds LEFT JOIN (SELECT stored // 1000 * 1000 + 1000 AS second, stored FROM arrived) USING (second) GROUP BY second)
  SELECT second, sum(come.records - gone.records) OVER (ORDER BY second) AS behind FROM come JOIN gone USING (second)`;
const SUMMARY = `
  SELECT
    (SELECT count(*) FROM records) AS rows,
    (SELECT count(*) FROM (SELECT DISTINCT part, place FROM records)) AS distinct_rows,
    count(*) / (($end - $begin) / 1000) AS rate,
    quantile_disc(stored - recorded, 0.5) / 1000 AS object50,
    quantile_disc(stored - recorded, 0.99) / 1000 AS object99,
    quantile_disc(loaded - recorded, 0.99) / 1000 AS bronze99,
    (SELECT count(*) FROM arrived WHERE recorded < $begin) - (SELECT count(*) FROM arrived WHERE stored < $begin) AS before,
    (SELECT median(behind) FROM lag WHERE second < $begin + ($end - $begin) / 4) AS first_quarter,
    (SELECT median(behind) FROM lag WHERE second >= $end - ($end - $begin) / 4) AS last_quarter
  FROM arrived WHERE recorded >= $begin AND recorded < $end`;

/** Reads them from the warehouse, once nobody writes to it any more, and from what the lake tells of its objects. */
export async function readJourneys({ database, objects, begin, end }: JourneysOptions): Promise<Journeys> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH '${database}' AS w (READ_ONLY)`);
    await connection.run('CREATE TABLE objects (object VARCHAR, stored BIGINT)');
    const appender = await connection.createAppender('objects');
    for (const { key, stored } of objects) {
      appender.appendVarchar(key);
      appender.appendBigInt(BigInt(stored + 999));
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(RECORDS);
    await connection.run(ARRIVED);
    await connection.run(LAG, { begin, end });
    const [row] = (await connection.runAndReadAll(SUMMARY, { begin, end })).getRowObjectsJS();
    const of = (name: string) => Number(row?.[name]);
    return {
      rows: of('rows'),
      distinct: of('distinct_rows'),
      seconds: (end - begin) / 1000,
      rate: of('rate'),
      toObject: { p50: of('object50'), p99: of('object99') },
      toBronze: { p99: of('bronze99') },
      lag: { first: of('before') + of('first_quarter'), last: of('before') + of('last_quarter') },
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
