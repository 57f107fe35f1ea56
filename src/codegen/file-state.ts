import type { GeneratedFile } from './generated-file.ts';
import { readSeal } from './seal.ts';

/**
 * How a file that is found compares with the one that is wanted in its place: `outdated` was generated and is not edited; the digest of an `edited` one
 * does not fit; a `foreign` one is not generated, or by another generator or from another project.
 */
export type FileState = 'missing' | 'same' | 'outdated' | 'edited' | 'foreign';

export function stateOf(found: string | undefined, wanted: GeneratedFile): FileState {
  if (found === undefined) return 'missing';
  const text = unixLines(found);
  if (text === wanted.text) return 'same';
  const known = readSeal(text);
  if (known === undefined || known.owner !== readSeal(wanted.text)?.owner) return 'foreign';
  return known.intact ? 'outdated' : 'edited';
}

/** The text as it was before a checkout gave every line the ending of Windows. */
export function unixLines(text: string): string {
  return /(?<!\r)\n/.test(text) ? text : text.replaceAll('\r\n', '\n');
}
