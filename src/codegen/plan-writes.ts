import { SpindleError } from '../runtime/errors.ts';
import { stateOf, unixLines, type FileState } from './file-state.ts';
import type { GeneratedFile } from './generated-file.ts';
import { ownerText, readSeal, type Owner } from './seal.ts';

export interface WriteRequest {
  readonly wanted: readonly GeneratedFile[];
  /** Texts by path: what stands in the place of the wanted files, and what the generator may remove. */
  readonly found: ReadonlyMap<string, string>;
  readonly owner: Owner;
  /** Whether edited and foreign files are replaced, and edited ones removed that are not wanted any more. */
  readonly force: boolean;
}

/** What is to be done with one file. */
export interface PlannedFile {
  readonly path: string;
  /** `stale`: generated, not edited, and not wanted any more. */
  readonly state: FileState | 'stale';
  readonly action: 'keep' | 'write' | 'remove' | 'refuse';
  readonly found: string | undefined;
  readonly wanted: string | undefined;
}

/** Compares what is wanted with what is found; by path. Files of others are in it only where they are in the way. EXPORT_INVALID where two files want one path. */
export function planWrites({ wanted, found, owner, force }: WriteRequest): readonly PlannedFile[] {
  const paths = new Set<string>();
  for (const { path } of wanted) {
    const folded = path.toLowerCase();
    if (paths.has(folded)) throw new SpindleError('EXPORT_INVALID', `Two generated files have the path ${path}, or differ only by case.`);
    paths.add(folded);
  }
  const exact = new Set(wanted.map(({ path }) => path));
  const current = wanted.map((file): PlannedFile => {
    const text = found.get(file.path);
    const state = stateOf(text, file);
    return { path: file.path, state, action: actionOf(state, force), found: text, wanted: file.text };
  });
  const stale = [...found].flatMap(([path, text]): PlannedFile[] => {
    const known = exact.has(path) ? undefined : readSeal(unixLines(text));
    if (known?.owner !== ownerText(owner)) return [];
    const removed = known.intact || force;
    return [{ path, state: known.intact ? 'stale' : 'edited', action: removed ? 'remove' : 'refuse', found: text, wanted: undefined }];
  });
  return [...current, ...stale].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function actionOf(state: FileState, force: boolean): PlannedFile['action'] {
  switch (state) {
    case 'same':
      return 'keep';
    case 'missing':
    case 'outdated':
      return 'write';
    case 'edited':
    case 'foreign':
      return force ? 'write' : 'refuse';
  }
}
