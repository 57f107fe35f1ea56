import type { AirflowJobSettings } from '../../../runtime/declare/airflow.ts';
import type { JobDefinition } from '../../../runtime/declare/definition.ts';
import type { JobScope } from '../scope.ts';
import type { JobFeature, Use } from './feature.ts';

/** Every field of a job with the features that it stands for. What `automation` and `select` come to is told where they are read. */
const BY_FIELD: { readonly [F in keyof Required<JobDefinition>]: (job: JobDefinition) => readonly JobFeature[] } = {
  name: () => ['job.dag'],
  select: () => [],
  automation: () => [],
  tags: ({ tags }) => (tags.length > 0 ? ['job.tags'] : []),
  airflow: () => [],
};

/** Every setting of a job but `streaming`, which is told of the assets. */
const BY_SETTING: { readonly [F in keyof Required<Omit<AirflowJobSettings, 'streaming'>>]: (settings: AirflowJobSettings) => boolean } = {
  catchUp: ({ catchUp }) => catchUp === true,
  maxActiveRuns: ({ maxActiveRuns }) => maxActiveRuns !== undefined,
  timeout: ({ timeout }) => timeout !== undefined,
  startDate: ({ startDate }) => startDate !== undefined,
  onFailure: ({ onFailure }) => onFailure !== undefined,
  onDeadline: ({ onDeadline }) => onDeadline !== undefined,
};

export function jobUses({ job, settings }: JobScope): readonly Use[] {
  const fields = Object.values(BY_FIELD).flatMap((of) => of(job));
  const set = Object.entries(BY_SETTING).flatMap(([name, used]): readonly JobFeature[] =>
    used(settings) ? [`job.${name as keyof typeof BY_SETTING}`] : [],
  );
  return [...fields, ...set].map((feature) => ({ feature, subject: `job ${job.name}` }));
}
