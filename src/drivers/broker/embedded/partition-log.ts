import { open, type FileHandle } from 'node:fs/promises';
import type { BrokerRecord, ProduceRecord } from '../../../runtime/resource/broker.ts';
import type { Faults } from '../../../runtime/resource/faults.ts';
import { syncDirectory } from '../../disk/durable-file.ts';
import { guardDisk } from '../../disk/file-error.ts';
import { createQueue } from '../../disk/queue.ts';
import { readAt } from '../../disk/read-at.ts';
import { createArrival } from '../arrival.ts';
import { decodeFrame, encodeFrame, frameBound, frameLength, isIntact } from './record.ts';
import { addMark, damaged, listSegments, markBefore, newSegment, recoverSegment, saveIndex, type Mark, type Segment } from './segment.ts';

/** Bytes of records that are written and synced at once, however many a call brings. */
const APPEND_BYTES = 8 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

export interface LogOptions {
  readonly partition: number;
  readonly faults: Faults;
  /** A segment that has reached this size is followed by a new one. */
  readonly segmentBytes: number;
}

/** The append-only log of one topic partition: its segment files, of which the last one is open for writing. */
export class PartitionLog {
  readonly #directory: string;
  readonly #options: LogOptions;
  readonly #segments: Segment[];
  readonly #queue = createQueue();
  readonly #arrival = createArrival();
  #handle: FileHandle | undefined;
  #scratch: Buffer = Buffer.alloc(0);
  #broken: { readonly error: Error } | undefined;
  #indexed: number;

  private constructor(directory: string, options: LogOptions, segments: Segment[]) {
    this.#directory = directory;
    this.#options = options;
    this.#segments = segments;
    this.#indexed = segments.at(-1)?.marks.at(-1)?.offset ?? 0;
  }

  static async open(directory: string, options: LogOptions): Promise<PartitionLog> {
    const segments = await listSegments(directory);
    const last = segments.at(-1);
    if (last !== undefined) await recoverSegment(last);
    return new PartitionLog(directory, options, segments);
  }

  /** The offset that the next record will get. */
  get end(): number {
    return this.#segments.at(-1)?.end ?? 0;
  }

  /** Resolves once the records are synced. Where it rejects, nothing of the current piece of some MiB is kept. */
  append(records: readonly ProduceRecord[]): Promise<void> {
    return this.#queue(() =>
      guardDisk(`appending to ${this.#directory}`, async () => {
        for (let next = 0; next < records.length;) next = await this.#appendFrom(records, next);
      }),
    );
  }

  /** The records of `from <= offset < to` that are synced when their batch is read. */
  async *read(from: number, to: number, signal?: AbortSignal): AsyncGenerator<BrokerRecord[]> {
    for (let next = from; next < Math.min(to, this.end);) {
      const segment = this.#segments.findLast(({ base }) => base <= next);
      if (segment === undefined) return;
      for await (const batch of this.#readSegment(segment, { from: next, to }, signal)) {
        next += batch.length;
        yield batch;
      }
    }
  }

  /** Resolves once records were appended, or the log was closed. */
  grown(signal?: AbortSignal): Promise<void> {
    return this.#arrival.wait(signal);
  }

  async close(): Promise<void> {
    this.#arrival.arrived();
    await this.#queue(async () => {
      const last = this.#segments.at(-1);
      if (last !== undefined && this.#indexed < last.end) await saveIndex(last);
      await this.#handle?.close();
      this.#handle = undefined;
    });
  }

  async #appendFrom(records: readonly ProduceRecord[], first: number): Promise<number> {
    if (this.#broken !== undefined) throw this.#broken.error;
    const { faults } = this.#options;
    const { segment, handle } = await this.#writable();
    const { buffer, marks, next } = this.#encode(records, first, segment);
    faults('produce.before-append');
    try {
      const half = buffer.length >> 1;
      await writeFully(handle, buffer.subarray(0, half), segment.size);
      faults('produce.torn-append');
      await writeFully(handle, buffer.subarray(half), segment.size + half);
      await handle.datasync();
    } catch (error) {
      await this.#undo(handle, segment.size);
      throw error;
    }
    segment.size += buffer.length;
    segment.end += next - first;
    for (const mark of marks) addMark(segment, mark);
    this.#arrival.arrived();
    faults('produce.after-append');
    return next;
  }

  /** Frames of the records from `first` on, of as many as fit in one append. */
  #encode(records: readonly ProduceRecord[], first: number, { end, size }: Segment): { buffer: Buffer; marks: Mark[]; next: number } {
    let bound = 0;
    let next = first;
    for (let record = records[next]; record !== undefined; record = records[++next]) {
      const bytes = frameBound(record);
      if (next > first && bound + bytes > APPEND_BYTES) break;
      bound += bytes;
    }
    if (this.#scratch.length < bound) this.#scratch = Buffer.allocUnsafeSlow(bound);
    const marks: Mark[] = [];
    let at = 0;
    for (let i = first; i < next; i += 1) {
      const record = records[i];
      if (record === undefined) continue;
      const place = i - first;
      if (place % 64 === 0) marks.push({ offset: end + place, position: size + at });
      at = encodeFrame(this.#scratch, at, { record, offset: end + place, place });
    }
    return { buffer: this.#scratch.subarray(0, at), marks, next };
  }

  /** The segment to append to: the last one, or a new one where that is full. */
  async #writable(): Promise<{ segment: Segment; handle: FileHandle }> {
    let segment = this.#segments.at(-1);
    if (segment === undefined || segment.size >= this.#options.segmentBytes) {
      if (segment !== undefined) await saveIndex(segment);
      const created = newSegment(this.#directory, this.end);
      const handle = await open(created.path, 'w+');
      await syncDirectory(this.#directory);
      await this.#handle?.close();
      this.#handle = handle;
      this.#segments.push(created);
      segment = created;
    }
    this.#handle ??= await open(segment.path, 'r+');
    return { segment, handle: this.#handle };
  }

  /** Takes back what a failed append wrote; where even that fails, nothing more is appended until the log is opened again. */
  async #undo(handle: FileHandle, size: number): Promise<void> {
    try {
      await handle.truncate(size);
    } catch (error) {
      this.#broken = { error: error as Error };
    }
  }

  async *#readSegment(segment: Segment, span: { from: number; to: number }, signal?: AbortSignal): AsyncGenerator<BrokerRecord[]> {
    const { partition } = this.#options;
    const handle = await open(segment.path, 'r');
    try {
      let { offset, position } = markBefore(segment, span.from);
      let window = READ_BYTES;
      while (offset < Math.min(span.to, segment.end)) {
        signal?.throwIfAborted();
        const to = Math.min(span.to, segment.end);
        const buffer = await readAt(handle, position, Math.min(window, segment.size - position));
        const batch: BrokerRecord[] = [];
        let at = 0;
        let length = frameLength(buffer, at, offset);
        while (offset < to && length > 0 && at + length <= buffer.length) {
          if (!isIntact(buffer, at, length)) throw damaged(segment.path, position + at);
          if (offset >= span.from) batch.push(decodeFrame(buffer, at, partition));
          addMark(segment, { offset, position: position + at });
          at += length;
          offset += 1;
          length = frameLength(buffer, at, offset);
        }
        if (length < 0 && offset < to) throw damaged(segment.path, position + at);
        if (at === 0 && (length === 0 || position + length > segment.size)) throw damaged(segment.path, position);
        window = at === 0 ? length : READ_BYTES;
        position += at;
        if (batch.length > 0) yield batch;
      }
    } finally {
      await handle.close();
    }
  }
}

async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
