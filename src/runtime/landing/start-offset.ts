import { SpindleError } from '../errors.ts';
import type { PartitionOffsets } from '../resource/broker.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import type { TopicReader } from '../store/topic-handle.ts';
import type { ChainLink, ChainPartition } from './chain.ts';
import { chainEnd, someChain } from './chain-end.ts';
import { recordDigest } from './object-writer.ts';

export interface StartTools {
  readonly lake: ObjectStore;
  readonly reader: Pick<TopicReader, 'read' | 'offsets'>;
  readonly signal: AbortSignal;
}

/** Where a chain goes on. */
export interface ChainStart {
  /** The offset that the chain expects next: the key of its next object. */
  readonly expected: number;
  /** The first offset that there is to read. */
  readonly from: number;
}

/**
 * Behind the chain's last object; checked against the broker, since a topic that was created anew starts at zero again. A chain without an object expects
 * zero, whatever the broker still keeps: its start moves with retention, and two landers that went by it could begin two chains. Whether the topic is still
 * the same is then asked of another chain.
 */
export async function startOffset(tools: StartTools, chain: ChainPartition, { start, end }: PartitionOffsets): Promise<ChainStart> {
  const { lake, signal } = tools;
  const newest = await chainEnd(lake, chain, signal);
  if (newest === undefined) {
    await checkAnother(tools, chain);
    return { expected: 0, from: start };
  }
  const expected = newest.last + 1;
  await check(tools, chain, { newest, start, end });
  if (expected >= start) return { expected, from: expected };
  throw new SpindleError(
    'OFFSET_OUT_OF_RANGE',
    `Records ${expected} to ${start - 1} of ${chain.topic}, partition ${chain.partition}, were deleted by retention before they were landed.`,
    {
      remedy: `They are lost at the broker. Begin a new incarnation to go on: spindle landing restart ${chain.topic}. Then raise the topic's retention.`,
    },
  );
}

interface Compared {
  readonly newest: ChainLink;
  /** Of the partition at the broker. */
  readonly start: number;
  readonly end: number;
}

async function check(tools: StartTools, chain: ChainPartition, { newest, start, end: seen }: Compared): Promise<void> {
  // Others may have landed since the end was seen what came since.
  const end = seen > newest.last ? seen : await presentEnd(tools, chain.partition);
  if (end <= newest.last || !(await sameRecord(tools, chain.partition, { newest, start }))) throw recreated(chain, newest.last + 1, end);
}

async function presentEnd({ reader }: StartTools, partition: number): Promise<number> {
  return (await reader.offsets()).find((offsets) => offsets.partition === partition)?.end ?? 0;
}

/** By a partition that has something to compare: it may be the only one that had records before the topic was created anew. */
async function checkAnother(tools: StartTools, chain: ChainPartition): Promise<void> {
  const { lake, reader, signal } = tools;
  const another = await someChain(lake, chain, signal);
  if (another === undefined) return;
  const newest = await chainEnd(lake, another, signal);
  if (newest === undefined) return;
  const { start, end } = (await reader.offsets())[another.partition] ?? { start: 0, end: 0 };
  await check(tools, another, { newest, start, end });
}

async function sameRecord(
  { reader, signal }: StartTools,
  partition: number,
  { newest, start }: { readonly newest: ChainLink; readonly start: number },
): Promise<boolean> {
  const { last, lastDigest } = newest;
  if (last < start) return true; // the broker no longer has it: nothing to compare
  for await (const batch of reader.read(partition, { from: last, to: last + 1 }, { signal })) {
    const record = batch.at(-1);
    if (record !== undefined) return recordDigest(record) === lastDigest;
  }
  return true;
}

function recreated({ topic, partition, incarnation }: ChainPartition, expected: number, end: number): SpindleError {
  return new SpindleError(
    'TOPIC_RECREATED',
    `The topic ${topic} was created anew: partition ${partition} was landed up to offset ${expected - 1}, and the broker now holds other records there (its end is ${end}).`,
    {
      remedy: `If that was meant, begin incarnation ${incarnation + 1}: spindle landing restart ${topic}. Nothing that was landed is touched.`,
    },
  );
}
