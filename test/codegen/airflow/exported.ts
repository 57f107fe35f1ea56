import { dagsOf, type Dags } from '../../../src/codegen/airflow/dags.ts';
import type { DagModel } from '../../../src/codegen/airflow/model.ts';
import type { ExportScope } from '../../../src/codegen/airflow/scope.ts';
import { resolveSettings } from '../../../src/codegen/airflow/settings.ts';
import type { AirflowSettings } from '../../../src/runtime/declare/airflow.ts';
import type { Project } from '../../../src/runtime/declare/project.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { createTimeZones } from '../../../src/runtime/partitions/time-zone.ts';
import { ROOT } from './generate-scenario.ts';

/** What the parts of one export share, of a project without dbt. */
export function scopeOf(project: Project, settings: AirflowSettings = {}): ExportScope {
  const graph = buildGraph({
    assets: project.assets.map(({ definition }) => definition),
    checks: project.checks.map(({ definition }) => definition),
    jobs: project.jobs.map(({ definition }) => definition),
  });
  const resolved = resolveSettings(project, { ...project.airflow, ...settings });
  return { project: project.name, root: ROOT, graph, settings: resolved.settings, zones: createTimeZones() };
}

/** The DAGs of a project before they are written, with what is wrong with them. */
export const exported = (project: Project, settings: AirflowSettings = {}): Dags => dagsOf(scopeOf(project, settings));

/** The DAG of the only job, or of the named one. */
export function dagOf(project: Project, job = project.jobs[0]!.name, settings: AirflowSettings = {}): DagModel {
  const dag = exported(project, settings).dags.find((one) => one.job === job);
  if (dag === undefined) throw new Error(`The job ${job} has no DAG.`);
  return dag;
}

/** The features that a job's runs come to, but for those of its assets. */
export const runFeatures = ({ uses }: Dags, job: string): readonly string[] =>
  uses
    .filter(({ feature, subject }) => subject === `job ${job}` && /^(automation|runs|trigger)\./.test(feature))
    .map(({ feature }) => feature);
