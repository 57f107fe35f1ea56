import { describeChanges, type FieldChange } from './field-change.ts';

/** Why a step is to be done. */
export type Reason =
  | { readonly kind: 'missing' }
  /** It was materialized, and its store has nothing of it any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'forced' }
  | { readonly kind: 'full-refresh' }
  /** `schema`: what is known to differ in what it stores, which is a part of its code. */
  | { readonly kind: 'code'; readonly from: string; readonly to: string; readonly schema: readonly FieldChange[] }
  | { readonly kind: 'config'; readonly changes: readonly FieldChange[] }
  | { readonly kind: 'input'; readonly asset: string; readonly from: string | undefined; readonly to: string | undefined }
  /** This upstream comes first, and may run and change: that is only known then. */
  | { readonly kind: 'upstream'; readonly asset: string }
  | { readonly kind: 'due'; readonly cron: string; readonly tick: string }
  /** Nothing else calls for it: its condition does. */
  | { readonly kind: 'fired'; readonly why: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** The reason as words that complete the sentence "it runs because …". */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case 'missing':
      return 'it was never materialized';
    case 'gone':
      return 'what was materialized is gone from its store';
    case 'forced':
      return 'it was asked for with --force';
    case 'full-refresh':
      return 'it was asked for with --full-refresh';
    case 'code':
      return `its code changed (${short(reason.from)} → ${short(reason.to)})${reason.schema.length === 0 ? '' : `, and its schema with it: ${describeChanges(reason.schema)}`}`;
    case 'config':
      return reason.changes.length === 0 ? 'its config changed' : `its config changed: ${describeChanges(reason.changes)}`;
    case 'input':
      if (reason.from === undefined) return `it has not read ${reason.asset} yet`;
      return reason.to === undefined
        ? `what it read of ${reason.asset} is gone`
        : `${reason.asset} changed (${short(reason.from)} → ${short(reason.to)})`;
    case 'upstream':
      return `${reason.asset} comes first and may change`;
    case 'fired':
      return `its condition fired: ${reason.why}`;
    case 'due':
      return `its schedule "${reason.cron}" was due at ${reason.tick}`;
    case 'failed':
      return `its last attempt failed (${reason.code})`;
  }
}

/** Digests are told apart by their beginning. */
export const short = (version: string): string => version.replaceAll(/\b[0-9a-f]{16,}\b/g, (digest) => digest.slice(0, 8));
