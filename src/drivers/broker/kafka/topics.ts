import { setTimeout as sleep } from 'node:timers/promises';
import type { PartitionOffsets, Retention, TopicSpec, TopicState } from '../../../runtime/resource/broker.ts';
import { checkExisting, checkTopic } from '../topic-error.ts';
import type { Cluster } from './cluster.ts';
import { topicUnknown, typeOf, type Purpose } from './kafka-error.ts';

/** How long what is known of a topic is taken for true: then partitions that were added are seen. A leader that moved is noticed at once. */
const FRESH_MILLISECONDS = 30_000;
/** A topic that was there is asked for so often more: a broker that starts may not know of it yet. */
const DOUBTS = 5;
const DOUBT_MILLISECONDS = 200;
const UNKNOWN_TOPIC = 3;
const LEADER_NOT_AVAILABLE = 5;
const NOT_LEADER = 6;
const TOPIC_RESOURCE = 2;
const CREATE_MILLISECONDS = 10_000;
const EARLIEST = -2;
const LATEST = -1;
const READ_COMMITTED = 1;

export interface TopicLayout {
  readonly name: string;
  readonly partitions: number;
  /** The number of the broker that leads each partition. */
  readonly leaders: readonly number[];
}

/** The topics of a cluster: which there are, who leads their partitions, what they keep. The methods that take no purpose are for use within `perform`. */
export class Topics {
  readonly #cluster: Cluster;
  readonly #known = new Map<string, { readonly layout: TopicLayout; readonly at: number }>();

  readonly #asking = new Map<string, Promise<TopicLayout | undefined>>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async names(): Promise<string[]> {
    const { topics } = await this.#cluster.perform({ right: 'Describe' }, () => this.#cluster.metadata('all'));
    return topics.flatMap(({ name, internal }) => (internal ? [] : [name])).toSorted();
  }

  /** TOPIC_UNKNOWN where there is none. */
  async layout(name: string): Promise<TopicLayout> {
    const known = this.#known.get(name);
    if (known !== undefined && performance.now() - known.at < FRESH_MILLISECONDS) return known.layout;
    let layout = await this.#ask(name);
    for (let doubt = 0; layout === undefined && known !== undefined && doubt < DOUBTS; doubt++) {
      await sleep(DOUBT_MILLISECONDS);
      layout = await this.#ask(name);
    }
    if (layout !== undefined) return layout;
    this.#known.delete(name);
    throw topicUnknown(name);
  }

  /** How many partitions it has by now, 0 where there is no such topic. */
  async partitions(name: string): Promise<number> {
    const layout = await this.#cluster.perform({ right: 'Describe', topic: name }, () => this.#ask(name));
    return layout?.partitions ?? 0;
  }

  /** To be called where a broker says that it does not lead a partition, or does not know the topic. */
  doubt(name: string): void {
    const known = this.#known.get(name);
    if (known !== undefined) this.#known.set(name, { ...known, at: -Infinity });
  }

  /** Asks something about a topic that is known; a broker that does not know it yet, or does not lead it, is asked again. */
  async doubting<T>(topic: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      this.doubt(topic);
      if (typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') throw await this.partitionError(topic, UNKNOWN_TOPIC);
      throw error;
    }
  }

  /** What an error code for a partition means; of a topic that is not known, once the cluster confirms it. */
  async partitionError(topic: string, code: number): Promise<Error> {
    this.doubt(topic);
    if (code !== UNKNOWN_TOPIC) return this.#cluster.errorOf(code);
    await this.layout(topic);
    return this.#cluster.errorOf(NOT_LEADER);
  }

  async ensure(spec: TopicSpec): Promise<TopicState> {
    checkTopic(spec);
    const purpose: Purpose = { right: 'Create', topic: spec.name };
    const found = await this.#cluster.perform({ right: 'Describe', topic: spec.name }, () => this.#ask(spec.name));
    const layout = found ?? (await this.#cluster.perform(purpose, () => this.#create(spec)));
    const retention = await this.retention(spec.name);
    checkExisting({ partitions: layout.partitions, retention }, spec);
    return { retention };
  }

  /** How long the topic keeps records: of one that is only compacted, forever. */
  async retention(topic: string): Promise<Retention> {
    const config = await this.config(topic, ['retention.ms', 'cleanup.policy']);
    const milliseconds = Number(config.get('retention.ms') ?? -1);
    const deletes = (config.get('cleanup.policy') ?? 'delete').split(',').includes('delete');
    return deletes && milliseconds >= 0 ? milliseconds : 'forever';
  }

  async config(topic: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const request = { resources: [{ type: TOPIC_RESOURCE, name: topic, configNames: names }] };
    const { resources } = await this.#cluster.perform({ right: 'DescribeConfigs', topic }, () =>
      this.doubting(topic, () => this.#cluster.any((node) => node.call((broker) => broker.describeConfigs(request)))),
    );
    const entries = resources[0]?.configEntries ?? [];
    return new Map(entries.flatMap(({ configName, configValue }) => (configValue === null ? [] : [[configName, configValue] as const])));
  }

  offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    return this.#cluster.perform({ right: 'Describe', topic }, async () => {
      const { leaders } = await this.layout(topic);
      const found = await Promise.all(
        [...byLeader(leaders.keys(), leaders)].map(async ([leader, partitions]) => {
          const [starts, ends] = await Promise.all(
            [EARLIEST, LATEST].map((timestamp) => this.#list(topic, leader, { partitions, timestamp })),
          );
          return partitions.map((partition) => ({ partition, start: starts?.get(partition) ?? 0, end: ends?.get(partition) ?? 0 }));
        }),
      );
      return found.flat().toSorted((a, b) => a.partition - b.partition);
    });
  }

  async #list(
    topic: string,
    leader: number,
    { partitions, timestamp }: { readonly partitions: readonly number[]; readonly timestamp: number },
  ): Promise<ReadonlyMap<number, number>> {
    const topics = [{ topic, partitions: partitions.map((partition) => ({ partition, timestamp })) }];
    const { responses } = await this.doubting(topic, () =>
      this.#cluster.at(leader, 'control', (node) =>
        node.call((broker) => broker.listOffsets({ replicaId: -1, isolationLevel: READ_COMMITTED, topics })),
      ),
    );
    return new Map(responses[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Undefined where there is no such topic. Whoever asks meanwhile shares the answer. */
  #ask(name: string): Promise<TopicLayout | undefined> {
    const asked = this.#asking.get(name) ?? this.#askCluster(name).finally(() => this.#asking.delete(name));
    this.#asking.set(name, asked);
    return asked;
  }

  async #askCluster(name: string): Promise<TopicLayout | undefined> {
    const { topics } = await this.#cluster.metadata([name]);
    const found = topics.find((topic) => topic.name === name);
    if (found === undefined || found.errorCode === UNKNOWN_TOPIC) return undefined;
    const failed = [found, ...found.partitions].find(({ errorCode }) => errorCode !== 0);
    if (failed !== undefined) throw this.#cluster.errorOf(failed.errorCode);
    const leaders = found.partitions.toSorted((a, b) => a.partition - b.partition).map(({ leader }) => leader);
    const layout = { name, partitions: leaders.length, leaders };
    this.#known.set(name, { layout, at: performance.now() });
    return layout;
  }

  async #create({ name, partitions, retention }: TopicSpec): Promise<TopicLayout> {
    const configEntries =
      retention === undefined ? [] : [{ name: 'retention.ms', value: String(retention === 'forever' ? -1 : retention) }];
    const topic = { topic: name, numPartitions: partitions, replicationFactor: this.#cluster.settings.replication ?? -1, configEntries };
    try {
      await this.#cluster.controller((node) =>
        node.call((broker) => broker.createTopics({ topics: [topic], timeout: CREATE_MILLISECONDS })),
      );
    } catch (error) {
      // by another process, or by an attempt of ours whose answer was lost
      if (typeOf(error) !== 'TOPIC_ALREADY_EXISTS') throw error;
    }
    const layout = await this.#ask(name);
    if (layout === undefined) throw this.#cluster.errorOf(LEADER_NOT_AVAILABLE);
    return layout;
  }
}

/** Partitions by the broker that leads them. */
export function byLeader(partitions: Iterable<number>, leaders: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const led = new Map<number, number[]>();
  for (const partition of partitions) {
    const leader = leaders[partition] ?? -1;
    led.set(leader, [...(led.get(leader) ?? []), partition]);
  }
  return led;
}
