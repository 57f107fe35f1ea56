import type { Compression } from './compression.ts';

const NAME = /\.(?:ndjson|jsonl|json)(\.gz|\.zst)?$/i;

/**
 * How the file of this key below the prefix is read; undefined for what is no file of lines. Names that begin with `_` or `.`, and all in folders of such names, are what programs
 * that write files keep for themselves, or have not finished.
 */
export function fileFormat(prefix: string, key: string): Compression | 'none' | undefined {
  const names = key.slice(prefix.length + 1).split('/');
  const match = NAME.exec(key);
  if (match === null || names.some((name) => name.startsWith('_') || name.startsWith('.'))) return undefined;
  switch (match[1]?.toLowerCase()) {
    case '.gz':
      return 'gzip';
    case '.zst':
      return 'zstd';
    default:
      return 'none';
  }
}
