import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartitionOffsets, ProduceRecord, TopicSpec } from '../../../runtime/resource/broker.ts';
import { ensureDirectory, syncDirectory, writeNewFile } from '../../disk/durable-file.ts';
import { ifPresent } from '../../disk/file-error.ts';
import { readJsonFile } from '../../disk/json-file.ts';
import { checkPartition } from '../topic-error.ts';
import { PartitionLog, type LogOptions } from './partition-log.ts';

const SPEC_FILE = 'topic.json';

/** Names of the topics in a folder, sorted. */
export async function listTopics(directory: string): Promise<string[]> {
  const names = (await ifPresent(readdir(directory))) ?? [];
  return names.filter((name) => !name.startsWith('.')).toSorted();
}

/** Creates the topic's folder at once: it is there with all its partitions, or not at all. */
export async function createTopic(directory: string, spec: TopicSpec): Promise<void> {
  await ensureDirectory(directory);
  const temporary = join(directory, `.${randomUUID()}`);
  try {
    for (let partition = 0; partition < spec.partitions; partition += 1)
      await mkdir(join(temporary, String(partition)), { recursive: true });
    await writeNewFile(join(temporary, SPEC_FILE), JSON.stringify({ name: spec.name, partitions: spec.partitions }));
    await syncDirectory(temporary);
    await rename(temporary, join(directory, spec.name));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  await syncDirectory(directory);
}

/** A topic whose partitions are open. */
export class Topic {
  readonly spec: TopicSpec;
  readonly #logs: readonly PartitionLog[];

  private constructor(spec: TopicSpec, logs: readonly PartitionLog[]) {
    this.spec = spec;
    this.#logs = logs;
  }

  /** Undefined where the folder holds no such topic. */
  static async open(directory: string, name: string, options: Omit<LogOptions, 'partition'>): Promise<Topic | undefined> {
    const path = join(directory, name);
    const spec = (await readJsonFile(join(path, SPEC_FILE))) as TopicSpec | undefined;
    if (spec === undefined) return undefined;
    const partitions = Array.from({ length: spec.partitions }, (_, partition) => partition);
    const logs = await Promise.all(
      partitions.map((partition) => PartitionLog.open(join(path, String(partition)), { ...options, partition })),
    );
    return new Topic(spec, logs);
  }

  offsets(): PartitionOffsets[] {
    return this.#logs.map((log, partition) => ({ partition, start: 0, end: log.end }));
  }

  async append(records: readonly ProduceRecord[]): Promise<void> {
    const parts: ProduceRecord[][] = this.#logs.map(() => []);
    for (const record of records) {
      checkPartition(this.spec, record.partition);
      parts[record.partition]?.push(record);
    }
    // every partition is waited for: a caller that tries again must not meet an append still under way
    const results = await Promise.allSettled(
      parts.map(async (part, i) => {
        if (part.length > 0) await this.#logs[i]?.append(part);
      }),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  log(partition: number): PartitionLog {
    checkPartition(this.spec, partition);
    return this.#logs[partition] as PartitionLog;
  }

  async close(): Promise<void> {
    await Promise.all(this.#logs.map((log) => log.close()));
  }
}
