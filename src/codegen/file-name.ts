import { digest } from '../runtime/digest.ts';

/** Names that stay as they are: no system takes two of them for one, or for something of its own. */
const PLAIN = /^[a-z0-9][a-z0-9._-]{0,99}$/;
/** Windows' devices, with any ending; `readme` is the index of a folder. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d|readme)(?:\.|$)/;

/** The beginning of a file's name for a name of any kind. Different names give names that differ by more than case; plain ones stay as they are. */
export function fileName(name: string): string {
  if (PLAIN.test(name) && !RESERVED.test(name) && !name.endsWith('.')) return name;
  const readable = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${readable === '' ? 'x' : readable}-${digest(name)}`;
}
