import type { Bucket, BucketState, LifecycleRules } from '../../runtime/resource/object-store.ts';
import { lakeSettings, type LakePart, type LakeSetting, type WantedSettings } from './settings.ts';

/** What the server lacks of what is wanted. */
interface Missing {
  readonly bucket: boolean;
  readonly versioning: boolean;
  readonly lifecycle: boolean;
}

function missingOf({ exists, versioning, lifecycle }: BucketState, wanted: WantedSettings): Missing {
  return {
    bucket: !exists,
    versioning: wanted.versioning && versioning === 'off',
    lifecycle: lifecycle !== 'unsupported' && (lifecycle === 'none' || !isSame(lifecycle.asked, wanted.lifecycle)),
  };
}

const isSame = (asked: LifecycleRules, wanted: Required<LifecycleRules>): boolean =>
  asked.noncurrentDays === wanted.noncurrentDays && asked.incompleteUploadDays === wanted.incompleteUploadDays;

/** Makes what is missing of what is wanted, and says of each part what was done. A second time does nothing; nothing is ever deleted. */
export async function setUpLake(bucket: Bucket, wanted: WantedSettings): Promise<readonly LakeSetting[]> {
  const before = await bucket.state();
  if (!before.exists) await bucket.create();
  const made = before.exists ? before : await bucket.state();
  const missing = missingOf(made, wanted);
  const versioning = missing.versioning ? await bucket.enableVersioning() : undefined;
  const lifecycle = missing.lifecycle ? await bucket.setLifecycle(wanted.lifecycle) : undefined;
  const now = versioning === 'set' || lifecycle === 'set' ? await bucket.state() : made;
  const after: BucketState = {
    ...now,
    ...(versioning === 'unsupported' && { versioning }),
    ...(lifecycle === 'unsupported' && { lifecycle }),
  };
  const done = partsOf({ ...missing, bucket: !before.exists });
  return lakeSettings(bucket, after).map((setting) =>
    setting.status === 'set' && !done.has(setting.part) ? { ...setting, status: 'as wanted' } : setting,
  );
}

/** What {@link setUpLake} would do now. What a server supports that has no such bucket yet is not known. */
export async function planLake(bucket: Bucket, wanted: WantedSettings): Promise<readonly LakeSetting[]> {
  const before = await bucket.state();
  const missing = partsOf(missingOf(before, wanted));
  const { lifecycle } = wanted;
  const after: BucketState = {
    exists: true,
    versioning: missing.has('versioning') ? 'on' : before.versioning,
    lifecycle: missing.has('noncurrent versions') ? { asked: lifecycle, kept: lifecycle } : before.lifecycle,
  };
  return lakeSettings(bucket, after).map((setting) =>
    setting.status === 'set' ? { ...setting, status: missing.has(setting.part) ? 'to be set' : 'as wanted' } : setting,
  );
}

function partsOf({ bucket, versioning, lifecycle }: Missing): ReadonlySet<LakePart> {
  return new Set<LakePart>([
    ...(bucket ? (['bucket'] as const) : []),
    ...(versioning ? (['versioning'] as const) : []),
    ...(lifecycle ? (['noncurrent versions', 'incomplete uploads'] as const) : []),
  ]);
}
