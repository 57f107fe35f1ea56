import type * as kafkajs from 'kafkajs';
import { z } from 'zod';
import { dividePartitions } from './divide-partitions.ts';

/** Members of one group must have a way to divide in common: the name changes where what they tell one another does. */
const NAME = 'spindle-1';
const VERSION = 1;

const Owned = z.record(z.string(), z.array(z.int().nonnegative()));

export interface AssignerOptions {
  /** By topic, what this member has now: it is told to the one that divides. */
  owned(): Readonly<Record<string, readonly number[]>>;
  /** 0 where there is no such topic. */
  partitions(topic: string): Promise<number>;
}

/**
 * How members divide what they want. kafkajs's own way takes all members for the topic of the one that divides, which leaves out the topics of the
 * others, and deals all partitions anew whenever a member comes or goes.
 */
export function createAssigner({ AssignerProtocol }: typeof kafkajs, { owned, partitions }: AssignerOptions): kafkajs.PartitionAssigner {
  const { MemberMetadata, MemberAssignment } = AssignerProtocol;
  return () => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.from(JSON.stringify(owned())) }),
    }),
    async assign({ members }) {
      const claimants = members.map(({ memberId, memberMetadata }) => {
        const metadata = MemberMetadata.decode(memberMetadata);
        return { id: memberId, topics: metadata?.topics ?? [], owned: Owned.parse(JSON.parse(String(metadata?.userData))) };
      });
      const topics = [...new Set(claimants.flatMap((claimant) => claimant.topics))];
      const counts = new Map(await Promise.all(topics.map(async (topic) => [topic, await partitions(topic)] as const)));
      return [...dividePartitions(claimants, counts)].map(([memberId, division]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment: Object.fromEntries(Object.entries(division).map(([topic, mine]) => [topic, [...mine]])),
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
}
