import type { Broker, PartitionOffsets } from '../../runtime/resource/broker.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import { chainEnd } from '../../runtime/landing/chain-end.ts';
import { newestIncarnation } from '../../runtime/landing/incarnation.ts';
import { formatCount } from '../format.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import type { Landing } from './landings.ts';

/** How far one partition is landed. Offsets are those of the next record. */
export interface PartitionStatus {
  readonly asset: string;
  readonly topic: string;
  readonly partition: number;
  /** 0 where nothing was landed ever. */
  readonly incarnation: number;
  /** Behind the last landed record; null where there is none. */
  readonly landed: number | null;
  /** Behind the broker's last record. */
  readonly end: number;
  readonly lag: number;
}

export interface LandingResources {
  readonly broker: Broker;
  readonly lake: ObjectStore;
  readonly signal: AbortSignal;
}

/** The state of each partition of a landing; none where the topic is not there yet. Writes nothing. */
export async function landingStatus(
  { asset, topic, prefix }: Landing,
  { broker, lake, signal }: LandingResources,
): Promise<readonly PartitionStatus[]> {
  if (!(await broker.topicNames()).includes(topic)) return [];
  const incarnation = await newestIncarnation(lake, prefix, topic);
  const status = async ({ partition, start, end }: PartitionOffsets): Promise<PartitionStatus> => {
    const last = incarnation && (await chainEnd(lake, { ...incarnation, partition }, signal))?.last;
    return {
      asset,
      topic,
      partition,
      incarnation: incarnation?.incarnation ?? 0,
      landed: last === undefined ? null : last + 1,
      end,
      lag: end - (last === undefined ? start : last + 1),
    };
  };
  return Promise.all((await broker.offsets(topic)).map(status));
}

const COLUMNS = [
  { title: 'asset', text: ({ asset }: PartitionStatus) => asset },
  { title: 'topic', text: ({ topic }: PartitionStatus) => topic },
  { title: 'partition', text: ({ partition }: PartitionStatus) => String(partition), align: 'right' },
  { title: 'incarnation', text: ({ incarnation }: PartitionStatus) => (incarnation === 0 ? '-' : String(incarnation)), align: 'right' },
  { title: 'landed', text: ({ landed }: PartitionStatus) => (landed === null ? '-' : formatCount(landed)), align: 'right' },
  { title: 'end', text: ({ end }: PartitionStatus) => formatCount(end), align: 'right' },
  { title: 'lag', text: ({ lag }: PartitionStatus) => formatCount(lag), align: 'right' },
  { title: '', text: ({ lag }: PartitionStatus) => (lag < 0 ? 'the topic was created anew' : '') },
] as const;

export function landingStatusText(landings: readonly Landing[], partitions: readonly PartitionStatus[], style: Style): string {
  if (landings.length === 0) return 'The project lands no topic.';
  const missing = landings.filter(({ asset }) => !partitions.some((status) => status.asset === asset));
  return [
    ...(partitions.length > 0 ? [table(COLUMNS, partitions, style.bold)] : []),
    ...missing.map(({ asset, topic }) => `${asset}: the topic ${topic} is not there yet.`),
  ].join('\n');
}
