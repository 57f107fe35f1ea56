import { SpindleError } from '../errors.ts';
import type { TopicReader } from '../store/topic-handle.ts';

/** Rejects with TOPIC_RECREATED where the topic is not the one any more that it was when this was asked for. */
export type SameTopic = () => Promise<void>;

/**
 * Remembers which topic is read, before its first record is: where it is deleted and created anew in a moment in which this process reads nothing, the next
 * records are those of another topic, at offsets that fit.
 */
export async function rememberTopic(topic: string, reader: Pick<TopicReader, 'topicId'>): Promise<SameTopic> {
  const first = await reader.topicId?.();
  return async () => {
    const now = first && (await reader.topicId?.());
    if (now === first || now === undefined) return;
    throw new SpindleError(
      'TOPIC_RECREATED',
      `The topic ${topic} was created anew while it was landed: what came of it last is left to the next incarnation.`,
      {
        remedy: `If that was meant, begin it: spindle landing restart ${topic}. Nothing that was landed is touched.`,
      },
    );
  };
}
