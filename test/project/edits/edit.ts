import type { SHOP } from './shop.ts';

export type ShopFile = keyof typeof SHOP;

/** One change of the project, and what becomes stale by it. */
export interface Edit {
  readonly name: string;
  /** In each file: what stands there, and what stands there then. */
  readonly files: Readonly<Partial<Record<ShopFile, readonly (readonly [from: string, to: string])[]>>>;
  /** Files that are new. */
  readonly added?: Readonly<Record<string, string>>;
  /** Keys that change: the new one by the old. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The keys, as they were, of the assets whose code version changes. */
  readonly stale: readonly string[];
}

export const edit = (name: string, files: Edit['files'], stale: readonly string[], rest: Pick<Edit, 'added' | 'renamed'> = {}): Edit => ({
  name,
  files,
  stale,
  ...rest,
});
