/** What a difference is about. */
export const CHANGE_KINDS = [
  'type',
  'values',
  'null',
  'required',
  'range',
  'length',
  'multiple',
  'pattern',
  'format',
  'unknown-fields',
  'names',
  'alternative',
  'discriminator',
  'incomparable',
  'added',
  'removed',
  'documentation',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Why not every value of one schema is one of another, in words for both: the other refuses it; and the one allows what the other does not. */
export interface Reason {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly refuses: string;
  readonly allows: string;
}

/** Where a value is, as `device.os`, `tags[]`, `pair[0]`, `attributes.*`. */
export const fieldPath = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
