import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SpindleError } from '../../../runtime/errors.ts';
import { replaceFile } from '../../disk/durable-file.ts';
import { readJsonFile } from '../../disk/json-file.ts';
import { readAt } from '../../disk/read-at.ts';
import { frameLength, isIntact, provesDamage } from './record.ts';

/** Bytes between two entries of the sparse index. */
const MARK_BYTES = 256 * 1024;
const SCAN_BYTES = 4 * 1024 * 1024;

/** Where in a segment the frame of an offset begins. */
export interface Mark {
  readonly offset: number;
  readonly position: number;
}

/** One file of a partition's log. `end` and `size` cover what is acknowledged and grow with the last segment only; `marks` ascend. */
export interface Segment {
  readonly path: string;
  readonly base: number;
  readonly marks: Mark[];
  end: number;
  size: number;
}

const segmentName = (base: number) => `${String(base).padStart(20, '0')}.log`;
const indexPath = (segment: Segment) => segment.path.replace(/\.log$/, '.index.json');

export function newSegment(directory: string, base: number): Segment {
  return { path: join(directory, segmentName(base)), base, marks: [{ offset: base, position: 0 }], end: base, size: 0 };
}

/** Adds an index entry where the last one is far enough behind. */
export function addMark({ marks }: Segment, mark: Mark): void {
  const last = marks.at(-1);
  if (last === undefined || (mark.offset > last.offset && mark.position >= last.position + MARK_BYTES)) marks.push(mark);
}

/** The last index entry at or before the offset. */
export function markBefore({ marks, base }: Segment, offset: number): Mark {
  return marks.findLast((mark) => mark.offset <= offset) ?? { offset: base, position: 0 };
}

export function damaged(path: string, position: number, cause?: unknown): SpindleError {
  return new SpindleError(
    'STORE_CORRUPT',
    `the segment file ${path} is damaged at byte ${position}: records that were acknowledged cannot be read`,
    {
      remedy: 'Restore the file from a backup, or delete the folder of the broker and produce the topics again.',
      ...(cause !== undefined && { cause }),
    },
  );
}

/** Writes the sparse index beside a segment: it spares the next opener reading the file from its beginning. */
export async function saveIndex(segment: Segment): Promise<void> {
  const { marks, end, size } = segment;
  const last = marks.at(-1);
  const all = last === undefined || last.offset < end ? [...marks, { offset: end, position: size }] : marks;
  await replaceFile(indexPath(segment), JSON.stringify(all.map(({ offset, position }) => [offset, position])));
}

async function loadMarks(segment: Segment): Promise<void> {
  const pairs = (await readJsonFile(indexPath(segment))) as readonly (readonly [number, number])[] | undefined;
  if (pairs !== undefined) segment.marks.splice(0, Infinity, ...pairs.map(([offset, position]) => ({ offset, position })));
}

/** A partition's segments in order, sizes as the files have them; the last one is not yet recovered. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.log')).toSorted();
  const segments = names.map((name) => newSegment(directory, Number(name.slice(0, -4))));
  for (const [i, segment] of segments.entries()) {
    segment.size = (await stat(segment.path)).size;
    segment.end = segments[i + 1]?.base ?? segment.base;
    await loadMarks(segment);
  }
  return segments;
}

/** Walks whole, intact frames from the last index entry on; returns where they end. */
async function scanFrames(handle: FileHandle, segment: Segment, size: number): Promise<Mark> {
  let { offset, position } = markBefore(segment, Infinity);
  let window = SCAN_BYTES;
  while (position < size) {
    const buffer = await readAt(handle, position, Math.min(window, size - position));
    let at = 0;
    let length = frameLength(buffer, at, offset);
    while (length > 0 && at + length <= buffer.length && isIntact(buffer, at, length)) {
      addMark(segment, { offset, position: position + at });
      at += length;
      offset += 1;
      length = frameLength(buffer, at, offset);
    }
    position += at;
    if (at > 0) window = SCAN_BYTES;
    else if (length > buffer.length && position + length <= size) window = length;
    else break;
  }
  return { offset, position };
}

/**
 * Finds the end of the last segment and truncates an append that a crash tore, which was never acknowledged. Damage before
 * that is STORE_CORRUPT.
 */
export async function recoverSegment(segment: Segment): Promise<void> {
  const handle = await open(segment.path, 'r+');
  try {
    const { size } = await handle.stat();
    if (markBefore(segment, Infinity).position > size) throw damaged(segment.path, size);
    const { offset, position } = await scanFrames(handle, segment, size);
    if (position < size) {
      if (provesDamage(await readAt(handle, position, size - position), offset)) throw damaged(segment.path, position);
      await handle.truncate(position);
      await handle.sync();
    }
    segment.end = offset;
    segment.size = position;
  } finally {
    await handle.close();
  }
}
