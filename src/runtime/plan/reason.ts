/** Why a step is to be done. */
export type Reason =
  | { readonly kind: 'missing' }
  /** It was materialized, and its store has nothing of it any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'forced' }
  | { readonly kind: 'full-refresh' }
  | { readonly kind: 'code'; readonly from: string; readonly to: string }
  | { readonly kind: 'config' }
  | { readonly kind: 'input'; readonly asset: string; readonly from: string | undefined; readonly to: string | undefined }
  /** The plan runs this upstream first: whether it changes anything is only known then. */
  | { readonly kind: 'upstream'; readonly asset: string }
  | { readonly kind: 'due'; readonly cron: string; readonly tick: string }
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
      return `its code changed (${reason.from} → ${reason.to})`;
    case 'config':
      return 'its config changed';
    case 'input':
      return reason.from === undefined
        ? `it has not read ${reason.asset} yet`
        : `${reason.asset} changed (${reason.from} → ${reason.to ?? 'gone'})`;
    case 'upstream':
      return `${reason.asset} runs first and may change`;
    case 'due':
      return `its schedule "${reason.cron}" was due at ${reason.tick}`;
    case 'failed':
      return `its last attempt failed (${reason.code})`;
  }
}
