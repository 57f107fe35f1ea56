export const STATUSES = ['stale', 'missing', 'failed', 'overdue'] as const;
/** What the recorded state says of an asset; an asset can be several of these. */
export type AssetStatus = (typeof STATUSES)[number];

export const ATTRIBUTES = ['group', 'tag', 'kind', 'owner', 'job'] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** A text to match: a quoted one is taken literally, in any other `*` is a wildcard. */
export interface Pattern {
  readonly text: string;
  readonly literal: boolean;
}

export type SelectionAtom =
  | ({ readonly kind: 'key' } & Pattern)
  | ({ readonly kind: 'attribute'; readonly attribute: Attribute } & Pattern)
  | { readonly kind: 'status'; readonly status: AssetStatus };

/** A parsed selection. */
export type Selection =
  | SelectionAtom
  /** With so many levels of what the selected assets depend on, and of what depends on them; Infinity is all. */
  | { readonly kind: 'traverse'; readonly upstream: number; readonly downstream: number; readonly of: SelectionAtom }
  | { readonly kind: 'union' | 'intersection'; readonly of: readonly Selection[] }
  | { readonly kind: 'not'; readonly of: Selection };

/** The atoms of a selection, in the order in which they are written. */
export function atomsOf(selection: Selection): readonly SelectionAtom[] {
  switch (selection.kind) {
    case 'union':
    case 'intersection':
      return selection.of.flatMap(atomsOf);
    case 'not':
    case 'traverse':
      return atomsOf(selection.of);
    case 'key':
    case 'attribute':
    case 'status':
      return [selection];
  }
}
