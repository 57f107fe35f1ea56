import { readLake, type LandedTopic } from './lake-records.ts';
import { TOPIC, type Rig } from './rig.ts';
import { readTopic, type KeptTopic } from './topic-records.ts';

/** What lies in the topic and in the lake, counted by reading both. Nothing is wrong with it where `problems` is empty. */
export interface Account {
  readonly topic: KeptTopic;
  readonly landed: LandedTopic;
  /** Records in the topic. */
  readonly records: number;
  /** In words. */
  readonly problems: readonly string[];
}

export async function account(rig: Rig): Promise<Account> {
  const topic = await readTopic(rig.broker.brokers, TOPIC, rig.production);
  const landed = await readLake(rig.lake, topic);
  const records = [...topic.partitions.values()].reduce((sum, { digests }) => sum + digests.length, 0);
  return { topic, landed, records, problems: [...topicProblems(topic), ...lakeProblems(landed)] };
}

function topicProblems({ missing, duplicated, changed, outOfOrder }: KeptTopic): readonly string[] {
  return [
    ...told(missing, 'events of the generator are missing in the topic'),
    ...told(duplicated, 'events are in the topic once more than they were made'),
    ...told(changed, 'records of the topic are not what the generator makes'),
    ...told(outOfOrder, 'records of the topic come behind a later one'),
  ];
}

function lakeProblems({ missing, duplicated, changed, deadExpected, deadFound, misjudged, problems }: LandedTopic): readonly string[] {
  return [
    ...told(missing, 'offsets lie in no object'),
    ...told(duplicated, 'records lie in objects beyond the one that they belong to'),
    ...told(changed, 'records differ between topic and lake'),
    ...told(misjudged, 'records are among the good ones and should be set aside, or the other way around'),
    ...told(Math.abs(deadExpected - deadFound), `dead letters too few or too many: expected ${deadExpected}, found ${deadFound}`),
    ...problems.slice(0, 20),
  ];
}

const told = (count: number, what: string): readonly string[] => (count === 0 ? [] : [`${count} ${what}`]);
