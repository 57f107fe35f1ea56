import { createHash } from 'node:crypto';
import type { LoadObject } from '../../runtime/resource/warehouse.ts';

/**
 * What a table holds, summed up so that neither order nor grouping matters: its rows, and the sum modulo 2^64 of a 64-bit hash of each
 * part (a written row, or a loaded object with its etag and generation). The same parts give the same version, however they came.
 */
export interface TableDigest {
  readonly rows: number;
  readonly sum: bigint;
}

export const emptyDigest: TableDigest = { rows: 0, sum: 0n };

export function addDigest(a: TableDigest, b: TableDigest): TableDigest {
  return { rows: a.rows + b.rows, sum: BigInt.asUintN(64, a.sum + b.sum) };
}

export function subtractDigest(a: TableDigest, b: TableDigest): TableDigest {
  return { rows: a.rows - b.rows, sum: BigInt.asUintN(64, a.sum - b.sum) };
}

export function versionText({ rows, sum }: TableDigest): string {
  return `${rows}-${sum.toString(16).padStart(16, '0')}`;
}

/** What one loaded object adds to the digest of its table. */
export function objectDigest(object: Pick<LoadObject, 'key' | 'etag' | 'rows'>, generation: string): TableDigest {
  return { rows: object.rows, sum: hash64(JSON.stringify([object.key, object.etag, generation])) };
}

/** The first 64 bits of a text's SHA-256. */
export function hash64(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigUInt64BE();
}
