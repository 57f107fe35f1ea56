import type { ChangeKind } from './reason.ts';

/**
 * What a change of a schema means, from the least to the most: nothing; whoever reads or writes by the old schema goes on; readers may meet what they
 * did not know; what the old schema allowed is refused.
 */
export const CHANGE_CLASSES = ['identical', 'compatible', 'widening', 'breaking'] as const;
export type ChangeClass = (typeof CHANGE_CLASSES)[number];

/** One thing that changed. */
export interface Change {
  /** Where, as `device.os`; empty for the whole record. */
  readonly path: string;
  readonly kind: ChangeKind;
  readonly class: Exclude<ChangeClass, 'identical'>;
  /** What changed, without the place. */
  readonly text: string;
}

/** The most that any of the changes means. */
export function worstOf(changes: readonly { readonly class: ChangeClass }[]): ChangeClass {
  return CHANGE_CLASSES.findLast((name) => changes.some((change) => change.class === name)) ?? 'identical';
}

/** Place and text as one sentence. */
export const changeText = ({ path, text }: Pick<Change, 'path' | 'text'>): string => (path === '' ? text : `${path}: ${text}`);
