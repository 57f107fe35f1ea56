import type { CheckDefinition } from '../runtime/declare/definition.ts';
import type { DbtProject, DbtProjectContents } from '../runtime/declare/project.ts';

/** The models and tests of all dbt projects of a graph, in whatever order they read each other's models. `parse` is as for one of them. */
export async function loadModels(
  projects: readonly DbtProject[],
  root: string,
  parse?: (dir: string) => Promise<unknown>,
): Promise<DbtProjectContents> {
  const loading = projects.map((project) => project.load(root, parse));
  // One that dbt cannot read, as its sources are not all written yet, keeps no other from its manifest, which tells them.
  await Promise.allSettled(loading);
  const loaded = await Promise.all(loading);
  const contents = loaded.map((project) => project.resolve());
  const names = projects.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return {
    assets: contents.flatMap(({ assets }) => assets),
    checks: distinctChecks(contents.map(({ checks }, index) => ({ project: names[index] ?? '', checks }))),
    issues: [
      ...[...new Set(twice)].map((name) => `DBT_CLASH: Two dbt projects are called "${name}": rename one.`),
      ...contents.flatMap(({ issues }) => issues),
    ],
  };
}

interface Tests {
  readonly project: string;
  readonly checks: readonly CheckDefinition[];
}

/** Projects that read one asset have tests of one name for it, the generated ones at least: a test of what another project makes, or tests too, is called by its project as well. */
function distinctChecks(tests: readonly Tests[]): readonly CheckDefinition[] {
  const testers = new Map<string, Set<string>>();
  for (const { project, checks } of tests) {
    for (const { asset } of checks) testers.set(asset.key, (testers.get(asset.key) ?? new Set()).add(project));
  }
  return tests.flatMap(({ project, checks }) =>
    checks.map((check) => {
      const { key, transform } = check.asset;
      const isShared = transform === undefined ? testers.get(key)?.size !== 1 : transform.project !== project;
      return isShared ? { ...check, name: `${project}.${check.name}` } : check;
    }),
  );
}
