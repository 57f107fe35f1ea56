import type { Cluster } from './cluster.ts';
import { topicUnknown } from './kafka-error.ts';
import { decodeTopicId, encodeTopicId, TOPIC_ID } from './wire/topic-id.ts';

const UNKNOWN_TOPIC = 3;

/** Undefined where the broker is older than ids, or keeps none. */
export async function topicId(cluster: Cluster, topic: string): Promise<string | undefined> {
  return cluster.perform({ right: 'Describe', topic }, async () => {
    const answer = await cluster.any(async (node) =>
      (await node.serves(TOPIC_ID)) ? node.send(TOPIC_ID, encodeTopicId(topic), { fetches: false }) : undefined,
    );
    if (answer === undefined) return undefined;
    const { errorCode, id } = decodeTopicId(answer);
    if (errorCode === UNKNOWN_TOPIC) throw topicUnknown(topic);
    if (errorCode !== 0) throw cluster.errorOf(errorCode);
    return id;
  });
}
