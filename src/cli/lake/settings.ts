import type { Bucket, BucketState, LifecycleRules } from '../../runtime/resource/object-store.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';

/** What can be set up of a lake. */
export const LAKE_PARTS = ['bucket', 'versioning', 'noncurrent versions', 'incomplete uploads'] as const;
export type LakePart = (typeof LAKE_PARTS)[number];

/** How one part of a lake is, was made, or would be made. */
export interface LakeSetting {
  readonly part: LakePart;
  readonly status: 'as wanted' | 'set' | 'to be set' | 'not set' | 'not supported';
  readonly text: string;
}

/** What `spindle lake init` is asked for. */
export interface WantedSettings {
  /** False leaves it as it is. */
  readonly versioning: boolean;
  readonly lifecycle: Required<LifecycleRules>;
}

const days = (count: number): string => `${count} day${count === 1 ? '' : 's'}`;

const RULES = [
  {
    part: 'noncurrent versions',
    rule: 'noncurrentDays',
    does: (count: number) => `versions that were replaced or deleted go after ${days(count)}`,
  },
  { part: 'incomplete uploads', rule: 'incompleteUploadDays', does: (count: number) => `their parts go after ${days(count)}` },
] as const;

/** How the lake is. */
export function lakeSettings({ name, endpoint }: Bucket, { exists, versioning, lifecycle }: BucketState): readonly LakeSetting[] {
  const bucket: LakeSetting = { part: 'bucket', status: exists ? 'set' : 'not set', text: `${name} at ${endpoint}` };
  if (!exists) return [bucket];
  const rules = RULES.map(({ part, rule, does }): LakeSetting => {
    if (lifecycle === 'unsupported') return { part, status: 'not supported', text: 'the server keeps no rules for objects' };
    const kept = lifecycle === 'none' ? undefined : lifecycle.kept[rule];
    if (kept !== undefined) return { part, status: 'set', text: does(kept) };
    const asked = lifecycle === 'none' ? undefined : lifecycle.asked[rule];
    return asked === undefined
      ? { part, status: 'not set', text: '' }
      : { part, status: 'not supported', text: 'the server took no such rule' };
  });
  return [bucket, versioningSetting(versioning), ...rules];
}

function versioningSetting(versioning: BucketState['versioning']): LakeSetting {
  switch (versioning) {
    case 'on':
      return { part: 'versioning', status: 'set', text: 'what is replaced or deleted is kept as a version' };
    case 'off':
      return { part: 'versioning', status: 'not set', text: 'what is replaced or deleted is gone' };
    case 'unsupported':
      return { part: 'versioning', status: 'not supported', text: 'the server keeps no versions: what is replaced or deleted is gone' };
  }
}

export function lakeSettingsText(settings: readonly LakeSetting[], style: Style): string {
  const columns = [
    { title: 'part', text: ({ part }: LakeSetting) => part },
    { title: 'status', text: ({ status }: LakeSetting) => status },
    { title: '', text: ({ text }: LakeSetting) => text },
  ] as const;
  return table(columns, settings, style.bold);
}
