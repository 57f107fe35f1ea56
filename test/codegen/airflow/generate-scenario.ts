import { join } from 'node:path';
import { generateAirflow, type AirflowOutput } from '../../../src/codegen/airflow/generate-airflow.ts';
import { loadModels } from '../../../src/project/load-models.ts';
import type { AirflowSettings } from '../../../src/runtime/declare/airflow.ts';
import type { Project } from '../../../src/runtime/declare/project.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';

export const ROOT = join(import.meta.dirname, '../../..');

/** A project that shows one thing, and what is said of it on the command line. */
export interface Scenario {
  readonly project: Project;
  readonly settings?: AirflowSettings;
  readonly allowLossy?: boolean;
  readonly command?: string;
  readonly job?: string;
}

/** Generates as the command line does. */
export async function generateScenario({ project, settings = {}, allowLossy = false, ...rest }: Scenario): Promise<AirflowOutput> {
  const models = await loadModels(project.dbt, ROOT);
  const graph = buildGraph({
    assets: [...project.assets.map(({ definition }) => definition), ...models.assets],
    checks: [...project.checks.map(({ definition }) => definition), ...models.checks],
    jobs: project.jobs.map(({ definition }) => definition),
    issues: models.issues,
  });
  return generateAirflow({
    project,
    root: ROOT,
    graph,
    settings: { ...project.airflow, ...settings },
    edit: 'src/project.ts',
    command: rest.command ?? 'npx spindle generate airflow',
    allowLossy,
    job: rest.job,
  });
}
