import { z } from 'zod';
import { LONGEST_PARTITION_KEY } from '../../../codegen/airflow/name.ts';
import { SpindleError } from '../../../runtime/errors.ts';
import type { Packed } from './msgpack.ts';
import type { NativeTask } from './native-tasks-file.ts';

const Counts = z.object({
  rows: z.number().optional(),
  bytes: z.number().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});
const Facts = Counts.extend({ run: z.string().optional(), partitions: z.array(z.string()).optional() });
/** What is used of the line that a task ends with. */
const Line = z.object({
  materialized: z.array(Counts.extend({ asset: z.string(), partition: z.string().optional() })),
  assets: z.record(z.string(), Facts),
});

/** What the task's outlets are told of: an event for each partition, with its own counts where the task made it by itself. */
export function outletEvents(result: string, { outlets }: NativeTask): readonly { readonly [key: string]: Packed }[] {
  const { assets, materialized } = Line.parse(JSON.parse(result));
  return outlets.flatMap(({ key, name, uri }) => {
    const facts = assets[key];
    if (facts === undefined) return [];
    const event = (extra: unknown) => ({ dest_asset_key: { name, uri }, extra: extra as Packed });
    if (facts.partitions === undefined) return [event(facts)];
    return facts.partitions.map((partition) => {
      if (partition.trim() === '' || partition.length > LONGEST_PARTITION_KEY) throw refused(key, partition);
      const made = materialized.find((one) => one.asset === key && one.partition === partition);
      return { ...event({ ...facts, ...(made && Counts.parse(made)), partitions: [partition] }), partition_key: partition };
    });
  });
}

const refused = (asset: string, partition: string): SpindleError =>
  new SpindleError(
    'PARTITION_UNSUPPORTED',
    `Airflow takes no partition key such as ${JSON.stringify(partition.slice(0, 40))}, of ${partition.length} characters.`,
    {
      asset,
      remedy: `Give the partition a key of 1 to ${LONGEST_PARTITION_KEY} characters.`,
    },
  );
