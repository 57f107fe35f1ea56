import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** A file as it was when it was read. `modified` is nanoseconds since the epoch, as text, or 'recent' where it changed too shortly before to be told apart from a later change. */
export interface SourceFile {
  readonly path: string;
  readonly size: number;
  readonly modified: string;
  /** Of its content; 'absent' for a file that was looked for and is not there. */
  readonly hash: string;
}

/** Longer than the tick of a file system's clock: two changes within one tick carry the same time. */
const TICK_MILLISECONDS = 50;

export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
}

/** The file and its text. The state is taken before the text is read, so that a change in between is seen later. */
export function readSourceFile(path: string): { readonly file: SourceFile; readonly text: string } {
  const state = stateOf(path);
  if (state === undefined) return { file: { path, size: 0, modified: '0', hash: 'absent' }, text: '' };
  const content = readFileSync(path);
  return { file: { path, ...state, hash: hashOf(content) }, text: content.toString('utf8') };
}

/** The file as it is now, without reading it where size and time are the same; undefined where its content differs. */
export function refreshSourceFile(file: SourceFile): SourceFile | undefined {
  const state = stateOf(file.path);
  if (state !== undefined && state.size === file.size && state.modified === file.modified && state.modified !== 'recent') return file;
  const now = readSourceFile(file.path).file;
  return now.hash === file.hash ? now : undefined;
}

function stateOf(path: string): { readonly size: number; readonly modified: string } | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const recent = Date.now() - Number(stat.mtimeMs) < TICK_MILLISECONDS;
  return { size: Number(stat.size), modified: recent ? 'recent' : String(stat.mtimeNs) };
}
