import { checkPartition } from '../topic-error.ts';
import type { Cluster } from './cluster.ts';
import { typeOf } from './kafka-error.ts';
import type { Topics } from './topics.ts';

/** In place of a generation and a member: a commit from outside, which the broker takes only while the group has no members. */
const NO_GENERATION = -1;
const NO_MEMBER = '';

/** What a broker answers to a commit that comes too late or from outside a group that has members. */
const NOT_THE_MEMBER: ReadonlySet<string | undefined> = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'FENCED_INSTANCE_ID',
]);

/** Whether a commit failed because the partitions are others' now: what it would have kept is theirs to keep. */
export const isLeftOut = (error: unknown): boolean => NOT_THE_MEMBER.has(typeOf(error));

/** The committed offsets of groups, without being a member of any. */
export class GroupOffsets {
  readonly #cluster: Cluster;
  readonly #topics: Topics;

  constructor(cluster: Cluster, topics: Topics) {
    this.#cluster = cluster;
    this.#topics = topics;
  }

  async commit(group: string, topic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset), metadata: '' }));
    await this.#cluster.perform({ right: 'Read', topic, group }, async () => {
      const layout = await this.#topics.layout(topic);
      for (const partition of offsets.keys()) checkPartition(layout, partition);
      if (partitions.length === 0) return;
      const request = { groupId: group, groupGenerationId: NO_GENERATION, memberId: NO_MEMBER, topics: [{ topic, partitions }] };
      try {
        await this.#topics.doubting(topic, () =>
          this.#cluster.coordinator(group, (node) => node.call((broker) => broker.offsetCommit(request))),
        );
      } catch (error) {
        if (!isLeftOut(error)) throw error;
      }
    });
  }

  committed(group: string, topic: string): Promise<ReadonlyMap<number, number>> {
    return this.#cluster.perform({ right: 'Read', topic, group }, async () => {
      const layout = await this.#topics.layout(topic);
      const partitions = Array.from({ length: layout.partitions }, (_, partition) => ({ partition }));
      const { responses } = await this.#cluster.coordinator(group, (node) =>
        node.call((broker) => broker.offsetFetch({ groupId: group, topics: [{ topic, partitions }] })),
      );
      const found = responses.flatMap((response) => response.partitions).filter(({ offset }) => Number(offset) >= 0);
      return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
    });
  }
}
