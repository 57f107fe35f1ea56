import { posix } from 'node:path';
import { generateDbt, type DbtOutput } from '../../../src/codegen/dbt/generate-dbt.ts';
import type { Scenario } from './scenarios.ts';

/** What `spindle generate dbt` writes of a scenario. */
export function generateScenario({ project, folders = {} }: Scenario): DbtOutput {
  const targets = project.dbt.map((dbt) => {
    const { models, macros } = folders[dbt.dir] ?? { models: 'models', macros: 'macros' };
    return { project: dbt, models: posix.join(dbt.dir, models), macros: posix.join(dbt.dir, macros) };
  });
  const origin = { generator: 'dbt', project: project.name, edit: 'src/project.ts', command: 'npx spindle generate dbt' };
  return generateDbt({ project, targets, origin });
}
