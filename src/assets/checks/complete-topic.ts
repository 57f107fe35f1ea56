import { check, type Check, type TableHandle, type Asset } from 'spindle';
import { z } from 'zod';

const Accounts = z.object({ incarnation: z.string(), partition: z.int(), records: z.int(), distinct_records: z.int(), span: z.int() });

/** Rows and dead letters together are the records of the topic: from the first offset to the last of each partition, each once. A topic that was created anew has offsets of its own in each incarnation, which the key of the object tells. */
// oxlint-disable-next-line typescript/no-explicit-any -- any bronze table will do
export function completeTopic(asset: Asset<string, TableHandle<any>, any, any, any>, topic: string): Check {
  return check(asset, 'each record of the topic is there once', {
    blocking: true,
    description: 'Rows and dead letters have every offset between the first and the last of a partition exactly once.',
  }).run(async (table) => {
    const partitions = await table.sql(
      Accounts,
      `select incarnation, "partition", count(*) as records, count(distinct "offset") as distinct_records, max("offset") - min("offset") + 1 as span
         from (
           select split_part(_object, '/', -3) as incarnation, _partition as "partition", _offset as "offset" from ${table.table}
           union all
           select split_part(letters.object, '/', -3), letters.partition, letters.offset from bronze.dead_letters as letters where letters.topic = ?
         ) as records
         group by incarnation, "partition" order by incarnation, "partition"`,
      [topic],
    );
    const wrong = partitions.filter(({ records, distinct_records, span }) => records !== distinct_records || records !== span);
    return {
      passed: wrong.length === 0,
      metadata: {
        partitions: partitions.length,
        records: partitions.reduce((sum, { records }) => sum + records, 0),
        ...(wrong.length > 0 && { wrong }),
      },
    };
  });
}
