import type { LifecycleRules } from '../../../runtime/resource/object-store.ts';
import { elements, escape, textOf } from './xml.ts';

/*
 * The rule of one store in the lifecycle of a bucket. Its id says what was asked for, since servers leave out silently what they do not know; and for which
 * folder of the bucket, since several stores may share one. The rules of others are kept as they are written.
 */

const NAME = 'spindle';

function idPrefix(folder: string): string {
  return `${NAME}:${folder}:`;
}

/** The rules that were asked for, as their id says, and what the server keeps of them; undefined where the store has none. */
export function findRules(
  lifecycle: string,
  folder: string,
): { readonly asked: LifecycleRules; readonly kept: LifecycleRules } | undefined {
  const rule = rulesIn(lifecycle).find((xml) => textOf(xml, 'ID')?.startsWith(idPrefix(folder)));
  if (rule === undefined || textOf(rule, 'Status') !== 'Enabled') return undefined;
  const id = textOf(rule, 'ID') ?? '';
  return {
    asked: rulesOf(/noncurrent-(\d+)/.exec(id)?.[1], /uploads-(\d+)/.exec(id)?.[1]),
    kept: rulesOf(textOf(rule, 'NoncurrentDays'), textOf(rule, 'DaysAfterInitiation')),
  };
}

const rulesIn = (lifecycle: string): string[] => elements(lifecycle, 'Rule');

function rulesOf(noncurrent: string | undefined, uploads: string | undefined): LifecycleRules {
  return {
    ...(noncurrent !== undefined && { noncurrentDays: Number(noncurrent) }),
    ...(uploads !== undefined && { incompleteUploadDays: Number(uploads) }),
  };
}

/** The lifecycle with the store's rule in place of the one that it had. */
export function withRules(lifecycle: string, folder: string, { noncurrentDays, incompleteUploadDays }: LifecycleRules): string {
  const others = rulesIn(lifecycle).filter((xml) => !textOf(xml, 'ID')?.startsWith(idPrefix(folder)));
  const names = [
    ...(noncurrentDays === undefined ? [] : [`noncurrent-${noncurrentDays}`]),
    ...(incompleteUploadDays === undefined ? [] : [`uploads-${incompleteUploadDays}`]),
  ];
  const own = [
    `<ID>${escape(idPrefix(folder) + names.join('-'))}</ID>`,
    '<Status>Enabled</Status>',
    `<Filter><Prefix>${escape(folder)}</Prefix></Filter>`,
    ...(noncurrentDays === undefined
      ? []
      : [`<NoncurrentVersionExpiration><NoncurrentDays>${noncurrentDays}</NoncurrentDays></NoncurrentVersionExpiration>`]),
    ...(incompleteUploadDays === undefined
      ? []
      : [
          `<AbortIncompleteMultipartUpload><DaysAfterInitiation>${incompleteUploadDays}</DaysAfterInitiation></AbortIncompleteMultipartUpload>`,
        ]),
  ];
  const rules = [...others, own.join('')].map((rule) => `<Rule>${rule}</Rule>`);
  return `<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rules.join('')}</LifecycleConfiguration>`;
}
