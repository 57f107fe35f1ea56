import type { DbtProject, DbtProjectContents } from '../runtime/declare/project.ts';

/** The models and tests of all dbt projects of a graph, in whatever order they read each other's models. `parse` is as for one of them. */
export async function loadModels(
  projects: readonly DbtProject[],
  root: string,
  parse?: (dir: string) => Promise<unknown>,
): Promise<DbtProjectContents> {
  const loaded = await Promise.all(projects.map((project) => project.load(root, parse)));
  const contents = loaded.map((project) => project.resolve());
  const names = projects.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return {
    assets: contents.flatMap(({ assets }) => assets),
    checks: contents.flatMap(({ checks }) => checks),
    issues: [
      ...[...new Set(twice)].map((name) => `DBT_CLASH: Two dbt projects are called "${name}": rename one.`),
      ...contents.flatMap(({ issues }) => issues),
    ],
  };
}
