import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';
import type { ProduceOptions, ProduceRecord, RecordAuthor } from '../../../runtime/resource/broker.ts';
import type { Faults } from '../../../runtime/resource/faults.ts';
import { createQueue } from '../../disk/queue.ts';
import { checkPartition } from '../topic-error.ts';
import { seatBehind, type Seat } from './author.ts';
import type { Cluster } from './cluster.ts';
import { PartitionBatches } from './partition-batches.ts';
import { abortable } from './patience.ts';
import { byLeader, type Topics } from './topics.ts';
import { decodeProduce, encodeProduce, PRODUCE, type ProducePartition } from './wire/produce.ts';
import type { Compressor } from './wire/record-batch.ts';

/** How long a broker waits for its replicas. */
const REPLICA_MILLISECONDS = 10_000;
/** Bytes of batches in one request: far below what a broker takes, and what is held for sending again. */
const REQUEST_BYTES = 8 << 20;
/** Larger records are worth asking the topic whether it takes them: a broker closes the connection on what is larger than any request may be. */
const LARGE_RECORD_BYTES = 8 << 20;
/** Of no transaction; brokers want some number. */
const TRANSACTION_MILLISECONDS = 60_000;

const KEPT: ReadonlySet<number | undefined> = new Set([0, 46]); // 46: a batch that was sent again, and is there already
const TOO_LARGE: ReadonlySet<number | undefined> = new Set([10, 18]);
/** The batch does not follow what the broker has of its producer, or it has nothing of it. */
const NOT_NEXT: ReadonlySet<number | undefined> = new Set([45, 47, 59]);

/**
 * Appends records so that each is kept once, however often a batch must be sent. Calls for one topic are served in order. After a failure nobody knows
 * what the broker kept, or will keep of what is still under way: the next call goes on behind what its caller found, or has a new identity.
 *
 * Going on behind a record is taking the place of its producer, with the number that follows: of all batches with that number the broker takes the first to
 * come, and refuses the others. So a batch that comes late, of a process that was replaced, doubles nothing.
 */
export class Producer {
  readonly #cluster: Cluster;
  readonly #topics: Topics;
  readonly #compressor: Compressor | undefined;
  readonly #faults: Faults;
  readonly #queues = new Map<string, ReturnType<typeof createQueue>>();
  /** By topic and partition. */
  readonly #seats = new Map<string, Map<number, Seat>>();
  /** Of those who go on behind nobody. In a partition of a topic it begins once: its numbers would be taken for those that are there. */
  #identity: Promise<Omit<Seat, 'next'>> | undefined;

  constructor(
    cluster: Cluster,
    topics: Topics,
    { compressor, faults }: { readonly compressor: Compressor | undefined; readonly faults: Faults },
  ) {
    this.#cluster = cluster;
    this.#topics = topics;
    this.#compressor = compressor;
    this.#faults = faults;
  }

  async produce(topic: string, records: readonly ProduceRecord[], options: ProduceOptions): Promise<void> {
    const queue = this.#queues.get(topic) ?? createQueue();
    this.#queues.set(topic, queue);
    await abortable(
      queue(() => this.#produce(topic, records, options)),
      options.signal,
    );
  }

  async #produce(topic: string, records: readonly ProduceRecord[], { signal, behind }: ProduceOptions): Promise<void> {
    const purpose = { right: 'Write', topic } as const;
    const layout = await this.#cluster.perform(purpose, () => this.#topics.layout(topic), signal);
    for (const { partition } of records) checkPartition(layout, partition);
    await this.#refuseTooLarge(topic, records);
    if (behind !== undefined) this.#replace(topic, behind);
    try {
      const seats = await this.#cluster.perform(purpose, () => this.#seatsOf(topic, records), signal);
      const partitions = this.#divide(records, seats);
      this.#faults('produce.before-append');
      while (partitions.size > 0) {
        const fenced = await this.#cluster.perform(purpose, () => this.#round(topic, partitions), signal);
        if (fenced !== undefined) throw fenced;
      }
      this.#faults('produce.after-append');
    } catch (error) {
      this.#replace(topic, new Map());
      throw error;
    }
  }

  #replace(topic: string, behind: ReadonlyMap<number, RecordAuthor>): void {
    this.#seats.set(topic, new Map([...behind].map(([partition, author]) => [partition, seatBehind(author)])));
    this.#identity = undefined;
  }

  /** With a seat for each partition that has records. */
  async #seatsOf(topic: string, records: readonly ProduceRecord[]): Promise<Map<number, Seat>> {
    const seats = this.#seats.get(topic) ?? new Map<number, Seat>();
    this.#seats.set(topic, seats);
    for (const { partition } of records) if (!seats.has(partition)) seats.set(partition, { ...(await this.#identify()), next: 0 });
    return seats;
  }

  #identify(): Promise<Omit<Seat, 'next'>> {
    this.#identity ??= this.#cluster
      .any((node) => node.call((broker) => broker.initProducerId({ transactionTimeout: TRANSACTION_MILLISECONDS })))
      .then(({ producerId, producerEpoch }) => ({ producerId: Number(producerId), producerEpoch }))
      .catch((error: unknown) => {
        this.#identity = undefined;
        throw error;
      });
    return this.#identity;
  }

  #divide(records: readonly ProduceRecord[], seats: Map<number, Seat>): Map<number, PartitionBatches> {
    const divided = new Map<number, ProduceRecord[]>();
    for (const record of records) {
      const part = divided.get(record.partition);
      if (part === undefined) divided.set(record.partition, [record]);
      else part.push(record);
    }
    const options = { seats, compressor: this.#compressor };
    return new Map([...divided].map(([partition, part]) => [partition, new PartitionBatches(part, partition, options)]));
  }

  /** Sends the next batch of each partition to its leader. Once all leaders have answered it fails with the first failure, but gives one that is of no use to try again. */
  async #round(topic: string, partitions: Map<number, PartitionBatches>): Promise<SpindleError | undefined> {
    const { leaders } = await this.#topics.layout(topic);
    const requests = [...byLeader(partitions.keys(), leaders)].map(async ([leader, led]) => {
      const sent = await fill(led.flatMap((partition) => partitions.get(partition) ?? []));
      const body = encodeProduce(topic, sent, REPLICA_MILLISECONDS);
      const codes = decodeProduce(await this.#cluster.at(leader, 'bulk', (node) => node.send(PRODUCE, body, { fetches: false })));
      let failure: Error | undefined;
      let fenced: SpindleError | undefined;
      for (const { batches, partition } of sent) {
        const code = codes.get(partition);
        if (NOT_NEXT.has(code)) fenced ??= this.#fenced(topic, partition, code);
        else failure ??= await this.#settle(batches, topic, code);
        if (batches.isDone) partitions.delete(partition);
      }
      if (failure !== undefined) throw failure;
      return fenced;
    });
    const results = await Promise.allSettled(requests);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) return results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []))[0];
    this.#topics.doubt(topic);
    throw failed.reason;
  }

  /** Takes up the answer for a partition's batch, and gives the failure where there is one. */
  async #settle(batches: PartitionBatches, topic: string, code: number | undefined): Promise<Error | undefined> {
    if (KEPT.has(code)) {
      batches.kept();
      return undefined;
    }
    if (TOO_LARGE.has(code)) {
      const single = batches.tooLarge();
      return single && this.#tooLarge({ topic, partition: batches.partition }, single.singleRecordBytes);
    }
    return this.#topics.partitionError(topic, code ?? -1);
  }

  #fenced(topic: string, partition: number, code: number | undefined): SpindleError {
    return new SpindleError(
      'PRODUCER_FENCED',
      `Kafka refuses what was to follow in topic '${topic}', partition ${partition}: somebody else appended in the same place meanwhile, or the broker knows its producer no more`,
      {
        remedy: 'Run the same command again: it goes on behind what the topic holds.',
        transient: true,
        cause: this.#cluster.errorOf(code ?? -1),
      },
    );
  }

  async #refuseTooLarge(topic: string, records: readonly ProduceRecord[]): Promise<void> {
    // compressed, it may be small enough
    if (this.#compressor !== undefined) return;
    const [largest] = records.filter(({ value }) => (value?.length ?? 0) > LARGE_RECORD_BYTES);
    if (largest === undefined) return;
    const limit = await this.#limit(topic);
    const bytes = largest.value?.length ?? 0;
    if (limit !== undefined && bytes > limit) throw await this.#tooLarge({ topic, partition: largest.partition }, bytes);
  }

  async #tooLarge({ topic, partition }: { readonly topic: string; readonly partition: number }, bytes: number): Promise<SpindleError> {
    const limit = await this.#limit(topic);
    const most = limit === undefined ? 'than it allows' : `than the ${limit} bytes that it allows`;
    return new SpindleError(
      'RECORD_TOO_LARGE',
      `a record of ${bytes} bytes for topic '${topic}', partition ${partition}, is larger ${most}`,
      {
        remedy: `Make the record smaller, or raise the topic's max.message.bytes above ${bytes}.`,
      },
    );
  }

  /** Undefined where the user may not know. */
  async #limit(topic: string): Promise<number | undefined> {
    try {
      return Number((await this.#topics.config(topic, ['max.message.bytes'])).get('max.message.bytes'));
    } catch (error) {
      if (isSpindleError(error) && error.code === 'BROKER_REFUSED') return undefined;
      throw error;
    }
  }
}

/** The next batches of as many partitions as fit in a request. */
async function fill(
  partitions: readonly PartitionBatches[],
): Promise<readonly (ProducePartition & { readonly batches: PartitionBatches })[]> {
  const filled: (ProducePartition & { readonly batches: PartitionBatches })[] = [];
  let bytes = 0;
  for (const batches of partitions) {
    const batch = await batches.batch();
    bytes += batch.length;
    if (bytes > REQUEST_BYTES && filled.length > 0) break;
    filled.push({ partition: batches.partition, batch, batches });
  }
  return filled;
}
